/** An undo whose audit is damaged or of several platforms, or whose clock was wrong. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { hashOf } from "../../src/base/hash/hash.ts";
import type { OpleadOptions, UserInput } from "../../src/index.ts";
import { type AuditFile, auditFile, memoryLedger, planUndo, type UndoOptions } from "../../src/sync/index.ts";
import { failureOf } from "../support/failure.ts";
import { user, users } from "../support/sync-users.ts";
import { eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const HOUR = 3_600_000;
const free = { guard: false } as const;
let path: string;

beforeEach(() => {
  on.ledger = memoryLedger({ ledgerKey: "a secret of the tests, long enough", remember: true });
  const folder = mkdtempSync(join(tmpdir(), "oplead-undo-"));
  path = join(folder, "audit.jsonl");
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const spoiled = (one: UserInput, at = 0): UserInput => ({ ...one, phone: `+3310000${at}`, lastname: "Wrong" });
const state = () => hashOf(on.world.fake.users);
const undo = (run: string, more: Partial<UndoOptions> = {}, client?: OpleadOptions) =>
  planUndo(on.world.connect(client), { run, ledger: on.ledger, audit: path, ...free, ...more });

/** A run with the lines that the command writes of it, by a clock that is so many milliseconds ahead. */
async function night(run: string, source: UserInput[], ahead = 0, client?: OpleadOptions): Promise<void> {
  const now = () => Date.now() + ahead;
  const audit = auditFile(path, { now });
  await audited(audit, run, client, () =>
    on.sync(source, { ...free, runId: run, onUser: audit.onUser, incremental: true, now }, client),
  );
}

async function audited(audit: AuditFile, run: string, client: OpleadOptions | undefined, task: () => Promise<unknown>) {
  const platform = { baseUrl: on.world.url, name: client?.platform };
  audit.write({
    event: "run_started",
    run,
    operator: "test",
    host: "test",
    pid: 1,
    packageVersion: "0",
    platform,
  } as never);
  await task();
  audit.write({ event: "run_ended", run, status: "complete", exitCode: 0 } as never);
  await audit.close();
}

const leftBy = (plan: Awaited<ReturnType<typeof undo>>) =>
  plan.undo?.left.map(({ accountNumber, code, parameters }) => [accountNumber, code, parameters]).sort();

it("an undo puts back all that the ledger remembers if the audit has lost lines of the run, ends in half a line, or is gone", async () => {
  await night("night-1", users(6));
  const before = state();
  await night("night-2", users(6).map(spoiled));
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  const isOf2 = (line: string) => line.includes('"run":"night-2"');
  const plans = [];
  for (const damaged of [
    text,
    text.slice(0, -20),
    `${text}{"event":"user","version":1,"run":"night-2","accountNumber":"ACC-`,
    lines.filter((line) => !(isOf2(line) && line.includes("ACC-3"))).join("\n"),
    lines.filter((line) => !(isOf2(line) && line.includes("run_"))).join("\n"),
    lines.filter((line) => !isOf2(line)).join("\n"),
    text.replaceAll("\n", "\n\0\n}{\n"),
    "",
  ]) {
    writeFileSync(path, damaged);
    const plan = await undo("night-2");
    plans.push([plan.hash, plan.counts.changed, leftBy(plan)]);
  }
  rmSync(path);
  const last = await undo("night-2");
  expect(plans).toEqual(Array.from({ length: 8 }, () => [last.hash, 6, []]));
  expect((await last.apply()).status).toBe("complete");
  expect(state()).toBe(before);
});

it("an undo lists a user that changed again since, also if the audit ends in half a line, and not if its line is lost", async () => {
  await night("night-1", users(4));
  await night("night-2", users(4).map(spoiled));
  await night("night-3", [user(1, { phone: "+331" })]);
  const text = readFileSync(path, "utf8");
  for (const damaged of [text, text.slice(0, -30)]) {
    writeFileSync(path, damaged);
    expect(leftBy(await undo("night-2"))).toEqual([["ACC-1", "changed_since", { run: "night-3" }]]);
  }
  const lost = text.split("\n").filter((line) => !(line.includes('"run":"night-2"') && line.includes("ACC-1")));
  writeFileSync(path, lost.join("\n"));
  const plan = await undo("night-2");
  expect([leftBy(plan), plan.counts.changed]).toEqual([[], 3]);
});

it.each([
  ["ahead", HOUR],
  ["behind", -HOUR],
])("an undo is the same if the clock of the run was an hour %s, and its own clock is right", async (_, ahead) => {
  await night("night-1", users(5));
  const before = state();
  await night("night-2", users(5).map(spoiled), ahead);
  await night("night-3", [user(1, { phone: "+331" })]);
  const plan = await undo("night-2");
  expect(leftBy(plan)).toEqual([["ACC-1", "changed_since", { run: "night-3" }]]);
  // In the order in which the run's answers came.
  expect(plan.changes.map(({ accountNumber }) => accountNumber).sort()).toEqual(["ACC-0", "ACC-2", "ACC-3", "ACC-4"]);
  expect((await plan.apply({ runId: "undo-1" })).status).toBe("complete");
  await (await undo("night-3")).apply();
  // The older value of ACC-1 is not remembered any more: the source has to send it.
  expect(state()).not.toBe(before);
  await night("night-4", users(5));
  expect(state()).toBe(before);
});

it("an undo by a clock that is an hour behind that of the run is complete, and so is the undo of the undo", async () => {
  await night("night-1", users(5));
  const before = state();
  await night("night-2", users(5).map(spoiled), HOUR);
  const after = state();
  const audit = auditFile(path, { origin: "undo", now: () => Date.now() - HOUR });
  const plan = await undo("night-2", { now: () => Date.now() - HOUR });
  await audited(audit, "undo-1", undefined, () => plan.apply({ runId: "undo-1", onUser: audit.onUser }));
  expect(state()).toBe(before);
  const again = await undo("undo-1");
  expect([again.counts.changed, leftBy(again)]).toEqual([5, []]);
  await again.apply({ runId: "undo-2" });
  expect(state()).toBe(after);
});

it("a run of another platform in the same audit is not known, and no user with an equal account number is taken for one of its", async () => {
  await night("night-1", users(3));
  const ours = on.ledger;
  on.ledger = memoryLedger({ ledgerKey: "a secret of the tests, long enough", remember: true });
  await night("elsewhere", users(3).map(spoiled), 0, { platform: "staging" });
  const theirs = on.ledger;
  on.ledger = ours;
  on.world.newRequests();
  expect(await failureOf(undo("elsewhere"))).toMatchObject({
    code: "invalid_options",
    issues: [{ path: "run", code: "unknown_run", message: expect.stringContaining("for this platform") }],
  });
  // The ledger of one platform is refused for the other, whatever the audit says.
  expect(await failureOf(undo("elsewhere", { ledger: theirs }))).toMatchObject({ code: "ledger_mismatch" });
  expect(await failureOf(undo("night-1", {}, { platform: "staging" }))).toMatchObject({ code: "ledger_mismatch" });
  expect(on.world.newRequests()).toBe(0);
});
