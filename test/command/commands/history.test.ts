import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, openPlatform, oplead, projectWith } from "../../support/command.ts";

it("history lists runs with their counts and operator, and one run with the outcome of each user", async () => {
  const platform = await openPlatform();
  const env = { ...platform.env, OPLEAD_OPERATOR: "eve" };
  const folder = await projectWith("guard: { minUsers: 2 },", dealersCsv(3, "DLR-9;;x@dealers.example;01000;30"));
  const run = async (...args: string[]) => (await oplead(folder, args, { env })).stdout;
  expect(await run("history")).toBe("No runs.\n");
  const refused = JSON.parse(await run("sync", "--json"));
  const report = JSON.parse(await run("sync", "--approve", refused.error.hash, "--json"));
  const lines = (await run("history")).trim().split("\n");
  expect(lines).toEqual([
    expect.stringMatching(
      /^[-\d]{10} [:\d]{8} \S+ {2}\w+-\w+ {2}sync {2}refused \(exit 3\) {2,}[\d.]+ m?s {2,}by eve$/,
    ),
    expect.stringMatching(
      /^[-\d]{10} [:\d]{8} \S+ {2}\w+-\w+ {2}sync {2}partial \(exit 5\) {2}3 created, 1 invalid {2}\d+ requests {2}[\d.]+ m?s {2,}by eve$/,
    ),
  ]);
  expect(lines[0]?.indexOf("by eve")).toBe(lines[1]?.indexOf("by eve"));
  // Its width depends on the runs that are listed.
  const cells = (line: string | undefined) => line?.trim().split(/ {2,}/);
  expect(cells(await run("history", "--last", "1"))).toEqual(cells(lines[1]));
  const [, refusedRun = ""] = lines[0]?.split(/ {2,}/) ?? [];
  const [refusal] = refused.error.findings;
  expect(await run("history", refusedRun)).toContain(`\n  ${refusal.message}\n`);
  const one = await run("history", report.runId);
  expect(one).toContain(`plan ${report.hash} for ${platform.env.OPLEAD_BASE_URL}: 3 changes`);
  expect(one).toContain("past the guard by --approve");
  expect(one).toContain("  problems: 1 new, 0 known\n");
  expect(one).toMatch(/DLR-0 {2}created; .*radius/);
  expect(one).toMatch(/DLR-9 {2}invalid; last name/);
  const { users, ended } = JSON.parse(await run("history", report.runId, "--json"));
  expect([users.length, ended.counts]).toEqual([4, report.counts]);
  writeFileSync(join(folder, "oplead.config.mjs"), configWith("audit: false,"));
  expect((await oplead(folder, "history", { env })).stderr).toContain("has no audit file");
});
