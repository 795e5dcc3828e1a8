import { describe, expect, it } from "vitest";
import { isOlder, type Version } from "../../src/ledger/version.ts";

describe("isOlder", () => {
  it.each<[Version | undefined, Version | undefined, boolean]>([
    [1, 2, true],
    [2, 2, false],
    ["9", "10", true],
    ["9007199254740993", "9007199254740992", false],
    ["2026-01-09T00:00:00Z", "2026-01-10T00:00:00Z", true],
    ["a", "9", false],
    [1, "2", false],
    [undefined, 2, false],
    [1, undefined, false],
  ])("%s than %s: %s", (version, than, expected) => {
    expect(isOlder(version, than)).toBe(expected);
  });
});
