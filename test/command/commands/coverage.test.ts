import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead, projectWith } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

it("coverage lists users whose record is invalid, and finds the gaps without them", async () => {
  const rows = "DLR-8;Petit;p8@dealers.example;01000;30 km\r\nDLR-9;Petit;;01000;30\r\n";
  const folder = await projectWith("", dealersCsv(2, rows));
  const ended = await oplead(folder, "coverage --json --fail-on gap");
  expect(ended.code).toBe(1);
  const { users, leftOut, failing } = JSON.parse(ended.stdout);
  expect(users).toBe(2);
  expect(failing).toBeGreaterThan(0);
  expect(leftOut).toMatchObject([
    { row: 4, accountNumber: "DLR-8", issues: [{ path: "maxDistance" }] },
    { row: 5, accountNumber: "DLR-9", issues: [{ path: "login" }, { path: "email" }] },
  ]);
  expect(ended.stdout).not.toContain("Petit");
  const text = await oplead(folder, "coverage");
  expect(text.stdout).toContain(
    "Left out, because the record is invalid and is not sent (2)\n  DLR-8 (row 4)  maxDistance ",
  );
});

it("coverage writes labels instead of codes in the chosen language, but not into JSON", async () => {
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
  expect(text.stdout).toContain("aucun utilisateur éligible pour Professionnels");
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  expect(read("found.csv").split("\r\n")[0]).toBe("\uFEFFtype;constat;habitants;numéros de compte;codes postaux");
  expect(read("found.csv")).toMatch(/\r\ntrou;/);
  expect(read("found.csv")).toContain("aucun utilisateur éligible pour Professionnels");
  expect(read("page.html")).toContain('<html lang="fr">');
  expect(read("page.html")).toContain("Dupont &amp; fils · <time");
  const json = await oplead(folder, "coverage --json");
  expect(json.stdout).not.toContain("Professionnels");
});

it("Ctrl-C during the computation of coverage exits with 130 at once, without a report", async () => {
  const interrupt = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { writeSync } = fs;
fs.writeSync = (descriptor, text, ...more) => {
  if (String(text).includes("only France is known")) process.kill(process.pid, "SIGINT");
  return writeSync(descriptor, text, ...more);
};
syncBuiltinESMExports();
`;
  const abroad =
    'geographical: { handledCountries: ["FR", "BE"].map((code) => ({ handledCountry: { code } })) }, maxDistance:';
  const rows = Array.from({ length: 300 }, (_, i) => {
    return `A-${i};Petit;a${i}@dealers.example;${String(1 + (i % 95)).padStart(2, "0")}000;${50 + i}\r\n`;
  });
  const folder = await folderWith({
    "oplead.config.mjs": interrupt + configWith().replace("maxDistance:", abroad),
    "dealers.csv": dealersCsv(2, rows.join("")),
  });
  const { code, stdout, stderr } = await oplead(folder, "coverage --html page.html --json");
  expect(stderr).toContain("only France is known");
  expect([code, JSON.parse(stdout).error.code]).toEqual([130, "interrupted"]);
  expect(existsSync(join(folder, "page.html"))).toBe(false);
});
