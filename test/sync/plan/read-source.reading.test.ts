import { expect, it } from "vitest";
import { readingOf, readTo } from "../../../src/sync/plan/read-source.ts";
import { lostRecords } from "../../support/changes-model.ts";
import { sized } from "../../support/long-form.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;
const KNOWN = { readAt: NOW - DAY, fullyReadAt: NOW - 2 * DAY, entries: 5 };
const basis = { incremental: {}, needsAll: false, info: KNOWN, entries: 5, now: NOW };

it("a source is asked for the changes since the last reading began, minus the lookback", () => {
  const reading = readingOf(basis);
  expect(reading).toMatchObject({ isFull: false, startedAt: NOW, from: NOW - DAY });
  expect(reading.request).toEqual({ since: new Date(NOW - DAY - HOUR), lookbackMs: HOUR });
  expect(readingOf({ ...basis, incremental: { lookbackMs: 0 } }).request.since).toEqual(new Date(NOW - DAY));
});

it.each([
  ["the ledger is new", { info: undefined }],
  ["the ledger was never read in full", { info: { readAt: NOW - DAY } }],
  ["the ledger has lost entries", { entries: 4 }],
  [
    "the last full reading was a week ago, or some minutes less because the job started early",
    { now: NOW + 5 * DAY - HOUR / 2 },
  ],
  ["the plan needs all records", { needsAll: true }],
  ["a reading in the future shows that a clock was wrong", { now: NOW - DAY - 1 }],
  ["every reading is to be full", { incremental: { fullEveryDays: 0 } }],
])("the plan asks the source for every record, because %s", (_why, more) => {
  expect(readingOf({ ...basis, ...more })).toMatchObject({
    isFull: true,
    isTracked: true,
    request: { since: undefined },
  });
});

it("a source gets and the ledger notes no time of a reading if incremental is true or false", () => {
  for (const incremental of [true, false]) {
    const reading = readingOf({ ...basis, incremental });
    expect(reading).toMatchObject({ isFull: !incremental, request: { since: undefined } });
    expect(readTo(reading, KNOWN, { isOpen: false, areWaiting: false, areLeaversTold: true })).toEqual({});
  }
});

const changes = readingOf(basis);
const full = readingOf({ ...basis, needsAll: true });
const fine = { isOpen: false, areWaiting: false, areLeaversTold: true };

it.each([
  ["the changes arrived", changes, {}, { readAt: NOW }],
  ["everything arrived", full, {}, { readAt: NOW, fullyReadAt: NOW }],
  ["a user failed", changes, { isOpen: true }, {}],
  ["a user failed in a full reading", full, { isOpen: true }, { fullyReadAt: NOW }],
  ["a user waits for another record", changes, { areWaiting: true }, {}],
  ["a user waits in a full reading", full, { areWaiting: true }, { readAt: NOW, fullyReadAt: NOW }],
  ["the leavers could not be reported", full, { areLeaversTold: false }, { readAt: NOW }],
])("the ledger notes the right time of the last reading if %s", (_what, reading, ended, expected) => {
  expect(readTo(reading, KNOWN, { ...fine, ...ended })).toEqual(expected);
});

it("the noted time of a reading stays if the ledger was replaced by an older one meanwhile", () => {
  expect(readTo(changes, { ...KNOWN, readAt: NOW - 3 * DAY }, fine)).toEqual({});
  expect(readTo(changes, undefined, fine)).toEqual({});
});

const bounds = { lateCommit: 1_000, sourceSkew: 300, ownSkew: 200 };
const lost = (count: number, lookbackMs: number) => {
  const seeds = Array.from({ length: count }, (_, seed) => seed);
  return seeds.filter((seed) => lostRecords(seed, { ...bounds, lookbackMs }) > 0);
};

it("no record is lost if the lookback covers the longest transaction and the difference of the clocks", () => {
  expect(lost(sized(2_000, 30_000), 1_500)).toEqual([]);
});

it("the model notices a lookback that is too short", () => {
  expect(lost(2_000, 500).length).toBeGreaterThan(0);
  expect(lost(2_000, 0).length).toBeGreaterThan(20);
});
