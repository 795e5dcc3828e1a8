import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/base/hash/canonical-json.ts";
import { hashText } from "../../../src/base/hash/hash.ts";
import { changedPaths } from "../../../src/reconcile/content/compare.ts";
import { readContent } from "../../../src/reconcile/content/content.ts";
import { markFields } from "../../../src/reconcile/content/marks.ts";
import { user } from "../../support/sync-users.ts";

describe("the marks of fields", () => {
  it("marks are made of what is sent, also for an object with a toJSON method", () => {
    class Row {
      readonly internals = { connection: 1 };
      toJSON() {
        return user(1);
      }
    }
    expect(markFields(new Row())).toEqual(markFields(user(1)));
  });

  it("marks of fields differ if the field changed, and are one digit long", () => {
    const before = markFields(user(1));
    const after = markFields(user(1, { phone: "+33639980000", company: undefined }));
    expect(Object.keys(after).filter((name) => before[name] !== after[name])).toEqual(["phone"]);
    for (const mark of Object.values(before)) expect(mark).toMatch(/^[0-9a-f]$/);
  });

  it("marks of fields have the path of a value inside a field", () => {
    const address = { ...user(1).address, city: "Oyonnax" };
    const content = readContent({ user: user(1, { address }) }, {});
    if (!("userHash" in content)) throw new Error("the user is not valid");
    expect(changedPaths(content, { rules: {}, at: 0, fields: markFields(user(1)) })).toEqual(["address.city"]);
  });

  it("marks of fields do not reveal surnames to a list of 100,000 surnames", () => {
    const list = Array.from({ length: 100_000 }, (_, number) => `Surname-${number.toString(36)}`);
    const hidden = list.filter((_, number) => number % 333 === 7).slice(0, 300);
    const found = (mark: (name: string) => string): number => {
      const byMark = new Map<string, number>();
      for (const name of list) byMark.set(mark(name), (byMark.get(mark(name)) ?? 0) + 1);
      return hidden.filter((name) => byMark.get(mark(name)) === 1).length;
    };
    // Three characters of the hash would give most of them away.
    const before = found((name) => hashText(canonicalJson(name)).slice(0, 3));
    const after = found((name) => markFields({ name }).name as string);
    expect(before).toBeGreaterThan(150);
    expect(after).toBe(0);
  });

  // docs/operate/ledgers.md says these odds.
  it("four bits of several fields add up: a list of whole people leaves 6,250 of 100,000, then 390, 24, two or three, and the right one", () => {
    const fields = ["lastname", "firstname", "login", "email", "phone"] as const;
    const markOf = (field: string, number: number) => markFields({ [field]: `${field}-${number.toString(36)}` })[field];
    let left = Array.from({ length: 100_000 }, (_, number) => number);
    const counts = fields.map((field) => {
      const mark = markOf(field, 4_711);
      left = left.filter((number) => markOf(field, number) === mark);
      return left.length;
    });
    expect(left).toEqual([4_711]);
    for (const [at, count] of counts.entries()) {
      const expected = 1 + 99_999 / 16 ** (at + 1);
      expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
    }
  });
});
