import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const BREST = "DLR-9;Petit;p9@dealers.example;29200;30\r\n";
const project = () => folderWith({ "oplead.config.mjs": configWith(), "dealers.csv": dealersCsv(2, BREST) });
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

it("coverage begins with changes of rules and their effect, and names the users nearest to each gap", async () => {
  const folder = await project();
  const args = ["coverage", "--suggest", "2", "--max-distance", "60"];
  const { stdout } = await oplead(folder, args);
  expect(stdout).toMatch(
    /findings\.\n\nSuggestions, each given those before it \(2\)\n {2}1\. raise the radius of DLR-\d from 30 to \d\d km: [\d,]+ inhabitants get a first user/,
  );
  expect(stdout).toMatch(
    /have no eligible user .*\n {6}near \d{5}: DLR-\d, \d+ km away; to be eligible: a radius of \d+ km instead of 30\n {6}near/,
  );
  const { suggestions, findings } = JSON.parse((await oplead(folder, [...args, "--json"])).stdout);
  expect(suggestions).toHaveLength(2);
  expect(suggestions[0]).toMatchObject({ code: "raise_radius", inhabitants: expect.any(Number) });
  expect(suggestions[0].rules.maxDistance.maxDistance).toBeGreaterThan(30);
  expect(findings[0].nearest).toHaveLength(3);
  const french = plain((await oplead(folder, [...args, "--language", "fr", "--html", "map.html"])).stdout);
  const page = plain(await readFile(join(folder, "map.html"), "utf8"));
  expect(page).toMatch(/À faire en premier[\s\S]{0,200}porter le rayon de DLR-/);
  expect(page).toContain("Propositions, chacune après les précédentes (2)");
  expect(page).toMatch(/<ul class="nearest"><li>près de \d{5} : DLR-\d, à \d+ km ; pour être éligible : un rayon de/);
  expect(french).toMatch(
    /1\. porter le rayon de DLR-\d de 30 à \d\d km : .* habitants obtiennent un premier utilisateur/,
  );
});

it("coverage says when no change within the limits closes a gap, and suggests nothing with --suggest 0", async () => {
  const folder = await project();
  const none = await oplead(folder, ["coverage"]);
  // No user has a radius above 30 km.
  expect(none.stdout).toContain("No change of a rule within the limits closes a gap.");
  const without = await oplead(folder, ["coverage", "--suggest", "0"]);
  expect([without.code, without.stdout]).toEqual([0, expect.not.stringMatching(/uggest|No change/)]);
});

it("coverage uses the codes and the places of the config, as policies do", async () => {
  const settings = `coverage: {
    locate: (zip, country) => (country === "LU" ? { coordinates: [49.6, 6.1], uncertaintyKm: 2, counties: ["L"] } : undefined),
    universe: {
      countries: [{ code: "LU", label: "Luxembourg", counties: [{ number: "L", label: "L", postCodeZips: ["1111"] }] }],
      ranges: ["RNG_NEW"], requestTypes: [], contactProfiles: [],
    },
  },`;
  const folder = await folderWith({ "oplead.config.mjs": configWith(settings), "dealers.csv": dealersCsv(1) });
  const { stdout } = await oplead(folder, ["coverage", "--json"]);
  const { findings } = JSON.parse(stdout);
  const [gap] = findings.filter(({ kind }: { kind: string }) => kind === "gap");
  expect(gap).toMatchObject({ zipCodes: ["1111"] });
});
