import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ended, openPlatform, oplead } from "../../support/command.ts";
import { project } from "./project.ts";

const json = ({ stdout }: Ended) => JSON.parse(stdout);

describe("explain and coverage", () => {
  it("coverage --online finds codes that the platform does not have, and a country that it does not know", async () => {
    const { env } = await openPlatform();
    const folder = await project();
    expect(await oplead(folder, ["coverage", "--online", "--fail-on", "dead"], { env })).toMatchObject({ code: 0 });
    const config = readFileSync(join(folder, "oplead.config.mjs"), "utf8");
    const rule =
      '{ geographical: { handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: [{ handledCounty: { number: "1" } }] }, { handledCountry: { code: "ZZ" } }] } }';
    writeFileSync(join(folder, "oplead.config.mjs"), config.replace(/rules: row.*,\n/, `rules: ${rule},\n`));
    const found = await oplead(folder, ["coverage", "--online", "--fail-on", "dead", "--json"], { env });
    expect(found.code).toBe(1);
    const dead = json(found).findings.filter(({ kind }: { kind: string }) => kind === "dead");
    expect(dead.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringContaining('"1"'),
      expect.stringContaining("ZZ"),
    ]);
    expect(dead[0].accountNumbers).toContain("DLR-0");
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
    expect(await oplead(folder, ["coverage", "--fail-on", "dead"])).toMatchObject({ code: 0 });
    expect(json(await oplead(folder, ["coverage", "--json"])).findings.length).toBeGreaterThan(0);
  });
});
