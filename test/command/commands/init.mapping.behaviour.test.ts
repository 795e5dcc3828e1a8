import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import writeXlsx, { type SheetData } from "write-excel-file/node";
import { openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const PEOPLE = 1500;

/** Forms of address as the staff office writes them, each with the one that a person would type into Oplead. */
const CIVILITIES = [
  ["M", "M."],
  ["M.", "M."],
  ["Monsieur", "M."],
  ["Mr.", "M."],
  ["Mme", "Mme"],
  ["Madame", "Mme"],
  ["Mlle", "Mme"],
] as const;

const ROLES = [
  ["Directeur", "PRF_NETWORK"],
  ["Chef d’équipe", "PRF_REGION"],
  ["Vendeur", "PRF_DEALER"],
] as const;

/** The postcode of the cell (a number that lost its zero, or a text with a space), the right postcode, and the town. */
const PLACES = [
  [1000, "01000", "Bourg-en-Bresse"],
  [13001, "13001", "Marseille"],
  ["75 001", "75001", "Paris"],
  [39000, "39000", "Lons-le-Saunier"],
] as const;

const STATES = ["Actif", "Actif", "Congé parental", "Actif", "Sorti", "Actif", "Suspendu"] as const;
const COUNTRIES = ["France", "FR", "France métropolitaine", ""] as const;

const roleOf = (at: number) => ROLES[at === 0 ? 0 : at <= 12 ? 1 : 2] as (typeof ROLES)[number];
const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
/** Superiors never leave. Three people have the form of address "Docteur", which the command does not know. */
const stateOf = (at: number) => (at <= 12 ? "Actif" : pick(STATES, at));
const isDoctor = (at: number) => [21, 100, 903].includes(at);

async function workbook(): Promise<Buffer> {
  const header = [
    ...["Matricule", "Civilité", "Nom d’usage", "Prénom", "Courriel", "Fonction", "Matricule N+1", "Adresse"],
    ...["Code postal", "Ville", "Pays", "Rayon km", "Statut", "Prime"],
  ];
  const rows: SheetData = [
    [{ value: "Effectif commercial au 31/01/2026", columnSpan: 6, fontWeight: "bold" }],
    [],
    header.map((value) => ({ value })),
  ];
  for (let at = 0; at < PEOPLE; at += 1) {
    const role = roleOf(at);
    const superior = role === ROLES[0] ? null : role === ROLES[1] ? 1000 : 1001 + (at % 12);
    const [zip, , city] = pick(PLACES, at);
    const texts = (value: string) => ({ value });
    rows.push([
      { value: 1000 + at, type: Number },
      texts(isDoctor(at) ? "Docteur" : pick(CIVILITIES, at)[0]),
      texts(at % 2 ? `N'Diaye-${at}` : `L’Hermitte-${at}`),
      texts("Noémie"),
      texts(`p${at}@dealers.example`),
      texts(at % 3 ? role[0] : role[0].replace("’", "'")),
      superior === null ? null : { value: superior, type: Number },
      texts(`${at} rue de l'Hôtel`),
      typeof zip === "number" ? { value: zip, type: Number } : texts(zip),
      texts(city),
      texts(pick(COUNTRIES, at)),
      role === ROLES[2] ? texts(at % 2 ? "30 km" : "12,5") : null,
      texts(stateOf(at)),
      { value: 500, type: Number },
    ] as SheetData[number]);
  }
  const blank = Array<null>(12).fill(null);
  rows.push([], [{ value: "TOTAL" }, ...blank, { value: PEOPLE * 500, type: Number }] as SheetData[number]);
  return writeXlsx(rows, { sheet: "Salariés" }).toBuffer();
}

/** The users that a person would have typed. */
function typed() {
  return Array.from({ length: PEOPLE }, (_, at) => at)
    .filter((at) => !["Sorti", "Suspendu"].includes(stateOf(at)))
    .map((at) => {
      const [, zipCode, city] = pick(PLACES, at);
      const role = roleOf(at);
      return {
        accountNumber: `HR-${1000 + at}`,
        civility: isDoctor(at) ? "M." : pick(CIVILITIES, at)[1],
        lastname: at % 2 ? `N'Diaye-${at}` : `L’Hermitte-${at}`,
        firstname: "Noémie",
        login: `p${at}@dealers.example`,
        email: `p${at}@dealers.example`,
        profile: { code: role[1] },
        superior: role === ROLES[0] ? undefined : role === ROLES[1] ? "HR-1000" : `HR-${1001 + (at % 12)}`,
        address: { street: `${at} rue de l'Hôtel`, zipCode, city, country: { code: "FR" } },
        km: role === ROLES[2] ? (at % 2 ? 30 : 12.5) : undefined,
      };
    });
}

it("a messy workbook of 1,500 people becomes, after four edits of values, the users that a person would have typed", {
  timeout: 240_000,
}, async () => {
  const folder = await folderWith({ "rh.xlsx": await workbook() });
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
  edit("PRF_VENDEUR", "PRF_DEALER");
  edit("PRF_CHEF_D_EQUIPE", "PRF_REGION");
  edit("PRF_DIRECTEUR", "PRF_NETWORK");
  // Raises the rate limit, because the test would take minutes otherwise.
  edit("client: {", "client: { rateLimit: { requests: 5000, perMs: 1000 },");

  const before = await run("plan");
  expect(before.stdout).toMatch(/Civilité contient «\sDocteur\s»/);
  expect(before.stdout).toMatch(/Colonne «\sCivilité\s»\s: «\sDocteur\s» 3 fois, lignes 25, 104, 907\s: ajoutez/);
  expect(before.stdout).toMatch(/269 codes postaux complétés par un zéro perdu/);
  const doctor = await run("doctor");
  expect(doctor.stdout).toContain("«\u202f1000\u202f» → «\u202f01000\u202f»");
  expect(doctor.stdout).toContain("aucun champ n’utilise «\u202fPrime\u202f»");
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
  expect(users.sort(byNumber as never)).toEqual(typed());

  const second = await run("sync");
  expect(second.code).toBe(0);
  expect(fake.users).toHaveLength(typed().length);
});
