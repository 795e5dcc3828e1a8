import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { messagesOf, webReceiver } from "../support/alert-receivers.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../support/command.ts";
import { englishLines } from "../support/english.ts";
import { folderWith } from "../support/folder.ts";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

// The logins of the six dealers, in order.
const staff = (logins = [0, 1, 2, 3, 4, 5]) =>
  `ref;name;login;email;zip;radius\n${logins.map((login, at) => `DLR-${at};Étienne;l${login};p${at}@dealers.example;01000;30\n`).join("")}`;

// Nights of one administrator, in French, with alerts and what the terminal says.
async function company(files: Readonly<Record<string, string>>, lines = "") {
  const platform = await openPlatform();
  const alerts = await webReceiver("json");
  const { webhook } = alerts.target as { readonly webhook: string };
  const notify = `notify: [{ webhook: env("HOOK"), format: "json" }], guard: { minUsers: 100 },`;
  const folder = await folderWith({
    "oplead.config.mjs": configWith(`${notify} ${lines}`).replace("login: row.email", "login: row.login || row.email"),
    ...files,
  });
  const env = { ...platform.env, HOOK: webhook, OPLEAD_LANGUAGE: "fr" };
  const run = async (line: string) => {
    const { code, stdout, stderr } = await oplead(folder, line, { env });
    const text = plain(stdout + stderr);
    expect({ line, english: englishLines(text) }).toEqual({ line, english: [] });
    return { code, text };
  };
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const told = () =>
    messagesOf(alerts).map(({ title, text, ...more }) => ({ ...more, text: plain(`${title}\n${text}`) }));
  return { ...platform, folder, run, write, told, alerts };
}

it("an alert ends when its causes have ended, and words tell a known problem at exit code 0", async () => {
  const { run, write, told, fake } = await company({ "dealers.csv": staff() });
  expect((await run("sync")).code).toBe(0);
  write("dealers.csv", staff([0, 1, 2, 3, 5, 4]));
  expect((await run("sync --ignore-known")).code).toBe(4);
  expect(told().map(({ state }) => state)).toEqual(["begun"]);
  expect(told()[0]?.text).toMatch(/DLR-4 \(ligne 6\)\. login : .*D’après le registre, c’est DLR-5 \(ligne 7\)/);
  const known = await run("sync --ignore-known");
  expect(known.code).toBe(0);
  expect(known.text).toMatch(
    /DLR-4 \(ligne 6\) {2}login : déjà pris par un autre utilisateur \(409\), DLR-5 \(ligne 7\)/,
  );
  expect((await run("why DLR-4")).text).toMatch(
    / {2}en échec ; identifiant ; identifiant : déjà pris par un autre utilisateur \(409\), par/,
  );
  expect(known.text).toContain("Rien de nouveau ; toujours 2 non envoyés : DLR-4 (ligne 6) et DLR-5 (ligne 7).");
  expect((await run("status")).text).toMatch(/rien de nouveau ; toujours 2 non envoyés[\s\S]*DLR-4\n[\s\S]*DLR-5/);
  expect(told()).toHaveLength(1);
  write("dealers.csv", staff());
  expect((await run("sync --ignore-known")).code).toBe(0);
  expect(told().map(({ state }) => state)).toEqual(["begun", "over"]);
  expect(fake.users).toHaveLength(6);
});

it("a night with an older file, or with last month's values, is refused and names it", async () => {
  const { run, write, told, folder, writes } = await company({ "dealers.csv": dealersCsv(12) });
  const touch = (day: number) => utimesSync(join(folder, "dealers.csv"), 0, Date.UTC(2026, 0, day, 12) / 1000);
  touch(10);
  expect((await run("sync")).code).toBe(0);
  const changed = dealersCsv(12).replaceAll("Étienne 1", "Zoé 1").replaceAll(";01000;30", ";01000;40");
  write("dealers.csv", changed);
  touch(11);
  expect((await run("sync")).code).toBe(0);
  const before = writes();

  write("dealers.csv", dealersCsv(12));
  touch(10);
  const older = await run("sync");
  expect(older.code).toBe(3);
  expect(older.text).toContain("Le fichier date du 10/01/2026, et la dernière exécution en a lu un du 11/01/2026");
  touch(12);
  const values = await run("sync");
  expect(values.code).toBe(3);
  expect(values.text).toMatch(
    /12 utilisateurs redeviendraient ce qu’ils étaient avant le \d\d\/\d\d\/\d{4} : est-ce un ancien fichier \?/,
  );
  expect(values.text).not.toContain("Le fichier date");
  expect(writes()).toBe(before);
  expect(told()[0]?.text).toContain("est-ce un ancien fichier");

  write("dealers.csv", changed.replaceAll(";40", ";50"));
  touch(13);
  expect((await run("sync")).code).toBe(0);
});

it("a due leaver, a manager with a team and a wave of departures are told once, at exit code 0", async () => {
  const rows = (from: number) =>
    dealersCsv(12)
      .trimEnd()
      .split("\r\n")
      .map((line, at) => (at === 0 ? `${line};boss` : `${line};${at > 1 && at < 6 ? "DLR-0" : ""}`))
      .filter((_, at) => at === 0 || at > from)
      .join("\r\n");
  const { run, write, told, folder } = await company({ "dealers.csv": rows(0) }, "leavers: { graceDays: 0 },");
  const config = readFileSync(join(folder, "oplead.config.mjs"), "utf8");
  const withBoss = config.replace(
    'profile: { code: "PRF_NETWORK" }',
    'profile: { code: row.boss ? "PRF_REGION" : "PRF_NETWORK" }, ...(row.boss && { parentUserIdentifier: row.boss })',
  );
  write("oplead.config.mjs", withBoss);
  expect((await run("sync")).code).toBe(0);
  write("dealers.csv", rows(1));
  const left = await run("sync");
  expect(left.code).toBe(0);
  expect(left.text).toMatch(/DLR-0 .*Encore le responsable de 4 utilisateurs/);
  expect(told().map(({ state, night }) => `${state} ${night}`)).toEqual(["begun leavers"]);
  expect(told()[0]?.text).toMatch(
    /DLR-0 est parti, mais reste le responsable de 4 utilisateurs\.\nDéparts à traiter dans Oplead : DLR-0\./,
  );
  expect((await run("sync")).code).toBe(0);
  expect(told()).toHaveLength(1);
  write("dealers.csv", rows(6));
  const wave = await run("sync");
  expect(wave.code).toBe(0);
  expect(wave.text).toContain("5 utilisateurs sur 11 ont quitté la source depuis la dernière exécution.");
  expect(told()[1]?.text).toContain("5 utilisateurs sur 11 ont quitté la source depuis la dernière exécution.");
});

it("why finds a person by name, login, e-mail address or number, and lists several", async () => {
  const { run } = await company({ "dealers.csv": staff() }, 'labels: ["name"],');
  expect((await run("sync")).code).toBe(0);
  for (const asked of ["l4", "P4@dealers.example", "DLR-4"])
    expect((await run(`why ${asked}`)).text).toMatch(/^DLR-4 · Étienne/);
  const several = await run("why etienne");
  expect(several.code).toBe(1);
  expect(several.text).toContain("Vouliez-vous dire DLR-0, DLR-1, DLR-2, DLR-3 ou DLR-4 ?");
  const unchanged = await run("why l4");
  expect(unchanged.text).toMatch(/rien : d’après le registre, .*npx oplead-sdk sync --only DLR-4 --resend/);
});
