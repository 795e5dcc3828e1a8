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
  return { text, toDo: toDo.map(inEnglish) };
}

it("account numbers of digits only get a prefix with the reason, and others stay as they are", async () => {
  const { text } = await configOf("Matricule;Nom;Responsable\n12;Petit;\n13;Roux;12\n");
  const prefixed = (name: string): string => `\`HR-\${row["${name}"]}\``;
  expect(text).toContain(`key: (row) => ${prefixed("Matricule")},`);
  expect(text).toContain("could be the ID of another user");
  expect(text).toContain(`row["Responsable"] === "" ? undefined : ${prefixed("Responsable")}`);
  expect((await configOf("Matricule;Nom\nE12;Petit\n")).text).toContain('key: (row) => row["Matricule"],');
});

it("columns that were not found are marked in the config and listed", async () => {
  const { text, toDo } = await configOf("Nom;Responsable\nPetit;Anne Roux\n");
  expect(toDo).toEqual([
    "key: a column that is unique for a person and never changes",
    "profiles: put the profile codes of your platform in the place of PRF_EVERYONE",
    "parentUserIdentifier: the account number of the user above, where a profile needs one",
    "civility: the form of address. Everyone gets this one",
    "email: the column of e-mail addresses",
    "zipCode: the column of postcodes",
    "city: the column of towns",
  ]);
  expect(text.match(/NOT FOUND: /g)).toHaveLength(6);
  expect(text).toContain('NOT MAPPED: the column "Responsable" holds something else than account numbers');
});

it("a zero that a spreadsheet took from a postcode is put back, unless the file has other countries", async () => {
  const rows = "1000;France\n75001;France\n29200;France\n";
  expect((await configOf(`CP;Region\n${rows}`)).text).toContain('zipCode: row["CP"].padStart(5, "0"),');
  const { text } = await configOf(`CP;Pays\n${rows}`);
  expect(text).toContain('zipCode: row["CP"],');
  expect(text).toContain('["France", "FR"],');
});

it("codes that the file has are taken, and a country that is not known is left to a person", async () => {
  const { text, toDo } = await configOf("Matricule;Profil;Pays\nE1;PRF_DEALER;France\nE2;PRF_DEALER;Andorre\n");
  expect(text).toContain('["PRF_DEALER", "PRF_DEALER"],');
  expect(toDo).toContain('countries: the two-letter codes of "Andorre"');
  expect(toDo.join()).not.toContain("profiles:");
});

it("no name of a column and no cell can leave its quotation marks or its comment", async () => {
  const { text } = await configOf('"Nom";"E-mail";"Fonction"\n"a";"b@c.example";"x""];\nprocess.exit(7); ["\n');
  expect(text).not.toMatch(/^\s*process\.exit/m);
  expect(text).toContain(String.raw`["x\"];\nprocess.exit(7); [", "PRF_X_PROCESS_EXIT_7"],`);
});

it("a config made for any table loads, runs nothing of the table, and has its columns and roles", async () => {
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
  const made = fc.sample(fc.tuple(text, fc.option(text, { nil: undefined }), tables), sized(150, 1_500));
  const stub = `
export const defineConfig = (config) => config;
export const env = () => "";
const source = (file, options) => ({ file, options });
export { source as csvSource, source as excelSource };
export class RecordError extends Error {}
`;
  const run = `
globalThis.ran = () => { console.log("RAN"); process.exit(1); };
const all = [];
for (let at = 0; at < ${made.length}; at += 1) {
  const { default: config } = await import(\`./\${at}.mjs\`);
  all.push({ source: config.source, profiles: config.fake.profiles.map(({ label }) => label) });
  const row = new Proxy({}, { get: () => "1" });
  config.key(row);
  try { config.map(row); } catch {}
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
  const expected = made.map(([file, sheet, { columns, headerRow, isFirstRow }]) => {
    const names = columns.map(({ name }) => name);
    const roles = columns.find(({ column }) => column === "profile")?.cells.filter((cell) => cell !== "") ?? [];
    const options = { sheet, headerRow: isFirstRow ? undefined : headerRow, columns: [...new Set(names)] };
    return JSON.parse(JSON.stringify({ source: { file, options }, profiles: [...new Set(roles)].sort() }));
  });
  const seen = JSON.parse(stdout).map((one: { profiles: string[] }) => ({
    ...one,
    profiles: one.profiles.filter((name) => name !== "everyone").sort(),
  }));
  expect(seen).toEqual(expected);
}, 60_000);
