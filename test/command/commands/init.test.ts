import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";
import { staffXlsx } from "../../support/staff-xlsx.ts";

it("the policy in the config of oplead init works once it is uncommented", async () => {
  const folder = await folderWith({});
  expect(await oplead(folder, "init")).toMatchObject({ code: 0 });
  const file = join(folder, "oplead.config.mjs");
  const config = readFileSync(file, "utf8");
  const [policies = ""] = /(?<=^ {2}\/\/ )policies: .*$/m.exec(config) ?? [];
  expect(policies).toBe("policies: [maxLost({ inhabitants: 100_000 })],");
  writeFileSync(file, config.replace("// import", "import").replace(`// ${policies}`, policies));
  const { env } = await openPlatform();
  const csv = join(folder, "dealers.csv");
  const sample = readFileSync(csv, "utf8");
  expect(await oplead(folder, "sync", { env })).toMatchObject({ code: 0 });
  writeFileSync(csv, sample.replace(",Quimper,50\n", ",Quimper,1\n"));
  // Managers without rules do not cover the lost postcodes.
  expect(await oplead(folder, "plan --detailed-exitcode", { env })).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/takes the last user from [\d,]+ postcodes of .*radius falls from 50 to 1 km/),
  });
  const notCounted =
    "2 users without rules are not counted: HR-1001 \\(row 2\\) and HR-1002 \\(row 3\\); if they get every lead, say `receives`.";
  expect(await oplead(folder, "coverage", { env })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(new RegExp(`^${notCounted}`)),
  });
});

it("oplead init writes a random ledger key into .env for its owner only, and keeps one that is there", async () => {
  const keyIn = (folder: string) =>
    /^OPLEAD_LEDGER_KEY=([\w-]{43})$/m.exec(readFileSync(join(folder, ".env"), "utf8"))?.[1];
  const [first, second] = [await folderWith({}), await folderWith({ ".env": "OPLEAD_TOKEN=t" })];
  for (const folder of [first, second]) expect(await oplead(folder, "init")).toMatchObject({ code: 0 });
  expect(statSync(join(first, ".env")).mode & 0o777).toBe(0o600);
  expect(keyIn(first)).not.toBe(keyIn(second));
  expect(readFileSync(join(second, ".env"), "utf8")).toMatch(/^OPLEAD_TOKEN=t\nOPLEAD_LEDGER_KEY=/);
  const given = await folderWith({ ".env": "OPLEAD_LEDGER_KEY=a secret of the team, long\n" });
  expect((await oplead(given, "init")).stdout).not.toContain(".env,");
  expect(readFileSync(join(given, ".env"), "utf8")).toBe("OPLEAD_LEDGER_KEY=a secret of the team, long\n");
  const ignored = readFileSync(join(first, ".gitignore"), "utf8").split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".env", "oplead-ledger.key", "oplead-ledger.pause"]));
});

it("init --from makes a config from a messy French workbook, and plans without personal data", async () => {
  const folder = await folderWith({ "rh 2026.xlsx": await staffXlsx(20) });
  const { code, stdout } = await oplead(folder, ["init", "--from", "rh 2026.xlsx"]);
  expect(code).toBe(0);
  expect(stdout).toContain("Read: 20 rows of people, 1 other row, which the config leaves out");
  expect(stdout).toMatch(/3\. line \d+: Put the profile codes of your platform in the place of "PRF_CHEF_D_EQUIPE",/);
  expect(stdout).toMatch(/21 records\n {2,}18 {2}new\n {2,}3 {2}left out\n/);
  expect(stdout).not.toMatch(/invalid|Hermitte|dealers\.example/);
  expect(existsSync(join(folder, "dealers.csv"))).toBe(false);
  expect(readFileSync(join(folder, "oplead.config.mjs"), "utf8")).toContain("    headerRow: 3,\n");
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toContain("\n/rh 2026.xlsx\n");
  const applied = await oplead(folder, "sync --target fake");
  expect(applied).toMatchObject({ code: 0 });
  expect(applied.stdout).toContain("18");
});

it("init gives women and men with the same job one profile, and lists jobs without an account", async () => {
  const jobs = ["Vendeur", "Vendeur", "Vendeuse", "Conseillère commerciale", "Conseiller commercial", "Assistante"];
  const rows = jobs.map(
    (job, at) => `E${at};M.;Petit${at};p${at}@d.example;61234567${at};${job};1000;Bourg;CDD terminé`,
  );
  const header = "Matricule;Civilité;Nom;E-mail;Portable;Fonction;CP;Ville;Statut";
  const folder = await folderWith({ "rh.csv": `${[header, ...rows].join("\n").replace("CDD terminé", "Actif")}\n` });
  expect(await oplead(folder, "init --from rh.csv")).toMatchObject({ code: 0 });
  const file = join(folder, "oplead.config.mjs");
  const config = readFileSync(file, "utf8");
  expect(config).toContain('PRF_VENDEUR: ["Vendeur", "Vendeuse"],');
  expect(config).toContain('PRF_CONSEILLERE_COMMERCIALE: ["Conseillère commerciale", "Conseiller commercial"],');
  expect(config).toContain('skip: ["CDD terminé"],');
  writeFileSync(file, config.replaceAll("CDD terminé", "Sorti").replace("{ skip: [] }", '{ skip: ["Vendeuse"] }'));
  writeFileSync(join(folder, "rh.csv"), `${[header, ...rows].join("\n").replaceAll("CDD terminé", "Actif")}\n`);
  const { stdout } = await oplead(folder, "plan --target fake");
  expect(stdout).toMatch(/6 records\n {2,}5 {2}new\n {2,}1 {2}left out\n/);
  expect(stdout).toContain('Column "Portable": 5 phone numbers brought to the form +33612345678, rows 2, 3, 5, 6, 7.');
  expect(stdout).toContain('1 row was left out by `skip`, column "Fonction", row 4.');
});

it("a file that is not a table is refused, and nothing is written", async () => {
  const folder = await folderWith({ "rh.xls": "<html><table></table></html>" });
  const { code, stderr } = await oplead(folder, "init --from rh.xls");
  expect(code).toBe(1);
  expect(stderr).toContain("rh.xls: this is a web page or XML");
  expect(existsSync(join(folder, "oplead.config.mjs"))).toBe(false);
});

it("init names a column that it did not recognise, and finds the package in a folder above", async () => {
  const folder = await folderWith({});
  await oplead(folder, "--version");
  const below = join(folder, "below");
  mkdirSync(below);
  writeFileSync(join(below, "rh.csv"), "Matricule;Nom;Voiture\nA1;Petit;RNG_CARS\n");
  const { stdout } = await oplead(below, "init --from rh.csv", { shell: "rm node_modules; $OPLEAD" });
  expect(stdout).toContain('\nNot recognised, so not used:\n  "Voiture"\n');
  expect(stdout).not.toContain("npm install");
  expect(stdout).toContain("1 record");
});
