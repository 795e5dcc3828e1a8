import { join } from "node:path";
import { expect, it } from "vitest";
import { openAudit } from "../../src/audit/audit-file.ts";
import { asFailure, OpleadError } from "../../src/core/errors.ts";
import { userTimeline } from "../../src/parts.ts";
import { memoryLedger, moveUsers, type UserOutcome } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { folderWith } from "../support/folder.ts";

const DAY = 86_400_000;
const iso = (day: number) => new Date(day * DAY).toISOString();

async function story() {
  const audit = join(await folderWith({}), "audit.jsonl");
  let day = 0;
  const file = openAudit({ file: audit }, { now: () => day * DAY });
  const told = {
    outcome: "updated",
    final: true,
    testMode: false,
    fields: [],
    applied: [],
    failed: [],
    held: [],
    requests: 1,
    requestIds: [],
  } as const;
  const line = (when: number, accountNumber: string, id: string | undefined, more: object = {}): void => {
    day = when;
    file.onUser({ ...told, accountNumber, id, runId: `r${when}`, ...more } as UserOutcome);
  };
  const runs = (when: number, run: string, baseUrl: string): void => {
    day = when;
    file.write({
      event: "run_started",
      run,
      platform: { baseUrl },
      ...{ operator: "eve", host: "h", packageVersion: "1" },
    });
  };
  return { audit, line, runs };
}

const days = (events: readonly { readonly time: string; readonly accountNumber: string }[]) =>
  events.map(({ time, accountNumber }) => `${accountNumber} ${Date.parse(time) / DAY}`);

it("a timeline has the user's audit lines of all days and its held steps, with advice about refusals", async () => {
  const { audit, line } = await story();
  const error = asFailure(new OpleadError("conflict", "It is taken.", { status: 409, requestId: "q" }));
  const refusal = { step: "user", error, held: true } as const;
  line(3, "A", "1");
  line(1, "A", undefined, { outcome: "failed", failed: [refusal] });
  line(2, "B", "2");
  const ledger = memoryLedger();
  const held = { user: { step: "user", hash: "h", code: "conflict", status: 409, at: DAY } } as const;
  await setEntry(ledger, "A", {
    id: "1",
    rules: {},
    at: 3 * DAY,
    held,
    missingSince: 5 * DAY,
    leaverDone: 6 * DAY,
  });
  const timeline = await userTimeline("A", { audit, ledger });
  expect(days(timeline.events)).toEqual(["A 1", "A 3"]);
  expect(timeline.events[0]?.advice).toEqual([expect.objectContaining({ code: "conflict" })]);
  expect(timeline).toMatchObject({
    ...{ id: "1", inLedger: true, movedFrom: [], movedTo: undefined, missingSince: iso(5), leaverDone: iso(6) },
    held: [{ step: "user", code: "conflict", since: iso(1), until: iso(8), advice: { code: "conflict" } }],
  });
  const nothing = { events: [], id: undefined, inLedger: undefined, held: [], movedTo: undefined };
  expect(await userTimeline("C", { audit })).toMatchObject(nothing);
});

it("a timeline of a moved user has its earlier account numbers, without other users of these numbers", async () => {
  const { audit, line } = await story();
  line(1, "A", "9"); // another person
  line(2, "A", undefined, { outcome: "held" });
  line(3, "A", "1", { outcome: "created" });
  line(4, "A", undefined, { outcome: "held" });
  line(5, "B", "1");
  line(6, "A", "8"); // another person
  line(7, "C", "1");
  line(8, "C", undefined, { outcome: "held" });
  const timeline = await userTimeline("C", { audit });
  expect(days(timeline.events)).toEqual(["A 2", "A 3", "A 4", "B 5", "C 7", "C 8"]);
  expect(timeline.movedFrom).toEqual([
    { accountNumber: "A", by: iso(5) },
    { accountNumber: "B", by: iso(7) },
  ]);
  const middle = await userTimeline("B", { audit });
  expect([days(middle.events), middle.movedTo]).toEqual([["A 2", "A 3", "A 4", "B 5"], "C"]);
  const ledger = memoryLedger();
  await setEntry(ledger, "C", { id: "1", rules: {}, at: 1 });
  await moveUsers(ledger, [["C", "D"]]);
  expect(await userTimeline("C", { audit, ledger })).toMatchObject({ movedTo: "D", id: "1" });
  const next = await userTimeline("D", { audit, ledger });
  expect(days(next.events)).toEqual(["A 2", "A 3", "A 4", "B 5", "C 7", "C 8"]);
  expect(next.movedFrom.map(({ accountNumber }) => accountNumber)).toEqual(["A", "B", "C"]);
});

it("a timeline leaves out another platform's runs, and takes an ID on two platforms for no move", async () => {
  const { audit, line, runs } = await story();
  runs(0, "live", "https://api.example");
  runs(0, "test", "https://test.example");
  line(1, "A", "1", { runId: "live" });
  line(2, "A", "7", { runId: "test" });
  line(3, "Z", "1", { runId: undefined });
  line(4, "A", "1", { runId: undefined });
  line(5, "Z", "1", { runId: undefined });
  const timeline = await userTimeline("A", { audit, platform: { baseUrl: "https://api.example" } });
  expect([days(timeline.events), timeline.movedFrom, timeline.movedTo]).toEqual([["A 1", "A 4"], [], undefined]);
  expect(days((await userTimeline("A", { audit })).events)).toEqual(["A 1", "A 2", "A 4"]);
});
