import { join } from "node:path";
import { expect, it } from "vitest";
import { configFrom } from "../../../../src/cli/commands/setup/config-from.ts";
import { inEnglish } from "../../../../src/cli/texts/say.ts";
import { recogniseTable } from "../../../../src/config/index.ts";
import { folderWith } from "../../../support/folder.ts";

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

it("what was not found is marked in the config and listed", async () => {
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
