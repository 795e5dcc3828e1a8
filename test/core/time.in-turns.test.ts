import { expect, it } from "vitest";
import { inTurns } from "../../src/core/time.ts";
import type { UserInput } from "../../src/index.ts";
import { failureOf } from "../support/failure.ts";
import { eachTestItsWorld, user } from "../support/sync-world.ts";

const on = eachTestItsWorld();

it("a loop over inTurns gives every item in order, and lets timers run between the items", async () => {
  const events: string[] = [];
  const busy = (item: number) => {
    for (const start = performance.now(); performance.now() - start < 6; );
    if (item === 1) setTimeout(() => events.push("later"), 0);
    events.push(String(item));
  };
  const work = { caller: "test", signal: undefined };
  for await (const item of inTurns([1, 2, 3, 4], work)) busy(item);
  expect(events.filter((event) => /\d/.test(event))).toEqual(["1", "2", "3", "4"]);
  expect(events.indexOf("later")).toBeLessThan(events.indexOf("4"));
});

it("a loop over inTurns takes lists and streams, and ends once its signal is aborted", async () => {
  const controller = new AbortController();
  async function* endless() {
    for (let item = 0; ; item += 1) yield item;
  }
  let last = 0;
  const read = async () => {
    for await (const item of inTurns(endless(), { caller: "reading", signal: controller.signal })) {
      last = item;
      if (item === 1_000) controller.abort(new Error("enough"));
    }
  };
  const { code, message, thrown } = await failureOf(read);
  expect([code, message, thrown]).toEqual(["aborted", "reading: ended by the caller's signal.", new Error("enough")]);
  expect(last).toBeGreaterThanOrEqual(1_000);
});

it("a signal ends planning, even while an endless synchronous source is read", async () => {
  function* source(): Generator<UserInput> {
    for (let number = 0; ; number += 1) yield user(number % 100);
  }
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const error = await failureOf(on.plan(source(), { signal: controller.signal }));
  expect(error.code).toBe("aborted");
});

it("a signal ends planning while a large ledger is read", async () => {
  const controller = new AbortController();
  const endless = {
    ...on.ledger,
    async *entries() {
      for (let number = 0; ; number += 1) yield [`ACC-${number % 100}`, { rules: {}, at: 0 }] as const;
    },
  };
  setTimeout(() => controller.abort(), 30);
  const error = await failureOf(on.plan([], { ledger: endless, signal: controller.signal }));
  expect(error.code).toBe("aborted");
});
