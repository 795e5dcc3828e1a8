import { expect, it } from "vitest";
import { firstFrameOf, kindOf, tellOf } from "../../src/webhook/log.ts";

it("the log names a delivery by its id, unless the id is an e-mail address, and says if test mode is on", () => {
  const lines: string[] = [];
  const fields: unknown[] = [];
  const note = (line: string, more: unknown) => {
    lines.push(line);
    fields.push(more);
  };
  const logger = { debug: note, info: note, warn: note, error: note };
  tellOf(logger, false, "msg_1")("info", "user_done", "created", { code: "x" });
  tellOf(logger, false)("warn", "user_done", "created");
  tellOf(logger, true, undefined, "ACC-1")("error", "user_done", "created");
  tellOf(logger, true, "person-1@dealers.example", "person-1@dealers.example")("error", "user_done", "created");
  expect(lines).toEqual([
    "oplead-sdk: webhook delivery msg_1: created",
    "oplead-sdk: webhook delivery: created",
    "oplead-sdk: webhook delivery (test mode): user ACC-1: created",
    "oplead-sdk: webhook delivery [not shown] (test mode): user [not shown]: created",
  ]);
  expect(fields[0]).toEqual({ event: "user_done", delivery: "msg_1", testMode: false, code: "x" });
  expect(JSON.stringify(fields)).not.toContain("@");
});

it("the log gives the name of a thrown error only if it is a usual one, such as TypeError", () => {
  const named = (name: string) => Object.assign(new Error("secret"), { name });
  expect(kindOf(new TypeError("secret"))).toBe("a TypeError");
  for (const name of ["Zoé Martin", "Error for person-1", "1 row Error", "E".repeat(61), ""]) {
    expect(kindOf(named(name))).toBe("an error with an unusual name");
  }
  for (const thrown of ["secret", undefined, null, {}]) expect(kindOf(thrown)).toBe("a value that is not an Error");
});

it("the log shows the first frame of an error, even if the message looks like a frame", () => {
  const error = new Error("secret\n    at person-1 (row.csv:1:1)");
  expect(firstFrameOf(error)).toMatch(/^\n\s+at .*log\.test\.ts/);
  expect(firstFrameOf(error)).not.toContain("person-1");
  const bare = new Error("secret");
  for (const stack of ["Error: secret", undefined]) {
    Object.defineProperty(bare, "stack", { value: stack, configurable: true });
    expect(firstFrameOf(bare)).toBe("");
  }
  for (const thrown of ["secret", undefined, { stack: "x\n    at y" }]) expect(firstFrameOf(thrown)).toBe("");
});
