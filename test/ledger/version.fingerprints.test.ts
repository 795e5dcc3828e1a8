import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { hmac as elsewhere } from "../../src/core/sha256-noble.ts";
import { hmac } from "../../src/core/sha256-node.ts";
import { fingerprintsOf } from "../../src/ledger/version.ts";
import { createLedger, fileLedger, type LedgerKeyOptions, memoryLedger } from "../../src/sync/index.ts";
import { smallStore } from "../support/ledger-contract.ts";

const KEY = "a secret of the tests, long enough";
const OTHER = "another secret of the tests, too";

it("the fingerprint of any text is the first 64 bits of its HMAC-SHA-256, on every run time", () => {
  for (const text of ["", "é €", "x".repeat(1000)]) {
    const expected = createHmac("sha256", KEY).update(text).digest().subarray(0, 8).toString("base64url");
    expect(hmac(KEY, text)).toBe(expected);
    expect(elsewhere(KEY, text)).toBe(expected);
    expect(expected).toHaveLength(11);
  }
});

it("the first key of a list writes fingerprints, and each key of the list recognises them", () => {
  const [first, both] = [fingerprintsOf([KEY]), fingerprintsOf([OTHER, KEY])];
  expect(both.key).toBe(fingerprintsOf([OTHER]).key);
  expect(both.of("text", first.key ?? "")).toBe(first.of("text", first.key ?? ""));
  expect([both.reads(first.key ?? ""), first.reads(both.key ?? "")]).toEqual([true, false]);
  expect(first.of("text", both.key ?? "")).toBeUndefined();
  expect(fingerprintsOf([])).toMatchObject({ key: undefined, problem: undefined });
});

it("printing a ledger does not show its key", () => {
  const ledger = memoryLedger({ ledgerKey: KEY });
  expect(`${inspect(ledger, { depth: 9, showHidden: true })}${JSON.stringify(ledger)}`).not.toContain(KEY);
});

const ledgers: readonly (readonly [string, (options: LedgerKeyOptions) => unknown])[] = [
  ["memoryLedger", memoryLedger],
  ["fileLedger", (options) => fileLedger("./never-opened", options)],
  ["createLedger", (options) => createLedger(smallStore(), options)],
];
it.each(ledgers)(
  "the function %s refuses a key of fewer than 16 bytes, an empty list, and unknown options",
  (_name, open) => {
    for (const ledgerKey of ["too short", "", [], [KEY, "short"], 5, null]) {
      const issues = [{ path: "ledgerKey", code: "not_ledger_key" }];
      expect(() => open({ ledgerKey } as never)).toThrow(
        expect.objectContaining({ code: "invalid_options", issues: [expect.objectContaining(issues[0] as object)] }),
      );
    }
    expect(() => open({ ledgerkey: KEY } as never)).toThrow(expect.objectContaining({ code: "invalid_options" }));
    expect(() => open({ ledgerKey: "ééééåååå" })).not.toThrow();
    expect(() => open({ ledgerKey: [KEY, OTHER] })).not.toThrow();
  },
);
