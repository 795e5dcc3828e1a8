import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { inEnglish } from "../../../src/command/say.ts";
import { configFrom } from "../../../src/command/setup/config-from.ts";
import { recogniseTable, type UserColumn } from "../../../src/config/recognise.ts";
import { folderWith } from "../../support/folder.ts";
import { HOSTILE } from "../../support/hostile-texts.ts";
import { sized } from "../../support/long-form.ts";

async function configOf(csv: string) {
  const table = await recogniseTable(join(await folderWith({ "rh.csv": csv }), "rh.csv"));
  const { text, toDo } = configFrom("rh.csv", undefined, table);
  return { text, toDo: toDo.map(({ line, what }) => `${line} ${inEnglish(what)}`) };
}

it("account numbers of digits get a prefix, with the reason, and those with letters get none", async () => {
  const { text } = await configOf("Matricule;Nom;Responsable\n12;Petit;\n13;Roux;12\n");
  expect(text).toContain('accountNumber: cell.prefix("HR-", "Matricule"),');
  expect(text).toContain("could be the ID of another user");
  expect(text).toContain('parentUserIdentifier: cell.prefix("HR-", "Responsable"),');
  expect((await configOf("Matricule;Nom\nE12;Petit\n")).text).toContain('accountNumber: "Matricule",');
});

it("the to-do list of a generated config names each missing column, with the line of the config", async () => {
  const { text, toDo } = await configOf("Nom;Responsable\nPetit;Anne Roux\n");
  const lines = text.split("\n");
  const told = toDo.map((one, at) => {
    const [, line = "", what = ""] = /^(\d+) (.*)$/.exec(one) ?? [];
    expect(lines[Number(line) - 1]?.trim()).toBe(`// ${at + 1}. ${what}`);
    return what;
  });
  expect(told).toEqual([
    "NOT FOUND: accountNumber: a column that is unique for a person and never changes.",
    "NOT FOUND: civility: the form of address. Everyone gets this one.",
    "NOT FOUND: email: the column of e-mail addresses.",
    "NOT FOUND: profile: a column of roles. Everyone gets one profile.",
    "parentUserIdentifier: name the column with the account number of the user above, where a profile needs one.",
    "NOT FOUND: zipCode: the column of postcodes.",
    "NOT FOUND: city: the column of towns.",
  ]);
  expect(text).toContain('NOT MAPPED: the column "Responsable" holds something else than account numbers');
});

it("the first entry of the to-do list is about leavers, with each status under skip or keep", async () => {
  const rows = "E1;Petit;Actif\nE2;Roux;Sorti\nE3;Noir;Congé parental\nE4;Blanc;\nE5;Vert;Inactif\n";
  const { text, toDo } = await configOf(`Matricule;Nom;Statut\n${rows}`);
  expect(text).toContain('skip: ["Sorti", "Inactif"],');
  expect(text).toContain('keep: ["Actif", "Congé parental", ""],');
  expect(toDo[0]).toMatch(/^\d+ Rows with "Sorti", "Inactif" are left out/);
  expect((await configOf("Matricule;Nom;Col\nE1;Petit;Actif\nE2;Roux;Parti\n")).text).toContain('cell.values("Col", {');
  expect((await configOf("Matricule;Nom;Statut\nE1;Petit;Actif\n")).text).toContain('keep: ["Actif", ""],');
});

it("a config leaves out total rows and people by status and date, and takes the logins of the file", async () => {
  const { text, toDo } = await configOf(
    "Matricule;Identifiant;Nom;E-mail;Départements;Gammes;Date de sortie;Statut;Prime\n" +
      "E1;ppetit;Petit;p@d.example;29;VU;01/02/2026;Actif;1\nE2;zroux;Roux;r@d.example;1;VP;;Sorti;2\nTOTAL;2;;;;;;;3\n",
  );
  expect(text).toContain('cell.notPerson("Matricule", "E-mail", "Nom"),');
  expect(text).toContain('skip: ["Sorti"],');
  expect(text).toContain('cell.date("Date de sortie"),');
  expect(text).toContain('login: "Identifiant",');
  expect(text).toContain('geographical: cell.counties("Départements"),');
  expect(text).toContain('competences: cell.codes("Gammes"),');
  expect(toDo.at(-1)).toMatch(/ Not used: "Prime"/);
});

it("a config never says that a file has no logins: it says that the e-mail address is taken", async () => {
  const { text } = await configOf("Identifiant;Nom;E-mail\nE1;Petit;p@d.example\n");
  expect(text).toContain('// The login is the e-mail address, which is unique too.\n    login: "E-mail",');
});

it("spellings of one form of address or role are grouped, and an unknown one is left to a person", async () => {
  const people = ["M;Vendeur", "Monsieur;vendeur", "Mr.;VENDEUR", "Mlle;Chef d'équipe", "Docteur;Chef d’équipe"];
  const rows = people.map((row, at) => `E${at};Petit;${row}`).join("\n");
  const { text, toDo } = await configOf(`Matricule;Nom;Civilité;Fonction\n${rows}\n`);
  expect(text).toContain('["M."]: ["M", "Monsieur", "Mr."],');
  expect(text).toContain('Mme: ["Mlle"],');
  expect(text).toContain('PRF_VENDEUR: ["Vendeur", "vendeur", "VENDEUR"],');
  expect(text).toContain(`PRF_CHEF_D_EQUIPE: ["Chef d'équipe", "Chef d’équipe"],`);
  expect(toDo[0]).toContain('Assumed: Oplead takes "M." and "Mme". Add "Docteur" to one of the lists');
});

