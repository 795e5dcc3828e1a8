import { expect, it } from "vitest";
import { Concurrency } from "../../../src/transport/limiter/lines.ts";

function accept(concurrency: Concurrency, inFlight: number, times: number) {
  for (let i = 0; i < times; i += 1) concurrency.accepted(inFlight);
}

function limited() {
  const concurrency = new Concurrency(16);
  concurrency.refused(8);
  concurrency.refused(8);
  return concurrency;
}

it("two 429s of too many requests in flight set a limit one below the smaller of the two numbers", () => {
  const concurrency = new Concurrency(16);
  expect(concurrency.limit).toBe(16);
  expect(concurrency.refused(9)).toBe(true);
  expect(concurrency.limit).toBe(16);
  expect(concurrency.refused(12)).toBe(true);
  expect(concurrency.limit).toBe(8);
});

it("a 429 is not explained by as many in flight as one of the last twenty acceptances had", () => {
  for (const accepted of [8, 12]) {
    const concurrency = new Concurrency(16);
    concurrency.accepted(accepted);
    accept(concurrency, 3, 19);
    expect(concurrency.refused(8)).toBe(false);
    concurrency.accepted(3);
    expect(concurrency.refused(8)).toBe(true);
  }
});

it("an earlier 429 no longer counts once as many requests in flight were accepted", () => {
  for (const accepted of [8, 9]) {
    const concurrency = new Concurrency(16);
    concurrency.refused(8);
    concurrency.accepted(accepted);
    accept(concurrency, 3, 20);
    expect(concurrency.refused(8)).toBe(true);
    expect(concurrency.limit).toBe(16);
    expect(concurrency.refused(10)).toBe(true);
    expect(concurrency.limit).toBe(7);
  }
});

it("the in-flight limit is raised by one after fifty acceptances during which it was fully used", () => {
  const concurrency = limited();
  accept(concurrency, 6, 100);
  accept(concurrency, 7, 49);
  expect(concurrency.limit).toBe(7);
  concurrency.accepted(7);
  expect(concurrency.limit).toBe(8);
  accept(concurrency, 8, 49);
  expect(concurrency.limit).toBe(8);
  concurrency.accepted(8);
  expect(concurrency.limit).toBe(9);
});

it("the limit of requests in flight is reset once 429s turn out not to be caused by the number in flight", () => {
  const concurrency = limited();
  accept(concurrency, 7, 50);
  concurrency.refused(8);
  concurrency.refused(8);
  accept(concurrency, 7, 49);
  concurrency.reset();
  expect(concurrency.limit).toBe(16);
  concurrency.refused(8);
  expect(concurrency.limit).toBe(16);
  concurrency.refused(8);
  expect(concurrency.limit).toBe(7);
  accept(concurrency, 7, 49);
  expect(concurrency.limit).toBe(7);
  concurrency.accepted(7);
  expect(concurrency.limit).toBe(8);
});
