import { expect, it } from "vitest";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import { mayFreeValue } from "../../src/reconcile/compare.ts";
import { markFields } from "../../src/reconcile/marks.ts";
import { contentOf } from "../support/entries.ts";
import { user } from "../support/sync-users.ts";

const content = contentOf({ user: user(0) });
const marks = markFields(user(0));

/** An entry of the same user with other values in these fields. */
const before = (...changed: string[]): LedgerEntry => {
  const others = changed.map((field) => [field, marks[field] === "0" ? "1" : "0"]);
  return { id: "1", user: "another hash", fields: { ...marks, ...Object.fromEntries(others) }, rules: {}, at: 1 };
};

it("a user whose login or e-mail address changes may free a value for another one, and no other change does", () => {
  for (const field of ["login", "email"]) {
    expect(mayFreeValue(content, before(field))).toBe(true);
    expect(mayFreeValue(content, before(field, "lastname"))).toBe(true);
  }
  expect(mayFreeValue(content, before("lastname", "address.city"))).toBe(false);
});

it("a change whose fields are not known may free a value for another user", () => {
  expect(mayFreeValue(content, before())).toBe(true);
});

it("a new or unchanged user frees no value", () => {
  expect(mayFreeValue(content, undefined)).toBe(false);
  expect(mayFreeValue(content, { ...before("login"), user: undefined })).toBe(false);
  expect(mayFreeValue(content, { ...before("login"), user: content.userHash })).toBe(false);
});
