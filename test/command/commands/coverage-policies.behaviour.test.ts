import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const configOf = (policies: string, more = "") =>
  `import { exclusive, requireCoverage } from "oplead-sdk/coverage";\n${configWith(`policies: [${policies}], ${more}`)}`;
const COVER = 'requireCoverage({ where: { country: "FR", zipCodes: ["01000"] }, atLeast: 1 })';

it("coverage judges the source's users by the config's policies, and exits with 3 if one is broken", async () => {
  const folder = await folderWith({ "oplead.config.mjs": configOf(COVER), "dealers.csv": dealersCsv(2) });
  const run = (...args: string[]) => oplead(folder, ["coverage", ...args]);
  const kept = await run("--json");
  expect([kept.code, JSON.parse(kept.stdout).policies]).toEqual([
    0,
    { policies: 1, broken: 0, refusals: [], warnings: [] },
  ]);
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(2).replaceAll(";01000;30", ";75001;30"));
  const broken = await run("--fail-on", "gap");
  expect(broken.code).toBe(3);
  expect(broken.stdout).toMatch(/\nPolicies: 1, broken: 1\.\n {2}1 postcode of Ain .* has no user/);
  const french = await run("--language", "fr");
  expect([french.code, french.stdout]).toEqual([
    3,
    expect.stringMatching(/^Règles de couverture\s: 1, dont 1 enfreinte\.$/m),
  ]);
  writeFileSync(join(folder, "oplead.config.mjs"), configWith());
  const without = await run();
  expect([without.code, without.stdout]).toEqual([0, expect.not.stringContaining("Policies:")]);
});

it("coverage gives policies the guard's segments, and exits with 0 on a warning and 1 on a throw", async () => {
  const where = '{ where: { country: "FR" }, group: ({ segment }) => segment';
  const segments = "guard: { segments: ({ accountNumber }) => accountNumber },";
  const folder = await folderWith({
    "oplead.config.mjs": configOf(`exclusive(${where}, onViolation: "warn" })`, segments),
    "dealers.csv": dealersCsv(2),
  });
  const warned = await oplead(folder, ["coverage", "--json"]);
  expect(warned.code).toBe(0);
  const { broken, refusals, warnings } = JSON.parse(warned.stdout).policies;
  expect([broken, refusals]).toEqual([0, []]);
  expect(warnings.map(({ parameters }: { parameters: object }) => parameters)).toMatchObject([
    { groups: ["DLR-0", "DLR-1"] },
  ]);
  writeFileSync(
    join(folder, "oplead.config.mjs"),
    configOf('{ name: "own", judge: () => { throw new RangeError("Étienne"); } }'),
  );
  const failed = await oplead(folder, ["coverage"]);
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("The policy own failed: RangeError.")]);
  expect(failed.stderr).not.toContain("Étienne");
});
