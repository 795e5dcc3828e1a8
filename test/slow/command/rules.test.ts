import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Ended, openPlatform, oplead } from "../../support/command.ts";
import { project } from "./project.ts";

const json = ({ stdout }: Ended) => JSON.parse(stdout);

it("coverage --online reads the countries from the platform, and says which countries of rules it does not have", async () => {
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

it("explain says who is eligible and names its assumptions, without a token", async () => {
  const folder = await project();
  const env = { OPLEAD_BASE_URL: "http://127.0.0.1:9" };
  const text = await oplead(folder, ["explain", "--zip", "01000"], { env });
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/3 users are eligible/);
  expect(text.stdout).toContain("Assumptions: ");
  const far = json(await oplead(folder, ["explain", "--zip", "29200", "--json"], { env }));
  expect(far.users[0]).toMatchObject({ verdict: "not_eligible" });
});
