import { expect, it } from "vitest";
import { OpleadError } from "../../src/core/errors.ts";
import type { OpleadErrorCode } from "../../src/core/names.ts";
import { isRefusedForGood } from "../../src/reconcile/reconciliation.ts";

const answered = (status: number | undefined, code: OpleadErrorCode = "refused", retryable = false) =>
  new OpleadError(code, "refused", { status, retryable });

it.each([400, 402, 406, 409, 410, 413, 422, 451, 499])(
  "a refusal with status %i is final for a user and for a rule",
  (status) => {
    expect(isRefusedForGood("user", answered(status))).toBe(true);
    expect(isRefusedForGood("maxDistance", answered(status))).toBe(true);
  },
);

it.each([403, 404, 405])("a refusal with status %i is final for a rule, but not for the user itself", (status) => {
  expect(isRefusedForGood("maxDistance", answered(status))).toBe(true);
  expect(isRefusedForGood("user", answered(status))).toBe(false);
});

it.each([401, 407, 408, 423, 425, 429, 200, 302, 399, 500, 503, 600])(
  "a refusal with status %i is not final, because it says nothing about the content",
  (status) => {
    expect(isRefusedForGood("user", answered(status))).toBe(false);
    expect(isRefusedForGood("maxDistance", answered(status))).toBe(false);
  },
);

it("a refusal is not final if it is temporary, not Oplead's own, or without an answer", () => {
  expect(isRefusedForGood("user", answered(422, "refused", true))).toBe(false);
  expect(isRefusedForGood("user", answered(409, "ambiguous_creation"))).toBe(false);
  expect(isRefusedForGood("maxDistance", answered(404, "unexpected_response"))).toBe(false);
  expect(isRefusedForGood("maxDistance", answered(undefined, "connection"))).toBe(false);
});
