import { expect, it, vi } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { markLeaver, type SyncOptions } from "../../src/sync/index.ts";
import { failureOf } from "../support/failure.ts";
import { eachTestItsWorld, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const DAY = 24 * 3_600_000;
const FILE = "yesterday.csv";

type More = Partial<SyncOptions<UserInput>>;

const inVersion = (version: number | string | undefined): More => ({ map: (one) => ({ user: one, version }) });
const withPhone = (phone: string, count = 5): UserInput[] => users(count).map((one) => ({ ...one, phone }));
const phones = (): unknown[] => [...new Set(on.world.fake.users.map(({ phone }) => phone))];
const BAD = "+33600000000";
const GOOD = "+33611111111";

it.each([
  ["older", 3],
  ["none", undefined],
  ["of another kind", "2026-01-31T02:00:00Z"],
])("a file is sent although the ledger has a newer version (version in the file: %s)", async (_, version) => {
  await on.sync(withPhone(GOOD), { ...inVersion(6), guard: false });
  await on.sync(withPhone(BAD), { ...inVersion(7), guard: false });
  const plan = await on.plan(withPhone(GOOD), { ...inVersion(version), guard: false, advanced: { sourceFile: FILE } });
  expect(plan).toMatchObject({ counts: { changed: 5, stale: 0 }, selection: { sourceFile: FILE } });
  expect(plan.warnings.map(({ code }) => code)).toEqual(["source_file"]);
  const report = await plan.apply();
  expect(report).toMatchObject({ status: "complete", exitCode: 0, sourceFile: FILE, counts: { updated: 5 } });
  expect(await report.render("text")).toContain(`reads ${FILE} in place of the source`);
  expect(phones()).toEqual([GOOD]);

  expect((await on.plan(withPhone(BAD), { ...inVersion(6), guard: false })).counts).toMatchObject({ stale: 5 });
  expect((await on.sync(withPhone(BAD), { ...inVersion(7), guard: false })).counts).toMatchObject({ updated: 5 });
  expect(phones()).toEqual([BAD]);
});

it("users that a file lacks are not missing, and missing users stay so until the source has them", async () => {
  const onMissing = vi.fn();
  await on.sync(users(5));
  await on.sync(users(4), { onMissing });
  expect(onMissing).toHaveBeenCalledTimes(1);
  expect(await markLeaver(on.ledger, "ACC-4")).toBe(true);
  const before = await on.ledger.get("ACC-4");
  const report = await on.sync([user(1), user(4)], { onMissing, advanced: { sourceFile: FILE } });
  expect(report).toMatchObject({ status: "complete", findings: [], counts: { unchanged: 2 } });
  expect(onMissing).toHaveBeenCalledTimes(1);
  expect((await on.ledger.get("ACC-2"))?.missingSince).toBeUndefined();
  expect(await on.ledger.get("ACC-4")).toEqual(before);
});

it("a run from a file notes no reading: the next run reads the whole source and sends its state", async () => {
  const asked: (Date | undefined)[] = [];
  const night = (day: number, phone: string, more: More = {}) =>
    on.sync([], {
      source: ({ since }) => {
        asked.push(since);
        return withPhone(phone);
      },
      incremental: {},
      guard: false,
      now: () => 1_000 * DAY + day * DAY,
      ...more,
    });
  await night(0, BAD);
  const before = await on.ledger.getInfo?.();
  await night(1, BAD, { source: withPhone(GOOD), advanced: { sourceFile: FILE } });
  const after = await on.ledger.getInfo?.();
  expect(after?.readAt).toBe(before?.readAt);
  expect(phones()).toEqual([GOOD]);
  await night(1.5, BAD);
  expect(asked).toEqual([undefined, undefined]);
  expect(phones()).toEqual([BAD]);
});

it("a file is refused if map fails for all of its records, and the error names its columns and no values", async () => {
  const radiusOf = (one: UserInput) => (one as { readonly radii?: number[] }).radii?.at(0)?.toFixed() as string;
  const map = (one: UserInput) => ({ user: one, rules: { maxDistance: radiusOf(one).length } });
  const failure = await failureOf(on.plan([user(7)], { map, advanced: { sourceFile: FILE } }));
  expect(failure).toMatchObject({ code: "source_failed", retryable: false });
  expect(failure.message).toMatch(
    /planSync: yesterday\.csv: map threw for every record, first TypeError at source-file.* It has .*"accountNumber"/,
  );
  expect(failure.message).not.toContain("ACC-7");
  expect(failure.message).not.toContain("Zoé");
  const partly = (one: UserInput) => (one.accountNumber === "ACC-0" ? { user: one } : map(one));
  expect((await on.plan(users(2), { map: partly, advanced: { sourceFile: FILE } })).counts).toMatchObject({
    new: 1,
    invalid: 1,
  });
});
