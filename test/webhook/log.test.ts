import { expect, it } from "vitest";
import { firstFrameOf, kindOf, subjectOf } from "../../src/webhook/log.ts";

it("The log names a delivery by its id, unless that is an e-mail address, and names test mode", () => {
  expect(subjectOf("msg_1", false)).toEqual({
    name: "webhook delivery msg_1",
    fields: { delivery: "msg_1", accountNumber: undefined, testMode: false },
  });
  expect(subjectOf(undefined, false).name).toBe("webhook delivery");
  expect(subjectOf(undefined, true, "ACC-1")).toEqual({
    name: "webhook delivery (test mode): user ACC-1",
    fields: { delivery: undefined, accountNumber: "ACC-1", testMode: true },
  });
  expect(JSON.stringify(subjectOf("person-1@dealers.example", true, "person-1@dealers.example"))).not.toContain("@");
});

it("The log names the kind of a thrown value, and no name that may hold data", () => {
  const named = (name: string) => Object.assign(new Error("secret"), { name });
  expect(kindOf(new TypeError("secret"))).toBe("a TypeError");
  for (const name of ["Zoé Martin", "Error for person-1", "1 row Error", "E".repeat(61), ""]) {
    expect(kindOf(named(name))).toBe("an error with an unusual name");
  }
  for (const thrown of ["secret", undefined, null, {}]) expect(kindOf(thrown)).toBe("a value that is not an Error");
});

it("The log shows the first frame of an error, also if the message looks like a frame", () => {
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
