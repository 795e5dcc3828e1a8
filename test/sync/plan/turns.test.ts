import { expect, it } from "vitest";
import { eachInTurn } from "../../../src/sync/plan/turns.ts";
import { failureOf } from "../../support/failure.ts";

it("eachInTurn runs its task for items in order, waits for tasks, and lets timers run", async () => {
  const items = [1, 2, 3, 4];
  async function* stream() {
    yield* items;
  }
  for (const source of [items, stream()]) {
    const events: string[] = [];
    await eachInTurn(source, { caller: "test", signal: undefined }, (item) => {
      for (const start = performance.now(); performance.now() - start < 6; );
      if (item === 1) setTimeout(() => events.push("later"), 0);
      events.push(`begin ${item}`);
      return item === 2 ? Promise.resolve().then(() => events.push("end 2")) : undefined;
    });
    expect(events.filter((event) => event !== "later")).toEqual(["begin 1", "begin 2", "end 2", "begin 3", "begin 4"]);
    expect(events.indexOf("later")).toBeLessThan(events.indexOf("begin 4"));
  }
});

it("eachInTurn ends a list and a stream once its signal is aborted or a task fails, and closes them", async () => {
  let closed = 0;
  function* list() {
    try {
      for (let item = 0; ; item += 1) yield item;
    } finally {
      closed += 1;
    }
  }
  async function* stream() {
    yield* list();
  }
  for (const source of [list, stream]) {
    const controller = new AbortController();
    const work = { caller: "reading", signal: controller.signal };
    const { code } = await failureOf(
      eachInTurn(source(), work, (item) => {
        if (item === 1_000) controller.abort();
        return undefined;
      }),
    );
    expect(code).toBe("aborted");
    const fails = eachInTurn(source(), { ...work, signal: undefined }, () => Promise.reject(new Error("no")));
    await expect(fails).rejects.toThrow("no");
  }
  expect(closed).toBe(4);
});
