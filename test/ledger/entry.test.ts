import { describe, expect, it } from "vitest";
import { damagedEntry, readEntry, readInfo } from "../../src/ledger/entry.ts";

const LATEST = 8.64e15;
const held = { step: "user", hash: "h", code: "refused", at: 1 };
const full = {
  revision: 3,
  id: "1",
  user: "hash",
  fields: "a phone",
  was: { phone: "b" },
  rules: { maxDistance: "hash" },
  version: "v1",
  at: 5,
  held: { user: { ...held, status: 422, parentState: "2" } },
  valuesFreedAt: 7,
  intent: { at: 8, open: true, creates: { at: 8, sent: true } },
  missingSince: 6,
};

describe("a stored entry", () => {
  it.each([
    [{ revision: 0 }],
    [{ revision: undefined }],
    [{ id: undefined }],
    [{ user: undefined }],
    [{ fields: undefined }],
    [{ was: { phone: undefined } }],
    [{ rules: {} }],
    [{ rules: { maxDistance: undefined } }],
    [{ version: 0 }],
    [{ version: "" }],
    [{ version: undefined }],
    [{ at: 0 }],
    [{ at: LATEST }],
    [{ missingSince: undefined }],
    [{ intent: undefined }],
    [{ intent: { at: 8 } }],
    [{ intent: { at: 8, open: undefined, creates: { at: 8 } } }],
    [{ held: undefined }],
    [{ held: { user: held } }],
    [{ damaged: undefined }],
  ])("a stored entry is valid if it has %j", (more) => {
    expect(readEntry({ ...full, ...more })).toEqual({ ...full, ...more });
  });

  it.each([
    [{ damaged: true }],
    [{ revision: -1 }],
    [{ revision: 1.5 }],
    [{ revision: "3" }],
    [{ id: "" }],
    [{ id: 1 }],
    [{ user: 1 }],
    [{ fields: 1 }],
    [{ fields: null }],
    [{ fields: { phone: 1 } }],
    [{ was: { phone: 1 } }],
    [{ rules: undefined }],
    [{ rules: { maxDistance: 1 } }],
    [{ rules: { profileTypes: "hash", maxDistance: null } }],
    [{ version: true }],
    [{ version: null }],
    [{ version: Number.NaN }],
    [{ at: undefined }],
    [{ at: "5" }],
    [{ at: -1 }],
    [{ at: LATEST + 2 }],
    [{ valuesFreedAt: "7" }],
    [{ valuesFreedAt: -7 }],
    [{ intent: 8 }],
    [{ intent: {} }],
    [{ intent: { at: -8 } }],
    [{ intent: { at: 8, open: false } }],
    [{ intent: { at: 8, creates: true } }],
    [{ intent: { at: 8, creates: { at: 8, sent: 1 } } }],
    [{ missingSince: "6" }],
    [{ missingSince: -6 }],
    [{ held: 1 }],
    [{ held: null }],
    [{ held: { user: null } }],
    [{ held: { user: 1 } }],
    [{ held: { user: { ...held, hash: 1 } } }],
    [{ held: { user: { ...held, code: undefined } } }],
    [{ held: { user: { ...held, status: "422" } } }],
    [{ held: { user: { ...held, at: -1 } } }],
    [{ held: { user: { ...held, parentState: 2 } } }],
    [{ held: { user: held, maxDistance: { ...held, hash: undefined } } }],
  ])("a stored entry is damaged if it has %j", (more) => {
    const { revision } = { ...full, ...more };
    const kept = Number.isInteger(revision) && Number(revision) > 0 ? { revision } : {};
    expect(readEntry({ ...full, ...more })).toEqual({ ...damagedEntry, ...kept });
  });

  it.each([[undefined], [null], [7], ["text"]])("a stored entry is damaged if it is %j", (stored) => {
    expect(readEntry(stored)).toBe(damagedEntry);
  });
});

describe("a form of an older version", () => {
  const refusal = expect.objectContaining({
    code: "ledger_unavailable",
    retryable: false,
    issues: [expect.objectContaining({ code: "old_form" })],
  });

  it.each(["doubtedAt", "creationDoubtedAt", "creationLost"])("an entry with %s is refused", (field) => {
    expect(() => readEntry({ rules: {}, at: 5, [field]: 8 })).toThrow(refusal);
  });

  it("the facts of a ledger with openRunId are refused", () => {
    expect(() => readInfo({ runs: 3, openRunId: "" })).toThrow(refusal);
  });
});

describe("what a store keeps about the ledger itself", () => {
  it("a stored field of a wrong type is dropped, and the other fields are kept", () => {
    const facts = {
      platform: { baseUrl: "https://a.example", name: "staging" },
      lastRunAt: 5,
      entries: 7,
      problems: "0a1b2c",
    };
    expect(readInfo(facts)).toEqual(facts);
    expect(readInfo({ ...facts, entries: 0, unknown: 1 })).toEqual({ ...facts, entries: 0 });
    for (const [name, wrong] of [
      ["platform", "https://a.example"],
      ["platform", { baseUrl: 5 }],
      ["platform", { baseUrl: "https://a.example", name: 5 }],
      ["lastRunAt", "5"],
      ["lastRunAt", -5],
      ["entries", 1.5],
      ["problems", 5],
    ] as const) {
      const { [name]: _, ...others } = facts;
      expect(readInfo({ ...facts, [name]: wrong }), name).toStrictEqual(others);
    }
    expect(readInfo({ platform: { baseUrl: "https://a.example" } })).toStrictEqual({
      platform: { baseUrl: "https://a.example" },
    });
  });
});
