import { describe, expect, it } from "vitest";
import type { LedgerEntry, StoredRefusal } from "../../src/ledger/ledger.ts";
import { type Fingerprints, fingerprintsOf } from "../../src/ledger/version.ts";
import {
  addedPaths,
  changedPaths,
  compare,
  freesValue,
  pathsThatDiffer,
  UserFingerprints,
} from "../../src/reconcile/compare.ts";
import type { Content } from "../../src/reconcile/content.ts";
import { contentOf } from "../support/entries.ts";
import { fingerprints, fingerprintsOfUser } from "../support/fingerprints.ts";
import { user } from "../support/sync-users.ts";

const content = contentOf({
  user: user(0),
  rules: { maxDistance: 30, contactProfiles: ["CPR_A"], profileTypes: ["pro"] },
});
const hashes = Object.fromEntries(content.rules.map(({ name, hash }) => [name, hash]));
const refusal = (
  step: StoredRefusal["step"],
  hash = step === "user" ? content.userHash : hashes[step],
): StoredRefusal => {
  return { step, hash: hash as string, code: "refused", status: 422, at: 1 };
};
const accepted = (more: Partial<LedgerEntry> = {}): LedgerEntry => {
  return { id: "1", user: content.userHash, rules: hashes, at: 1, ...more };
};
const names = (rules: readonly { readonly name: string }[]): string[] => rules.map(({ name }) => name);

it("compare() returns the user itself if the ledger has its content but not its Oplead ID", () => {
  expect(compare(content, accepted({ id: undefined }), false)).toMatchObject({ user: true });
});

it("compare() returns all held steps, or only the listed ones, if they are to be tried again", () => {
  const held = { maxDistance: refusal("maxDistance"), profileTypes: refusal("profileTypes") };
  const entry = accepted({ rules: {}, held });
  expect(names(compare(content, entry, true).rules)).toEqual(["maxDistance", "contactProfiles", "profileTypes"]);
  const listed = compare(content, entry, ["profileTypes"]);
  expect(names(listed.rules)).toEqual(["contactProfiles", "profileTypes"]);
  expect(names(listed.held.map(({ step }) => ({ name: step })))).toEqual(["maxDistance"]);
});

it("if everything is sent again, compare() returns all steps except held steps as steps to send", () => {
  const entry = accepted({ held: { maxDistance: refusal("maxDistance") } });
  const open = compare(content, entry, false, true);
  expect(open).toMatchObject({ user: true, held: [{ step: "maxDistance" }] });
  expect(names(open.rules)).toEqual(["contactProfiles", "profileTypes"]);
});

const pathsOf = ({ user }: Content, ...more: [LedgerEntry | undefined, Fingerprints]) =>
  changedPaths(new UserFingerprints(user), ...more);

it("changedPaths() gives the path of a change inside a field, and nothing if nothing differs", () => {
  const entry = accepted({ id: "1", ...fingerprintsOfUser(user(0), "1") });
  expect(pathsOf(content, entry, fingerprints)).toEqual([]);
  const moved = contentOf({ user: user(0, { address: { ...user(0).address, city: "Oyonnax" } }) });
  expect(pathsOf(moved, entry, fingerprints)).toEqual(["address.city"]);
});

it("changedPaths() gives undefined without fingerprints, or with those of an unknown key", () => {
  const changed = contentOf({ user: user(0, { phone: "other" }) });
  expect(pathsOf(changed, accepted({ fields: undefined }), fingerprints)).toBeUndefined();
  const entry = accepted({ id: "1", ...fingerprintsOfUser(user(0), "1") });
  expect(pathsOf(changed, entry, fingerprintsOf(["another secret of the tests"]))).toBeUndefined();
  expect(pathsOf(changed, { ...entry, key: undefined }, fingerprints)).toBeUndefined();
  expect(pathsOf(changed, entry, fingerprintsOf([]))).toBeUndefined();
});

const paths = ["address.street", "mobile", "phone"];

it("addedPaths() gives the fields and the rules that are new to Oplead", () => {
  const fields = "1 address.street\n2 phone";
  const entry = accepted({ fields, rules: { maxDistance: hashes.maxDistance as string } });
  expect([...addedPaths(paths, content.rules, entry)]).toEqual([
    "mobile",
    "rules.contactProfiles",
    "rules.profileTypes",
  ]);
  expect([...addedPaths(paths, content.rules, accepted({ fields: `${fields}\n3 mobile` }))]).toEqual([]);
});

it("addedPaths() gives only rules without fingerprints of fields, and nothing for a new user", () => {
  const rules = ["rules.maxDistance", "rules.contactProfiles", "rules.profileTypes"];
  expect([...addedPaths(paths, content.rules, accepted({ fields: undefined, rules: {} }))]).toEqual(rules);
  for (const entry of [undefined, accepted({ user: undefined, fields: "", rules: {} })]) {
    expect([...addedPaths(paths, content.rules, entry)]).toEqual([]);
  }
});

describe("freesValue(), whether a user gives up a login or an e-mail address", () => {
  const content = contentOf({ user: user(0) });
  const before: LedgerEntry = { id: "1", user: "another hash", rules: {}, at: 1 };

  it("a change of login or e-mail address frees the old value for another user, and no other change does", () => {
    for (const field of ["login", "email"]) {
      expect(freesValue(content, before, () => [field])).toBe(true);
      expect(freesValue(content, before, () => [field, "lastname"])).toBe(true);
    }
    expect(freesValue(content, before, () => ["lastname", "address.city"])).toBe(false);
  });

  it("freesValue() is undefined for a user with an intent, unless the user gives up a known value", () => {
    const doubted = { ...before, intent: { at: 1 } };
    expect(freesValue(content, { ...doubted, user: content.userHash }, () => [])).toBeUndefined();
    expect(freesValue(content, doubted, () => ["lastname"])).toBeUndefined();
    expect(freesValue(content, doubted, () => ["login"])).toBe(true);
  });

  it("a new or unchanged user frees no value", () => {
    expect(freesValue(content, undefined, () => ["login"])).toBe(false);
    expect(freesValue(content, { ...before, user: undefined }, () => ["login"])).toBe(false);
    expect(freesValue(content, { ...before, user: content.userHash }, () => [])).toBe(false);
  });
});

it("an answer may lack parts of what was sent, and write a text as a number", () => {
  const sent = { phone: "7", mobile: "8", address: { city: "Lyon", zipCode: "01000" } };
  expect(pathsThatDiffer(sent, { phone: 7, address: { city: "Nice", zipCode: 1000 } })).toEqual([
    "address.city",
    "address.zipCode",
  ]);
});
