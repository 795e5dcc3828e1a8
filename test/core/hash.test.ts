import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { canonicalJson, fnv1a, hashOf, hashText } from "../../src/core/hash.ts";
import {
  sha256 as elsewhere,
  hmac as hmacElsewhere,
  hmacVerifier as verifierElsewhere,
} from "../../src/core/sha256-noble.ts";
import { hmac as hmacOnNode, sha256 as onNode, hmacVerifier as verifierOnNode } from "../../src/core/sha256-node.ts";
import { sized } from "../support/long-form.ts";
import { user } from "../support/sync-users.ts";

describe.each([
  ["with node:crypto", onNode],
  ["without node:crypto", elsewhere],
  ["with the hash that this package chose for the run time", hashText],
])("SHA-256 %s", (_how, sha256) => {
  it("hashText hashes any text as node:crypto does", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.string({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(text, (text) => {
        expect(sha256(text)).toBe(createHash("sha256").update(text).digest("base64url"));
      }),
      { numRuns: sized(50, 1_000) },
    );
  });

  it.each([0, 55, 56, 63, 64, 119, 120, 5000, 100_000])(
    "hashText hashes a text of %i bytes as node:crypto does",
    (length) => {
      const text = "x".repeat(length);
      expect(sha256(text)).toBe(createHash("sha256").update(text).digest("base64url"));
    },
  );
});

describe.each([
  ["with node:crypto", hmacOnNode],
  ["without node:crypto", hmacElsewhere],
])("HMAC-SHA-256 %s", (_how, hmac) => {
  const expected = (secret: string, text: string) => {
    return createHmac("sha256", secret).update(text).digest().subarray(0, 8).toString("base64url");
  };

  it("hmac gives the first 64 bits of node:crypto's HMAC, whatever it hashed before", () => {
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (pairs) => {
        for (const [secret, text] of pairs) expect(hmac(secret, text)).toBe(expected(secret, text));
      }),
      { numRuns: sized(50, 1_000) },
    );
  });

  it.each([0, 1, 63, 64, 65, 500])("hmac gives the right result for a secret of %i bytes", (length) => {
    const secret = "é".repeat(length / 2) + "s".repeat(length % 2);
    expect(hmac(secret, "text")).toBe(expected(secret, "text"));
  });

  it.each([0, 999, 1_000, 1_001, 100_000])(
    "hmac gives the right result for a text of %i characters of three bytes each",
    (length) => {
      expect(hmac("secret", "€".repeat(length))).toBe(expected("secret", "€".repeat(length)));
    },
  );
});

it("canonicalJson does not depend on the order of keys, and reads back as JSON.stringify's text does", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
  );
});

it("canonicalJson writes texts and numbers as JSON.stringify does, with lone surrogates and controls", () => {
  const value = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.double(), fc.integer());
  const odd = ["\ud800", "a\udfff", "\u007f\u009f\u2028\u2029", '"\\\n\0', "😀", -0, 1e21, 5e-324];
  fc.assert(
    fc.property(value, (value) => {
      expect(canonicalJson(value)).toBe(JSON.stringify(value));
    }),
    { examples: odd.map((value) => [value]), numRuns: sized(200, 1_000) },
  );
});

it("canonicalJson leaves out what JSON leaves out, so that an undefined field equals an absent one", () => {
  expect(canonicalJson({ b: undefined, a: [undefined, () => 1], c: Symbol("s") })).toBe('{"a":[null,null]}');
  expect(canonicalJson({ at: new Date(0), no: Number.NaN })).toBe('{"at":"1970-01-01T00:00:00.000Z","no":null}');
  expect(canonicalJson(undefined)).toBe("null");
});

it("canonicalJson calls toJSON once, even that of a BigInt", () => {
  const own = { a: 1, toJSON: () => own };
  expect(canonicalJson({ own })).toBe(JSON.stringify({ own }));
  expect(canonicalJson(new Array(2))).toBe("[null,null]");
  onTestFinished(() => void Reflect.deleteProperty(BigInt.prototype, "toJSON"));
  Object.assign(BigInt.prototype, { toJSON: () => "big" });
  expect(canonicalJson({ id: 1n })).toBe('{"id":"big"}');
});

it("canonicalJson throws for values that JSON cannot hold", () => {
  expect(() => canonicalJson({ id: 1n })).toThrow("BigInt");
});

it("hashOf gives the hashes of earlier versions, so that no user looks changed", () => {
  expect(hashOf(user(1))).toBe("0fKEqth-WmOlfIVs_HUwqAyqGnkDXYH5usIm_6A07IU");
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

it("fnv1a gives the published hashes of short texts, and spreads account numbers evenly", () => {
  expect([fnv1a(""), fnv1a("a"), fnv1a("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  const numbers = Array.from({ length: 16_000 }, (_, number) => fnv1a(`ACC-${number}`) % 16);
  const shares = Array.from({ length: 16 }, (_, list) => numbers.filter((number) => number === list).length);
  expect(Math.max(...shares)).toBeLessThan(1_300);
});

describe.each([
  ["with node:crypto", verifierOnNode],
  ["with WebCrypto", verifierElsewhere],
])("hmacVerifier %s", (_how, verifierOf) => {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));

  it.each(["sha256", "sha1", "sha384", "sha512"] as const)("hmacVerifier verifies %s signatures", async (algorithm) => {
    const verify = verifierOf(algorithm, bytes("a key"));
    const right = new Uint8Array(createHmac(algorithm, "a key").update("content").digest());
    expect(await verify(bytes("content"), right)).toBe(true);
    expect(await verify(bytes("other content"), right)).toBe(false);
    expect(await verify(bytes("content"), right.with(0, (right[0] as number) ^ 1))).toBe(false);
    expect(await verify(bytes("content"), right.subarray(1))).toBe(false);
    expect(await verify(bytes("content"), bytes(""))).toBe(false);
    expect(await verifierOf(algorithm, bytes("another key"))(bytes("content"), right)).toBe(false);
  });
});
