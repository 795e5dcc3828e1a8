import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const config = (more = "") => `import { cell, columns, csvSource, defineConfig, env } from "oplead-sdk/config";
export default defineConfig({
  client: { token: env("OPLEAD_TOKEN"), baseUrl: env("OPLEAD_BASE_URL") },
  source: csvSource("rh.csv"),
  labels: "Garage",
  guard: { segments: "Secteur" },
  map: columns({
    accountNumber: "Matricule", civility: cell.always("M."), lastname: "Nom", login: "Courriel", email: "Courriel",
    profile: cell.always("PRF_NETWORK"),
    address: { zipCode: "CP", city: "Ville", country: cell.always("FR") },${more}
  }),
});
`;
const csv = (more = "") =>
  `Matricule;Nom;Courriel;CP;Ville;Garage;Secteur;Prime;Entrée${more}\nA1;Petit;a@d.example;01000;Bourg;G;S;500;2020${more && ";x"}\n`;

it("a plan names the columns from which no field is filled, and a nightly run only new ones", async () => {
  const folder = await folderWith({ "oplead.config.mjs": config(), "rh.csv": csv() });
  const { env } = await openPlatform();
  const run = async (...args: string[]) => (await oplead(folder, args, { env })).stdout;
  const line = 'Columns of the file that nothing takes: "Prime", "Entrée".';

  expect(await run("plan")).toContain(`\n${line}\n`);
  expect(await run("plan", "--language", "fr")).toMatch(
    /\nColonnes du fichier non utilisées\s: «\sPrime\s», «\sEntrée\s»\.\n/,
  );
  expect(await run("sync", "--test")).not.toContain("nothing takes");
  expect(await run("sync", "--quiet")).toContain(line);
  expect(await run("sync", "--quiet")).not.toContain("nothing takes");
  expect(await run("plan")).toContain(line);

  writeFileSync(join(folder, "rh.csv"), csv(";Équipe"));
  expect(await run("sync", "--quiet")).toContain('nothing takes: "Prime", "Entrée", "Équipe".');
  expect(await run("sync", "--quiet")).not.toContain("nothing takes");

  // A function may read any column.
  writeFileSync(join(folder, "oplead.config.mjs"), config(" company: (row) => row.Prime,"));
  expect(await run("plan")).not.toContain("nothing takes");
});
