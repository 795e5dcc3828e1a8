import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Recent } from "../../src/core/keyed.ts";
import { FakeClock } from "../support/fake-clock.ts";

it("Recent keeps what a list in the order of the latest calls of set would keep", () => {
  const step = fc.record({
    what: fc.constantFrom("set", "set", "set", "delete"),
    key: fc.constantFrom(..."abcdefgh"),
    ms: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 9 }), (steps, ttlMs) => {
      const clock = new FakeClock();
      const recent = new Recent<number>(clock, ttlMs, 4);
      let kept: { key: string; value: number; at: number }[] = [];
      for (const [value, { what, key, ms }] of steps.entries()) {
        clock.sleep(ms);
        kept = kept.filter((other) => other.key !== key);
        if (what === "delete") recent.delete(key);
        else {
          recent.set(key, value);
          kept = [...kept, { key, value, at: clock.now() }].slice(-4);
        }
        const expected = kept.filter(({ at }) => clock.now() - at < ttlMs);
        for (const name of "abcdefgh") {
          expect(recent.get(name)).toBe(expected.find((other) => other.key === name)?.value);
        }
      }
    }),
  );
});

it("Recent needs no more memory after a million values for the same few keys", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const recent = new Recent<number>(new FakeClock(), 300_000);
  const heapAfter = (sets: number) => {
    for (let i = 0; i < sets; i += 1) recent.set(`user-${i % 20}`, i);
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = heapAfter(10_000);
  // 70 MB when an iterator was kept.
  expect(heapAfter(1_000_000) - before).toBeLessThan(10_000_000);
});
