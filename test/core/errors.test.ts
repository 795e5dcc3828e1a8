import { inspect } from "node:util";
import { expect, it } from "vitest";
import { asError, OpleadError } from "../../src/core/errors.ts";

const SECRET = "Clotilde Unverwechselbar";

const original = Object.assign(new TypeError(`no such person: ${SECRET}`), { code: "ECONNRESET", row: SECRET });
const error = new OpleadError("source_failed", "The source failed.", { cause: original });

it("an error has the same object that was thrown, and its printable part as cause", () => {
  expect(error.thrown).toBe(original);
  expect(error.cause).toBeInstanceOf(Error);
  expect(error.cause).toMatchObject({ name: "TypeError", code: "ECONNRESET", message: "[not shown, 40 characters]" });
  expect(error.cause).not.toHaveProperty("row");
});

it("printing an error shows only the kind, the code and the place of its cause", () => {
  for (const shown of [inspect(error), inspect({ nested: error }), inspect(error, { showHidden: true })]) {
    expect(shown).toMatch(/cause.*TypeError.*: \[not shown, 40 characters\]/);
    expect(shown).toContain("code: 'ECONNRESET'");
    expect(shown).toContain("errors.test.ts");
    expect(shown).not.toContain("Unverwechselbar");
  }
  for (const shown of [JSON.stringify(error), String(error), error.stack, error.supportReport()]) {
    expect(shown).not.toContain("Unverwechselbar");
  }
});

it("a cause from a store or a config is printed with its message, and an OpleadError is unchanged", () => {
  const store = new OpleadError("ledger_unavailable", "x", {
    cause: new Error(`disk is full at /data/77 ${SECRET.length}%`),
  });
  expect(store.cause?.message).toBe("disk is full at […] […]");
  const inner = new OpleadError("timeout", "It took too long.");
  expect(new OpleadError("source_failed", "x", { cause: inner }).cause).toBe(inner);
  expect(inner.cause).toBeUndefined();
  expect(inspect(inner)).not.toContain("cause");
});

it("a thrown value that is not an error becomes the cause of a new error", () => {
  expect(asError(original)).toBe(original);
  expect(asError("enough")).toMatchObject({ message: "a string was thrown", cause: "enough" });
  expect(asError(undefined).message).toBe("a undefined was thrown");
});

it("an error about input or options always has issues, and any other only if they are given", () => {
  expect(new OpleadError("invalid_input", "x").issues).toEqual([]);
  expect(new OpleadError("invalid_options", "x").issues).toEqual([]);
  expect(new OpleadError("timeout", "x").issues).toBeUndefined();
});

it("error.docs is the name of the code as long as the documentation has no web address", () => {
  expect(new OpleadError("rate_limited", "x").docs).toBe("rate_limited");
});
