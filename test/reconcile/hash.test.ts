import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/reconcile/canonical-json.ts";
import { hashOf, hashText, markFields } from "../../src/reconcile/hash.ts";
import { user } from "../support/sync-users.ts";

describe("hashText", () => {
  it("is SHA-256", () => {
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ minLength: 0, maxLength: 300 }));
    fc.assert(
      fc.property(text, (text) => {
        expect(hashText(text)).toBe(createHash("sha256").update(text).digest("base64url"));
      }),
      { numRuns: 500 },
    );
  });

  it.each([0, 55, 56, 63, 64, 119, 120, 5000, 100_000])("is SHA-256 of %i bytes", (length) => {
    const text = "x".repeat(length);
    expect(hashText(text)).toBe(createHash("sha256").update(text).digest("base64url"));
  });
});

describe("canonicalJson", () => {
  it("is the same whatever the order of the keys, and means what JSON.stringify means", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  it("drops what JSON drops, so that leaving a field out and setting it to undefined are one", () => {
    expect(canonicalJson({ b: undefined, a: [undefined, () => 1], c: Symbol("s") })).toBe('{"a":[null,null]}');
    expect(canonicalJson({ at: new Date(0), no: Number.NaN })).toBe('{"at":"1970-01-01T00:00:00.000Z","no":null}');
    expect(canonicalJson(undefined)).toBe("null");
  });

  it("asks an object for its JSON once, and a BigInt that somebody has taught to be JSON", () => {
    const own = { a: 1, toJSON: () => own };
    expect(canonicalJson({ own })).toBe(JSON.stringify({ own }));
    expect(canonicalJson(new Array(2))).toBe("[null,null]");
    Object.assign(BigInt.prototype, { toJSON: () => "big" });
    expect(canonicalJson({ id: 1n })).toBe('{"id":"big"}');
    Reflect.deleteProperty(BigInt.prototype, "toJSON");
  });

  it("refuses what cannot be sent", () => {
    expect(() => canonicalJson({ id: 1n })).toThrow("BigInt");
  });
});

describe("what the ledger keeps", () => {
  it("has not changed since the last version: another hash would make every user look changed", () => {
    expect(hashOf(user(1))).toBe("0fKEqth-WmOlfIVs_HUwqAyqGnkDXYH5usIm_6A07IU");
  });

  it("names the fields of what is sent, also of an object that says itself what it is as JSON", () => {
    class Row {
      readonly internals = { connection: 1 };
      toJSON() {
        return user(1);
      }
    }
    expect(markFields(new Row())).toEqual(markFields(user(1)));
  });

  it("names the fields that changed and is too short to hold them", () => {
    const before = markFields(user(1));
    const after = markFields(user(1, { phone: "+33639980000", company: undefined }));
    expect(Object.keys(after).filter((name) => before[name] !== after[name])).toEqual(["phone"]);
    expect(new Set(Object.values(before).map(({ length }) => length))).toEqual(new Set([3]));
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
}
