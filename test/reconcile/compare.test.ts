import { describe, expect, it } from "vitest";
import type { HeldStep, LedgerEntry } from "../../src/ledger/ledger.ts";
import { addedPaths, changedPaths, compare, fieldsOf } from "../../src/reconcile/compare.ts";
import { markFields } from "../../src/reconcile/marks.ts";
import { contentOf } from "../support/entries.ts";
import { user } from "../support/sync-users.ts";

const content = contentOf({
  user: user(0),
  rules: { maxDistance: 30, contactProfiles: ["CPR_A"], profileTypes: ["pro"] },
});
const hashes = Object.fromEntries(content.rules.map(({ name, hash }) => [name, hash]));
const refusal = (step: HeldStep["step"], hash = step === "user" ? content.userHash : hashes[step]): HeldStep => {
  return { step, hash: hash as string, code: "rejected", status: 422, at: 1 };
};
const accepted = (more: Partial<LedgerEntry> = {}): LedgerEntry => {
  return { id: "1", user: content.userHash, rules: hashes, at: 1, ...more };
};
const names = (rules: readonly { readonly name: string }[]): string[] => rules.map(({ name }) => name);

describe("the steps that are open", () => {
  it("are all of them for a user without an entry, and none for one that Oplead has as it is", () => {
    const open = compare(content, undefined, false);
    expect({ ...open, rules: names(open.rules) }).toEqual({
      stale: false,
      user: true,
      rules: ["maxDistance", "contactProfiles", "profileTypes"],
      held: [],
    });
    expect(compare(content, accepted(), false)).toEqual({ stale: false, user: false, rules: [], held: [] });
  });

  it("include the user if the ledger has no id of it, although it has the content", () => {
    expect(compare(content, accepted({ id: undefined }), false)).toMatchObject({ user: true });
  });

  it("are none for an older version, and the entry's refusals are not named either", () => {
    const older = { ...content, version: 1 };
    const entry: LedgerEntry = { rules: {}, at: 1, version: 2, held: { user: refusal("user") } };
    expect(compare(older, entry, true, true)).toEqual({ stale: true, user: false, rules: [], held: [] });
  });

  it("do not include a rule that was refused, until its content changes", () => {
    const entry = accepted({ rules: {}, held: { maxDistance: refusal("maxDistance") } });
    const open = compare(content, entry, false);
    expect(names(open.rules)).toEqual(["contactProfiles", "profileTypes"]);
    expect(open.held).toEqual([refusal("maxDistance")]);
    const other = accepted({ rules: {}, held: { maxDistance: refusal("maxDistance", "another content") } });
    expect(names(compare(content, other, false).rules)).toContain("maxDistance");
  });

  it("include held steps that are tried again: all of them, or those listed", () => {
    const held = { maxDistance: refusal("maxDistance"), profileTypes: refusal("profileTypes") };
    const entry = accepted({ rules: {}, held });
    expect(names(compare(content, entry, true).rules)).toEqual(["maxDistance", "contactProfiles", "profileTypes"]);
    const listed = compare(content, entry, ["profileTypes"]);
    expect(names(listed.rules)).toEqual(["contactProfiles", "profileTypes"]);
    expect(names(listed.held.map(({ step }) => ({ name: step })))).toEqual(["maxDistance"]);
  });

  it("are all but the held ones if everything is sent again", () => {
    const entry = accepted({ held: { maxDistance: refusal("maxDistance") } });
    const open = compare(content, entry, false, true);
    expect(open).toMatchObject({ user: true, held: [{ step: "maxDistance" }] });
    expect(names(open.rules)).toEqual(["contactProfiles", "profileTypes"]);
  });

  it("of a user that is held are none, because its rules need the user", () => {
    const entry: LedgerEntry = { rules: {}, at: 1, held: { user: refusal("user") } };
    expect(compare(content, entry, false)).toEqual({
      stale: false,
      user: false,
      rules: [],
      held: [refusal("user")],
    });
  });
});

describe("the changed paths", () => {
  it("are all fields, in the order of the alphabet, for a user that Oplead never accepted", () => {
    const all = Object.keys(markFields(user(0)));
    const fields = all.filter((name) => !all.some((other) => other.startsWith(`${name}.`))).sort();
    expect(changedPaths(content, undefined)).toEqual(fields);
    expect(changedPaths(content, { rules: {}, at: 0 })).toEqual(fields);
    expect(fields).toContain("address.country.code");
  });

  it("are none if nothing differs, and name what differs inside a field", () => {
    const marks = markFields(user(0));
    expect(changedPaths(content, accepted({ fields: marks }))).toEqual([]);
    const moved = contentOf({ user: user(0, { address: { ...user(0).address, city: "Oyonnax" } }) });
    expect(changedPaths(moved, accepted({ fields: marks }))).toEqual(["address.city"]);
  });

  it("name what is inside a field that was not there before, and a field that is gone", () => {
    const { address: _, ...without } = markFields(user(0));
    const before = Object.fromEntries(Object.entries(without).filter(([name]) => !name.startsWith("address.")));
    expect(changedPaths(content, accepted({ fields: { ...before, fax: "0" } }))).toEqual([
      "address.city",
      "address.country.code",
      "address.street",
      "address.zipCode",
      "fax",
    ]);
  });
});

describe("the added paths", () => {
  const paths = ["address.street", "mobile", "phone"];

  it("are the fields and the rules that Oplead has not had", () => {
    const fields = { "address.street": "1", phone: "2" };
    const entry = accepted({ fields, rules: { maxDistance: hashes.maxDistance as string } });
    expect([...addedPaths(paths, content.rules, entry)]).toEqual([
      "mobile",
      "rules.contactProfiles",
      "rules.profileTypes",
    ]);
    expect([...addedPaths(paths, content.rules, accepted({ fields: { ...fields, mobile: "3" } }))]).toEqual([]);
  });

  it("are rules only if the ledger does not know the fields, and none for a user that Oplead has not accepted", () => {
    const rules = ["rules.maxDistance", "rules.contactProfiles", "rules.profileTypes"];
    expect([...addedPaths(paths, content.rules, accepted({ fields: undefined, rules: {} }))]).toEqual(rules);
    for (const entry of [undefined, accepted({ user: undefined, fields: {}, rules: {} })]) {
      expect([...addedPaths(paths, content.rules, entry)]).toEqual([]);
    }
  });
});

it("Paths are reduced to their top-level fields, each once", () => {
  expect(fieldsOf(["address.city", "address.country.code", "phone"])).toEqual(["address", "phone"]);
});
