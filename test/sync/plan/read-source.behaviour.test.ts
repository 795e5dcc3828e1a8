import { inspect } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { csvSource } from "../../../src/config/index.ts";
import type { OpleadError } from "../../../src/core/errors.ts";
import { type Ledger, memoryLedger, planSync, type SourceUser } from "../../../src/sync/index.ts";
import { openWorld, user, users, type World } from "../../support/sync-users.ts";

let world: World;
let ledger: Ledger;

beforeEach(async () => {
  world = await openWorld();
  ledger = memoryLedger();
});
afterEach(() => world.close());

const asIs = (user: SourceUser["user"]) => ({ user });

it("the source is read once, and only as fast as its records are mapped", async () => {
  let read = 0;
  let mapped = 0;
  let ahead = 0;
  async function* source() {
    for (let number = 0; number < 50; number += 1) {
      read += 1;
      ahead = Math.max(ahead, read - mapped);
      yield user(number);
    }
  }
  const map = async (record: SourceUser["user"]) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    mapped += 1;
    return { user: record };
  };
  const result = await planSync(world.connect(), { source: source(), map, ledger, concurrency: 4 });
  expect(result.counts).toMatchObject({ records: 50, new: 50 });
  expect(read).toBe(50);
  expect(ahead).toBeLessThanOrEqual(5);
});

it("the source may be a function that promises an iterable", async () => {
  const result = await planSync(world.connect(), { source: async () => users(2), map: asIs, ledger });
  expect(result.counts).toMatchObject({ records: 2 });
});

it("planning fails with the file and the reason if csvSource cannot read it", async () => {
  const planning = planSync(world.connect(), { source: csvSource("/nowhere/dealers.csv"), map: () => null, ledger });
  await expect(planning).rejects.toMatchObject({
    code: "source_failed",
    message: "planSync: the source failed after no records: dealers.csv: the file does not exist. Nothing was sent.",
  });
});

it("a source that breaks ends planning, and its own error is not printed", async () => {
  const own = Object.assign(new Error("line 2: cannot read 'Zoé Martin'"), {
    code: "CSV_QUOTE",
    config: { headers: { authorization: "Bearer of-the-hr-system" } },
  });
  async function* source() {
    yield user(0);
    throw own;
  }
  const error = await planSync(world.connect(), { source, map: asIs, ledger }).catch((error: unknown) => error);
  expect(error).toMatchObject({
    code: "source_failed",
    retryable: false,
    message: expect.stringMatching(
      /^planSync: the source failed after 1 record: Error CSV_QUOTE at read-source\.behaviour\.test\.ts:\d+:\d+\. Nothing was sent\.$/,
    ),
  });
  expect((error as OpleadError).cause).toBe(own);
  for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error)]) {
    expect(text).not.toMatch(/Martin|of-the-hr-system/);
  }
});

it("a source that hangs does not keep the signal from ending planning", async () => {
  async function* source() {
    yield user(0);
    await new Promise(() => {});
  }
  const signal = AbortSignal.timeout(30);
  await expect(planSync(world.connect(), { source, map: asIs, ledger, signal })).rejects.toMatchObject({
    code: "aborted",
  });
});
