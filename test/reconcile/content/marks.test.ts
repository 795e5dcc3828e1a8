import { describe, expect, it } from "vitest";
import { changedPaths } from "../../../src/reconcile/content/compare.ts";
import { fieldPaths } from "../../../src/reconcile/content/marks.ts";
import { contentOf } from "../../support/entries.ts";
import { fingerprints, marksOf } from "../../support/fingerprints.ts";
import { user } from "../../support/sync-users.ts";

describe("the marks of fields", () => {
  it("marks are made of what is sent, also for an object with a toJSON method", () => {
    class Row {
      readonly internals = { connection: 1 };
      toJSON() {
        return user(1);
      }
    }
    expect(marksOf(new Row(), "1").fields).toEqual(marksOf(user(1), "1").fields);
  });

  it("marks of fields differ if the field changed, and for every one of 2,000 changes", () => {
    const { fields: before = {} } = marksOf(user(1), "1");
    const { fields: after = {} } = marksOf(user(1, { phone: "+33639980000", company: undefined }), "1");
    expect(Object.keys(after).filter((name) => before[name] !== after[name])).toEqual(["phone"]);
    for (const mark of Object.values(before)) expect(mark).toMatch(/^[\w-]{11}$/);
    const others = Array.from({ length: 2_000 }, (_, at) => marksOf({ phone: `+33${at}` }, "1").fields?.phone);
    expect(new Set(others).size).toBe(2_000);
  });

  it("equal values of two users have different marks", () => {
    const [one, other] = [marksOf(user(1), "1"), marksOf(user(1), "2")];
    for (const path of fieldPaths(user(1))) expect(one.fields?.[path]).not.toBe(other.fields?.[path]);
  });

  it("marks of fields have the path of a value inside a field", () => {
    const content = contentOf({ user: user(1, { address: { ...user(1).address, city: "Oyonnax" } }) });
    const entry = { id: "1", user: "before", ...marksOf(user(1), "1"), rules: {}, at: 0 };
    expect(changedPaths(content, entry, fingerprints)).toEqual(["address.city"]);
  });
});