it("codes in the file are used as they are, and an unknown country is left for a person to decide", async () => {
  const { text, toDo } = await configOf("Matricule;Profil;Pays\nE1;PRF_DEALER;France\nE2;PRF_DEALER;Andorr\n");
  expect(text).toContain('PRF_DEALER: ["PRF_DEALER"],');
  expect(text).toContain('country: cell.country("Pays", "FR"),');
  expect(toDo.join("\n")).toContain('No countries: "Andorr"');
  expect(toDo.join()).not.toContain("profile codes");
});

it("if two columns have the same name, the source lists both, the second with a number", async () => {
  const { text } = await configOf("Matricule;Nom;Nom\nE1;Petit;Anne\n");
  expect(text).toContain('columns: ["Nom", "Nom (2)"],');
});

it("a config that is made from a table contains no function", async () => {
  const rows =
    "12;M;Petit;a@b.example;Vendeur;1000;Brest;France;30 km;Actif\n13;M;Roux;c@d.example;Chef;29200;Brest;FR;;Sorti\n";
  const { text } = await configOf(`Matricule;Civilité;Nom;E-mail;Fonction;CP;Ville;Pays;Rayon;Statut\n${rows}`);
  expect(text.replace(/\/\/.*/g, "")).not.toMatch(/=>|function|`/);
});

it("no column name and no cell can break out of its quotation marks or its comment and become code", async () => {
  const { text } = await configOf('"Nom";"E-mail";"Fonction"\n"a";"b@c.example";"x""];\nprocess.exit(7); ["\n');
  expect(text).not.toMatch(/^\s*process\.exit/m);
  expect(text).toContain(String.raw`PRF_X_PROCESS_EXIT_7: ["x\"];\nprocess.exit(7); ["],`);
});

it("a config made from any table loads, executes no text of it, and names each value of the column", async () => {
  const text = fc.oneof(
    fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", minLength: 1 }),
  );
  const columns: readonly UserColumn[] = [
    "accountNumber",
    "lastname",
    "email",
    "profile",
    "country",
    "parent",
    "zipCode",
    "maxDistance",
    "civility",
    "status",
  ];
  const tables = fc.record({
    source: fc.constantFrom("csvSource" as const, "excelSource" as const),
    headerRow: fc.integer({ min: 1, max: 9 }),
    isFirstRow: fc.boolean(),
    names: fc.array(text),
    people: fc.nat(9),
    otherRows: fc.array(fc.integer({ min: 2, max: 99 })),
    columns: fc.subarray([...columns]).chain((some) =>
      fc.tuple(
        ...some.map((column) =>
          fc.record({
            column: fc.constant(column),
            name: text,
            by: fc.constantFrom("name" as const, "content" as const),
            cells: fc.array(text, { minLength: 1, maxLength: 3 }),
          }),
        ),
      ),
    ),
  });
  const made = fc.sample(fc.tuple(text, fc.option(text, { nil: undefined }), tables), sized(150, 300));
  const stub = `
export const defineConfig = (config) => config;
export const env = () => "";
const source = (file) => ({ file });
export { source as csvSource, source as excelSource };
export const columns = (fields) => fields;
export const cell = new Proxy({}, { get: (_, kind) => (...args) => ({ kind, args }) });
`;
  const run = `
globalThis.ran = () => { console.log("RAN"); process.exit(1); };
const all = [];
for (let at = 0; at < ${made.length}; at += 1) {
  const { default: config } = await import(\`./\${at}.mjs\`);
  all.push({ source: config.source, roles: Object.values(config.map.profile.args[1] ?? {}).flat() });
}
console.log(JSON.stringify(all));
`;
  const files = made.map(([file, sheet, table], at) => [`${at}.mjs`, configFrom(file, sheet, table).text] as const);
  const folder = await folderWith({
    ...Object.fromEntries(files),
    "run.mjs": run,
    "node_modules/oplead-sdk/package.json": '{ "type": "module", "exports": { "./config": "./config.js" } }',
    "node_modules/oplead-sdk/config.js": stub,
  });
  const { stdout } = await promisify(execFile)(process.execPath, ["run.mjs"], { cwd: folder, maxBuffer: 1e8 });
  const expected = made.map(([file, , { columns: recognised }]) => {
    const roles = recognised.find(({ column }) => column === "profile")?.cells.filter((cell) => cell !== "") ?? [];
    return { source: { file }, roles: [...new Set(roles)].sort() };
  });
  const seen = JSON.parse(stdout).map((one: { roles: string[] }) => ({ ...one, roles: one.roles.sort() }));
  expect(seen).toEqual(expected);
}, 600_000);
