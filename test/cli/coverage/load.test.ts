import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const BREST = "DLR-9;Petit;p9@dealers.example;29200;30\r\n";
const project = () =>
  folderWith({
    "oplead.config.mjs": configWith(),
    "dealers.csv": dealersCsv(2, BREST),
    "month.csv": "Code postal;Nombre\r\n29200;40\r\n01000;12\r\n75001;8\r\n",
  });

it("coverage --load says how many leads of a file each user gets, and names those above the ceiling and below the floor", async () => {
  const folder = await project();
  const args = ["coverage", "--load", "month.csv", "--max-load", "30", "--min-load", "10"];
  const { code, stdout } = await oplead(folder, args);
  expect(code).toBe(0);
  expect(stdout).toContain("Load: 60 leads a month; no user can get 8 of them.");
  expect(stdout).toContain("  DLR-9: 40 (40 to 40)\n  DLR-0: 6 (0 to 12)\n");
  expect(stdout).toContain("DLR-9 gets at least 40 leads a month, whoever gets the shared ones; the ceiling is 30");
  expect(stdout).toContain("perhaps: DLR-0 gets 6 leads a month if users share as expected; the floor is 10");
  const french = (await oplead(folder, [...args, "--language", "fr"])).stdout.replace(/[\u00a0\u202f]/g, " ");
  expect(french).toContain("Charge : 60 leads par mois ; aucun utilisateur ne peut en recevoir 8.");
  expect(french).toContain("le plafond est de 30");
}, 120_000);

it("coverage --suggest evens out load with --load and a limit of it, and says when nothing does", async () => {
  const folder = await project();
  const args = ["coverage", "--suggest", "1", "--max-distance", "60", "--load", "0.001", "--min-load", "600"];
  const { stdout } = await oplead(folder, args);
  expect(stdout).toMatch(/ {2}1\. raise DLR-\d's radius from 30 to \d\d km: \d+ to \d+ leads a month/);
  const { suggestions } = JSON.parse((await oplead(folder, [...args, "--json"])).stdout);
  expect(suggestions[0].load.after).toBeGreaterThan(suggestions[0].load.before);
  const french = (await oplead(folder, [...args, "--language", "fr"])).stdout.replace(/[\u00a0\u202f]/g, " ");
  expect(french).toMatch(/1\. porter le rayon de DLR-\d de 30 à \d\d km : de \d+ à \d+ leads par mois/);
  const none = await oplead(folder, ["coverage", "--suggest", "--load", "0.001", "--min-load", "0"]);
  expect(none.stdout).toContain("No change of a rule within the limits evens out load.");
}, 120_000);

it("coverage --suggest gives changes of rules with their effect, and as rules in JSON", async () => {
  const folder = await project();
  const args = ["coverage", "--suggest", "2", "--max-distance", "60", "--load", "0,0001"];
  const { stdout } = await oplead(folder, args);
  expect(stdout).toContain("Suggestions, each given those before it (2)");
  expect(stdout).toMatch(/ {2}1\. raise DLR-\d's radius from 30 to \d\d km: [\d,]+ inhabitants get a first user/);
  const { load, suggestions } = JSON.parse((await oplead(folder, [...args, "--json"])).stdout);
  expect(load).toMatchObject({ users: { length: 3 }, gini: expect.any(Number) });
  expect(suggestions).toHaveLength(2);
  expect(suggestions[0]).toMatchObject({ code: "raise_radius", inhabitants: expect.any(Number) });
  expect(suggestions[0].rules.maxDistance.maxDistance).toBeGreaterThan(30);
  const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
  const french = plain((await oplead(folder, [...args, "--language", "fr", "--html", "map.html"])).stdout);
  const page = plain(await readFile(join(folder, "map.html"), "utf8"));
  expect(page).toContain("porter le rayon de DLR-");
  expect(page).toContain("Propositions, chacune après les précédentes (2)");
  expect(page).toContain("Gini 0,");
  expect(french).toMatch(
    /1\. porter le rayon de DLR-\d de 30 à \d\d km : .* habitants obtiennent un premier utilisateur/,
  );
}, 120_000);
