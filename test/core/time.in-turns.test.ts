import { expect, it } from "vitest";
import { inTurns } from "../../src/core/time.ts";
import type { UserInput } from "../../src/index.ts";
import { failureOf } from "../support/failure.ts";
import { sized } from "../support/long-form.ts";
import { longestBlock, processorMs, shortestOf } from "../support/longest-block.ts";
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

it("planning thousands of users yields to other work of the process", async () => {
  const count = sized(6_000, 20_000);
  function* source() {
    for (let number = 0; number < count; number += 1) yield user(number);
  }
  // 50 ms for 20,000 users on an idle machine.
  expect(await shortestOf(3, 250, () => longestBlock(() => on.plan(source())))).toBeLessThan(250);
});

it("a signal ends planning within 100 ms, even while an endless synchronous source is read", async () => {
  function* source(): Generator<UserInput> {
    for (let number = 0; ; number += 1) yield user(number % 100);
  }
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  let abortedAt = process.cpuUsage();
  controller.signal.addEventListener("abort", () => {
    abortedAt = process.cpuUsage();
  });
  const error = await failureOf(on.plan(source(), { signal: controller.signal }));
  expect(error.code).toBe("aborted");
  expect(processorMs(abortedAt)).toBeLessThan(100);
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

it("a chain of thousands of parents is planned in time that grows with its length, not with its square", async () => {
  const chain = (length: number) =>
    Array.from({ length }, (_, number) =>
      user(number, {
        profile: { code: "PRF_NETWORK" },
        parentUserIdentifier: number + 1 < length ? `ACC-${number + 1}` : undefined,
      }),
    );
  const timeOf = async (length: number): Promise<number> => {
    const source = chain(length);
    const start = process.cpuUsage();
    await on.plan(source, { checks: false, guard: false });
    return processorMs(start);
  };
  await timeOf(1_000);
  const length = sized(1_000, 2_500);
  const [short, long] = [await timeOf(length), await timeOf(8 * length)];
  // The chain is eight times as long: quadratic time would be 64 times.
  expect(long / short).toBeLessThan(32);
});
