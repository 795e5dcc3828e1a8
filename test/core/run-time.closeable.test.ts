import { expect, it } from "vitest";
import { closeable } from "../../src/core/run-time.ts";

it("await using closes an object at the end of its block, even when the block throws", async () => {
  const closed: string[] = [];
  const open = (name: string) => closeable({ close: async () => void closed.push(name) });
  {
    await using _first = open("first");
    await using _second = open("second");
    expect(closed).toEqual([]);
  }
  expect(closed).toEqual(["second", "first"]);
  const failing = async () => {
    await using _third = open("third");
    throw new Error("the block");
  };
  await expect(failing()).rejects.toThrow("the block");
  expect(closed).toEqual(["second", "first", "third"]);
});

it("`await using` calls the close that the object was made with, and copies leave the symbol out", async () => {
  const closed: string[] = [];
  const object = closeable({ close: async () => void closed.push("first") });
  expect(object).toEqual({ close: expect.any(Function) });
  expect(Object.getOwnPropertySymbols({ ...object })).toEqual([]);
  object.close = async () => void closed.push("other");
  await object[Symbol.asyncDispose]();
  expect(closed).toEqual(["other"]);
});

it("in a run time without Symbol.asyncDispose, closeable() adds nothing to the object", () => {
  let plain: object;
  const original = globalThis.Symbol;
  globalThis.Symbol = {} as never;
  try {
    plain = closeable({ close: async () => {} });
  } finally {
    globalThis.Symbol = original;
  }
  expect(Reflect.ownKeys(plain)).toEqual(["close"]);
});
