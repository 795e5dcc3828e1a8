import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPlatform, oplead } from "../../support/command.ts";
import { project } from "./project.ts";

it("coverage --online names the countries of rules that the platform does not have", async () => {
  const { env } = await openPlatform();
  const folder = await project();
  const known = await oplead(folder, ["coverage", "--online", "--fail-on", "gap"], { env });
  expect(known).toMatchObject({ code: 1, stderr: expect.not.stringContaining("Rules name") });
  const path = join(folder, "oplead.config.mjs");
  const rule = '{ geographical: { handledCountries: [{ handledCountry: { code: "ZZ" } }] } }';
  writeFileSync(path, readFileSync(path, "utf8").replace(/rules: row.*,\n/, `rules: ${rule},\n`));
  const { stderr } = await oplead(folder, ["coverage", "--online"], { env });
  expect(stderr).toContain("Rules name ZZ, which the platform does not have.");
});
