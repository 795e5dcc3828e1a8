import { expect, it } from "vitest";
import { recent } from "../../../src/command/live/readiness.ts";

it("recent() asks once for all callers at the same time, and again once the answer is too old", async () => {
  let now = 0;
  let asked = 0;
  const answers: ((value: number) => void)[] = [];
  const ask = recent(
    () => new Promise<number>((resolve) => answers.push(resolve)).finally(() => (asked += 1)),
    100,
    () => now,
  );
  const both = Promise.all([ask(), ask()]);
  now = 5_000; // an answer that is on its way is waited for, however long it takes
  const third = ask();
  answers[0]?.(1);
  expect([...(await both), await third]).toEqual([1, 1, 1]);
  now += 100;
  expect(await ask()).toBe(1);
  now += 1;
  const next = ask();
  answers[1]?.(2);
  expect(await next).toBe(2);
  expect(asked).toBe(2);
});

it("recent() remembers a failure for as long as it remembers an answer", async () => {
  let asked = 0;
  const ask = recent(
    async () => {
      asked += 1;
      throw new Error("down");
    },
    100,
    () => 0,
  );
  await expect(ask()).rejects.toThrow("down");
  await expect(ask()).rejects.toThrow("down");
  expect(asked).toBe(1);
});
