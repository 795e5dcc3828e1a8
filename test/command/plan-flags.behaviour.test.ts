import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dealersCsv, onPlatform, openPlatform, oplead, projectWith } from "../support/command.ts";

const project = (csv: string) => projectWith("", csv);

it("oplead plan writes its problems as a French CSV, and exits with 5 if records cannot be sent", async () => {
  const { writes, folder, run } = await onPlatform(
    project(dealersCsv(30, "DLR-99;Petit;p@dealers.example;01000;30 km\r\n")),
  );
  const words = ["plan", "--all", "--report", "refus.csv", "--language", "fr", "--detailed-exitcode"];
  const { code, stdout } = await run(words);
  expect(code).toBe(5);
  expect(stdout).toContain("DLR-29 (ligne 31)");
  expect(readFileSync(join(folder, "refus.csv"), "utf8")).toMatch(/^\ufeffligne;[\s\S]*32;DLR-99;/);
  expect(writes()).toBe(0);
});

it("oplead plan that the guard would refuse exits with 3 only with --detailed-exitcode", async () => {
  const { run } = await onPlatform(project(dealersCsv(150)));
  expect(await run("plan --detailed-exitcode")).toMatchObject({ code: 3 });
  expect(await run("plan")).toMatchObject({ code: 0 });
});

const lines = `incremental: {}, source: ({ since }) => {
    console.error("since " + since?.toISOString().slice(0, 4));
    return csvSource("dealers.csv");
  },`;

it("the first run, plan --full, retry and sync --full read a source of changes as a whole", async () => {
  const { env } = await openPlatform();
  const damaged = "DLR-98;Petit;p@dealers.example;1000;30\r\n";
  const folder = await projectWith(lines, dealersCsv(3, damaged));
  const first = await oplead(folder, "sync", { env });
  expect(first.stderr).toMatch(/since undefined[\s\S]*dealers\.csv: row 5, column "zip"/);
  expect((await oplead(folder, "sync", { env })).stderr).toMatch(/since 20\d\d/);
  const full = await oplead(folder, "plan --full --out plan.json", { env });
  expect(full).toMatchObject({ code: 0, stderr: expect.stringContaining("since undefined") });
  expect((await oplead(folder, "apply plan.json", { env })).stderr).toContain("since undefined");
  for (const words of [
    ["retry", "DLR-1"],
    ["plan", "--only", "DLR-1", "--all", "--full"],
    ["sync", "--full"],
  ]) {
    expect((await oplead(folder, words, { env })).stderr).toContain("since undefined");
  }
});
