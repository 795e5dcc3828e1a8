import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";
import { staffXlsx, typedStaff } from "../../support/staff-xlsx.ts";

const PEOPLE = 1500;

it("init makes a config from a messy workbook of 1,500 people; after four edits of this config, a run sends the same users that a person would have typed", {
  timeout: 600_000,
}, async () => {
  const folder = await folderWith({ "rh.xlsx": await staffXlsx(PEOPLE) });
  const { fake, env } = await openPlatform();
  const run = (...args: string[]) => oplead(folder, [...args, "--language", "fr"], { env });

  const made = await run("init", "--from", "rh.xlsx");
  expect(made.code).toBe(0);
  expect(made.stdout).toMatch(/1\. ligne \d+\s: Les lignes avec "Suspendu", "Sorti" sont écartées/);
  expect(made.stdout).toMatch(/2\. ligne \d+\s: Supposé\s: .* Ajoutez "Docteur"/);
  expect(made.stdout).toMatch(/3\. ligne \d+\s: Mettez les codes de profil .* "PRF_VENDEUR"/);
  expect(made.stdout).not.toMatch(/4\. ligne|Diaye|dealers\.example/);

  const file = join(folder, "oplead.config.mjs");
  const edit = (from: string, to: string) => {
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replaceAll(from, to));
  };
  const invented = await run("doctor");
  expect(invented.stdout).toMatch(/n’a pas de profil PRF_VENDEUR, PRF_CHEF_D_EQUIPE, PRF_DIRECTEUR, donc les lignes/);
  edit("PRF_VENDEUR", "PRF_DEALER");
  // The second list would replace the first.
  edit("PRF_DIRECTEUR", "PRF_DEALER");
  const twice = await run("plan");
  expect(twice.code).toBe(1);
  expect(twice.stderr).toMatch(/oplead\.config\.mjs:\d+:7\s: PRF_DEALER figure deux fois dans ce tableau/);
  edit('PRF_DEALER: ["Directeur"]', 'PRF_DIRECTEUR: ["Directeur"]');
  edit("PRF_CHEF_D_EQUIPE", "PRF_REGION");
  edit("PRF_DIRECTEUR", "PRF_NETWORK");
  // Else the test takes minutes.
  edit("client: {", "client: { rateLimit: { requests: 5000, perMs: 1000 },");

  const before = await run("plan");
  expect(before.stdout).toMatch(/Civilité contient «\sDocteur\s»/);
  expect(before.stdout).toMatch(/Colonne «\sCivilité\s»\s: «\sDocteur\s» 3 fois, lignes 25, 104, 907\s: ajoutez/);
  expect(before.stdout).toMatch(/269 codes postaux complétés par un zéro perdu/);
  const doctor = await run("doctor");
  expect(doctor.stdout).not.toContain("n’a pas de profil");
  expect(doctor.stdout).toContain("«\u202f1000\u202f» → «\u202f01000\u202f»");
  expect(doctor.stdout).toContain("aucun champ n’utilise «\u202fEntrée\u202f», «\u202fPrime\u202f»");
  expect(doctor.stdout).not.toMatch(/Diaye|dealers\.example/);

  edit('["M."]: [', '["M."]: ["Docteur", ');
  const refused = await run("sync");
  expect(refused.code).toBe(3);
  const hash = /--approve (\w+)/.exec(refused.stdout + refused.stderr)?.[1] ?? "";
  const sent = await run("sync", "--approve", hash);
  expect(sent.code).toBe(0);

  const ids = new Map(fake.users.map(({ id, accountNumber }) => [id, accountNumber]));
  const users = fake.users.map(({ id, parentUserIdentifier, ...user }) => ({
    ...user,
    superior: ids.get(String(parentUserIdentifier)) ?? parentUserIdentifier,
    km: fake.rules(id)?.maxDistance?.maxDistance,
  }));
  const byNumber = (one: { accountNumber?: string }, two: { accountNumber?: string }) =>
    Number(one.accountNumber?.slice(3)) - Number(two.accountNumber?.slice(3));
  expect(users.sort(byNumber as never)).toEqual(typedStaff(PEOPLE));

  const second = await run("sync");
  expect(second.code).toBe(0);
  expect(fake.users).toHaveLength(typedStaff(PEOPLE).length);
});
