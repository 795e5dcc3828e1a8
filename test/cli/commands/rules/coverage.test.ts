import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead } from "../../../support/command.ts";
import { folderWith } from "../../../support/folder.ts";

it("coverage leaves out users whose record is invalid, lists them, and finds the gaps that are there without them", async () => {
  const rows = "DLR-8;Petit;p8@dealers.example;01000;30 km\r\nDLR-9;Petit;;01000;30\r\n";
  const folder = await folderWith({
    "oplead.config.mjs": configWith(),
    "dealers.csv": dealersCsv(2, rows),
  });
  const run = await oplead(folder, ["coverage", "--json", "--fail-on", "gap"]);
  expect(run.code).toBe(1);
  const { users, leftOut, failing } = JSON.parse(run.stdout);
  expect(users).toBe(2);
  expect(failing).toBeGreaterThan(0);
  expect(leftOut).toMatchObject([
    { row: 4, accountNumber: "DLR-8", issues: [{ path: "maxDistance" }] },
    { row: 5, accountNumber: "DLR-9", issues: [{ path: "login" }, { path: "email" }] },
  ]);
  expect(run.stdout).not.toContain("Petit");
  const text = await oplead(folder, ["coverage"]);
  expect(text.stdout).toContain(
    "Left out, because the record is invalid and is not sent (2)\n  DLR-8 (row 4)  maxDistance ",
  );
}, 60_000);

it("coverage writes labels beside codes into the text, the CSV and the page, in the language asked for, and leaves JSON alone", async () => {
  const settings = 'labels: { pro: "Professionnels" }, company: "Dupont & fils"';
  const folder = await folderWith({
    "oplead.config.mjs": configWith(`coverage: { ${settings} },`).replace(
      "rules: row.radius",
      'rules: row.radius ? { profileTypes: ["single"], maxDistance: 30 } : row.radius',
    ),
    "dealers.csv": dealersCsv(2),
  });
  const words = ["coverage", "--csv", "found.csv", "--html", "page.html", "--language", "fr"];
  const text = await oplead(folder, words);
  expect(text.code).toBe(0);
  expect(text.stdout).toContain("aucun utilisateur éligible pour Professionnels (pro)");
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  expect(read("found.csv").split("\r\n")[0]).toBe("kind,certain,finding,inhabitants,accountNumbers,zipCodes");
  expect(read("found.csv")).toContain("aucun utilisateur éligible pour Professionnels (pro)");
  expect(read("page.html")).toContain('<html lang="fr">');
  expect(read("page.html")).toContain("Dupont &amp; fils · <time");
  const json = await oplead(folder, ["coverage", "--json"]);
  expect(json.stdout).not.toContain("Professionnels");
}, 60_000);
