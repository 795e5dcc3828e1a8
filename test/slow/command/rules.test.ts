import { expect, it } from "vitest";
import { type Ended, openPlatform, oplead } from "../../support/command.ts";
import { project } from "./project.ts";

const json = ({ stdout }: Ended) => JSON.parse(stdout);

it("coverage --online reads the countries from the platform", async () => {
  const { env } = await openPlatform();
  const folder = await project();
  expect(await oplead(folder, ["coverage", "--online", "--fail-on", "gap"], { env })).toMatchObject({ code: 1 });
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

it("coverage finds gaps, fails on them if asked, and writes a report", async () => {
  const folder = await project();
  const plain = await oplead(folder, ["coverage"]);
  expect(plain.code).toBe(0);
  expect(plain.stdout).toContain("gap (");
  expect(await oplead(folder, ["coverage", "--fail-on", "gap"])).toMatchObject({ code: 1 });
  expect(json(await oplead(folder, ["coverage", "--json"])).findings.length).toBeGreaterThan(0);
});
