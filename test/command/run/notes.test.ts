import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readAudit } from "../../../src/parts.ts";
import { onPlatform, openPlatform, oplead, projectWith } from "../../support/command.ts";

const AUDIT = "oplead-audit.jsonl";
const MARK = "oplead-ledger.mark.json";

it("two hosts with copies of one ledger: the older copy is refused until a run with --resend", async () => {
  const { folder, run } = await onPlatform(projectWith());
  const path = (name: string) => join(folder, name);
  // Another name of the host makes the runs those of another host.
  const byAnotherHost = (name: string) => {
    writeFileSync(path(name), readFileSync(path(name), "utf8").replaceAll(/("host": ?)"[^"]+"/g, '$1"there"'));
  };
  expect((await run("sync")).code).toBe(0);
  cpSync(path("oplead-ledger"), path("copy"), { recursive: true });
  byAnotherHost(AUDIT);
  byAnotherHost(MARK);
  expect((await run("sync")).code).toBe(0);
  byAnotherHost(AUDIT);
  byAnotherHost(MARK);

  rmSync(path("oplead-ledger"), { recursive: true });
  renameSync(path("copy"), path("oplead-ledger"));
  const mark = readFileSync(path(MARK), "utf8");
  for (const without of [AUDIT, MARK]) {
    const kept = readFileSync(path(without), "utf8");
    rmSync(path(without));
    const { code, stderr } = await run("sync");
    expect([code, stderr]).toEqual([3, expect.stringContaining("A run on there has ended since the last run of this")]);
    writeFileSync(path(without), kept);
  }
  expect(readFileSync(path(MARK), "utf8")).toBe(mark);
  expect((await run("sync --resend")).code).toBe(0);
  expect((await run("sync")).code).toBe(0);
});

it("a trial of every user on another host does not get the next run on this host refused", async () => {
  const { env } = await openPlatform();
  const folder = await projectWith();
  const run = async (...args: string[]) => (await oplead(folder, args, { env })).code;
  expect([await run("sync"), await run("sync", "--limit", "9")]).toEqual([0, 0]);
  const audit = join(folder, AUDIT);
  const [before, trial] = [...readAudit(audit, { runs: true })].filter(({ event }) => event === "run_ended");
  expect([before, trial]).toMatchObject([{ status: "complete" }, { part: true, status: "complete" }]);
  expect(before).not.toHaveProperty("part");
  writeFileSync(audit, readFileSync(audit, "utf8").replaceAll(/("host": ?)"[^"]+"/g, '$1"there"'));
  expect(await run("sync")).toBe(0);
});
