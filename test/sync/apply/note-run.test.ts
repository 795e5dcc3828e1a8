import { beforeEach, describe, expect, it, vi } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import type { ApplyOptions } from "../../../src/sync/index.ts";
import { entriesOf } from "../../support/ledger-contract.ts";
import { messagesOf } from "../../support/messages.ts";
import { users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const COUNT = 20;

beforeEach(async () => {
  await on.sync(users(COUNT));
  on.world.newRequests();
});

it("users that left the source are reported to onMissing once, and never removed", async () => {
  const onMissing = vi.fn();
  const rest = users(COUNT).slice(0, 15);
  expect(among((await on.sync(rest, { onMissing })).findings, "leaver")).toHaveLength(5);
  expect(onMissing.mock.calls.map(([{ accountNumber }]) => accountNumber)).toEqual(
    [15, 16, 17, 18, 19].map((number) => `ACC-${number}`),
  );
  const [first] = onMissing.mock.calls;
  const leaver = { accountNumber: "ACC-15", id: expect.any(String), missingSince: expect.any(String) };
  expect(first).toEqual([{ ...leaver, certain: true, due: false }]);
  const report = await on.sync(rest, { onMissing });
  expect(among(report.findings, "leaver")[0]).toMatchObject({
    accountNumber: "ACC-15",
    id: expect.any(String),
    missingSince: expect.any(String),
    state: "grace",
  });
  expect(onMissing).toHaveBeenCalledTimes(5);
  expect(on.world.newRequests()).toBe(0);
  expect(on.world.fake.users).toHaveLength(COUNT);
});

it("missing users for which onMissing threw are reported again by the next run", async () => {
  const onMissing = vi.fn().mockRejectedValueOnce(new RangeError("no mail for zoe@dealers.example"));
  const report = await on.sync(users(COUNT - 2), { onMissing });
  expect(messagesOf(report.warnings)).toEqual([
    expect.stringMatching(
      /^`onMissing` threw for 1 user \(ACC-18\): RangeError at note-run\.test\.ts:\d+:\d+\. The next run calls it again\.$/,
    ),
  ]);
  expect(report).toMatchObject({ status: "partial", exitCode: 4 });
  const next = await on.sync(users(COUNT - 2), { onMissing });
  expect(next).toMatchObject({ status: "complete", exitCode: 0 });
  expect(among(next.findings, "leaver").map(({ accountNumber }) => accountNumber)).toEqual(["ACC-18", "ACC-19"]);
  expect(onMissing).toHaveBeenCalledTimes(3);
});

describe("a run that ends early leaves its notes to the next one", () => {
  const kept = async () => [await entriesOf(on.ledger), await on.ledger.getInfo()];
  const inVersion = (version: number) => (user: UserInput) => ({ user, version });

  it.each<[string, ApplyOptions]>([
    ["was aborted", { signal: AbortSignal.abort() }],
    ["was drained", { drain: AbortSignal.abort() }],
  ])("a run that %s writes no versions, leavers and end of a run into the ledger", async (_how, over) => {
    await on.sync(users(COUNT), { map: inVersion(1) });
    const onMissing = vi.fn();
    const plan = await on.plan(users(COUNT - 1), { map: inVersion(2), onMissing });
    const before = await kept();
    await plan.apply(over);
    expect(await kept()).toEqual(before);
    expect(onMissing).not.toHaveBeenCalled();
    await plan.apply();
    expect(onMissing).toHaveBeenCalledOnce();
    expect(await on.ledger.get("ACC-1")).toMatchObject({ version: 2 });
  });

  it("a run drained while it reports leavers reports no further one, and the next run the rest", async () => {
    const drain = new AbortController();
    const onMissing = vi.fn(() => drain.abort());
    await on.sync(users(COUNT - 3), { onMissing, drain: drain.signal });
    expect(onMissing).toHaveBeenCalledOnce();
    const runs = (await on.ledger.getInfo())?.runs;
    await on.sync(users(COUNT - 3), { onMissing });
    expect(onMissing).toHaveBeenCalledTimes(3);
    expect((await on.ledger.getInfo())?.runs).toBe((runs ?? 0) + 1);
  });
});

it("a run with a queue sends rules of leavers without it, under an open intent", async () => {
  // Without leases; it outlives the process.
  on.ledger = { ...on.ledger, endsWithProcess: undefined };
  const doubts: unknown[] = [];
  const look: typeof fetch = async (input, init) => {
    if (String(input instanceof Request ? input.url : input).includes("max-distance"))
      doubts.push((await on.ledger.get("ACC-19"))?.intent?.open);
    return fetch(input, init);
  };
  const leavers = { graceDays: 0, rules: () => ({ maxDistance: 1 }) };
  const queue = { enqueue: vi.fn(), reconcileUser: vi.fn() };
  const rest = users(COUNT - 1);
  await on.sync(rest, { leavers, queue }, { fetch: look });
  expect(doubts).toEqual([true]);
  expect((await on.ledger.get("ACC-19"))?.intent).toBeUndefined();
});
