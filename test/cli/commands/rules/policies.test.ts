import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, openPlatform, oplead } from "../../../support/command.ts";
import { folderWith } from "../../../support/folder.ts";

it("policies judges what runs have sent, and sync refuses a plan that takes the last user from a county", async () => {
  const platform = await openPlatform();
  const policy = 'requireCoverage({ where: { country: "FR", zipCodes: ["01000"] }, atLeast: 1 })';
  const config = `import { requireCoverage } from "oplead-sdk/coverage";\n${configWith(`policies: [${policy}],`)}`;
  const folder = await folderWith({ "oplead.config.mjs": config, "dealers.csv": dealersCsv(2) });
  const run = (...args: string[]) => oplead(folder, args, { env: platform.env });
  expect((await run("sync")).code).toBe(0);
  const kept = await run("policies", "--json");
  expect([kept.code, JSON.parse(kept.stdout)]).toEqual([0, { users: 2, unknown: 0, refusals: [], warnings: [] }]);

  writeFileSync(join(folder, "dealers.csv"), dealersCsv(2).replaceAll(";01000;30", ";75001;30"));
  const refused = await run("sync");
  expect(refused.code).toBe(3);
  expect(refused.stderr + refused.stdout).toMatch(/This plan leaves 1 postcode of Ain .* without a user/);
  const { hash } = JSON.parse((await run("plan", "--json")).stdout);
  expect((await run("apply", "--approve", hash)).code).toBe(0);

  const broken = await run("policies", "--language", "fr");
  expect(broken.code).toBe(3);
  expect(broken.stdout).toMatch(/^2 utilisateurs\. Politiques\s: 1, enfreintes\s: 1\.$/m);
  writeFileSync(join(folder, "oplead.config.mjs"), configWith());
  expect((await run("policies")).stderr).toContain("The config has no policies.");
}, 180_000);
