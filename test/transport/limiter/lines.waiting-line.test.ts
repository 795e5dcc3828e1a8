import { expect, it } from "vitest";
import { type Waiter, WaitingLine } from "../../../src/transport/limiter/lines.ts";

const waiter = (deadlineAt: number) => ({ deadlineAt, end: () => {} });
const names = (line: WaitingLine<string>) => {
  const found: number[] = [];
  line.each(({ deadlineAt }) => found.push(deadlineAt));
  return found;
};

it("a waiting line gives most attempts first, then the oldest, and skips those that left", () => {
  const line = new WaitingLine<string>();
  expect(line.shift()).toBeUndefined();
  const waiters = [0, 0, 2, 0, 2].map((sentBefore, name) => {
    const one = waiter(name);
    line.push(one, sentBefore);
    return one;
  });
  (waiters[1] as Waiter<string>).end = undefined;
  expect(names(line)).toEqual([0, 3, 2, 4]);
  expect(line.shift()).toBe(waiters[2]);
  expect(names(line)).toEqual([0, 3, 4]);
  expect([line.shift(), line.shift(), line.shift(), line.shift()]).toEqual([
    waiters[4],
    waiters[0],
    waiters[3],
    undefined,
  ]);
  expect(names(line)).toEqual([]);
});
