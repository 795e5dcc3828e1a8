import { expect, it } from "vitest";
import { decode } from "../../../src/webhook/signatures/hmac.ts";
import { findMissing, readTimestamp } from "../../../src/webhook/signatures/scheme.ts";

const text = (bytes: Uint8Array | undefined) => bytes && [...bytes];

it.each([
  ["1700000000", 1_700_000_000],
  ["1700000000000", 1_700_000_000],
  ["100000000000", 100_000_000_000],
  ["0", 0],
  ["", undefined],
  [null, undefined],
  ["-5", undefined],
  ["5s", undefined],
  ["x5", undefined],
  ["1.5", undefined],
  ["1234567890123456", undefined],
])("the time %j in a header is read as %j seconds", (written, seconds) => {
  expect(readTimestamp(written)).toBe(seconds);
});

it("hexadecimal text has two digits for each byte and nothing else", () => {
  expect(text(decode("00fF10", "hex"))).toEqual([0, 255, 16]);
  for (const wrong of ["", "abc", "zz", "abzz", "zzab", "ab "]) expect(decode(wrong, "hex")).toBeUndefined();
});

it("base64 may have either alphabet, with or without padding, and nothing else", () => {
  for (const right of ["+/8=", "-_8=", "+/8", "-_8"]) expect(text(decode(right, "base64"))).toEqual([251, 255]);
  for (const wrong of ["", "a", "ab c", "ab!c", "!abc", "abc!", "====", "ab===", " abcd", "abcd "]) {
    expect(decode(wrong, "base64"), wrong).toBeUndefined();
  }
});

it("a missing header is named in lower case, with at most five similar headers of the request", () => {
  const headers = new Headers({ "x-sig": "  ", cookie: "x" });
  expect(findMissing(["X-Sig"], headers)).toBe("the header x-sig is missing");
  for (let n = 0; n < 7; n += 1) headers.set(`x-hmac-${n}`, "1");
  expect(findMissing(["cookie", "X-Sig"], headers)).toBe(
    "the header x-sig is missing; there is x-hmac-0, x-hmac-1, x-hmac-2, x-hmac-3, x-hmac-4",
  );
  expect(findMissing(["cookie"], headers)).toBeUndefined();
});
