import { expect, it } from "vitest";
import { issueAt } from "../../../src/core/issues.ts";
import type { UserProfile } from "../../../src/index.ts";
import type { LedgerEntry, StoredRefusal } from "../../../src/ledger/ledger.ts";
import { tellUser } from "../../../src/locales/en/core.ts";
import { acceptedBy } from "../../../src/reconcile/compare.ts";
import type { SourceUser } from "../../../src/reconcile/content.ts";
import { parentState } from "../../../src/reconcile/presence.ts";
import { contentOf } from "../../support/entries.ts";
import { fingerprintsOfUser } from "../../support/fingerprints.ts";
import { type Judging, judged } from "../../support/judging.ts";
import { user } from "../../support/sync-users.ts";

const rules = { maxDistance: 30 };
const one = (number: number, more: Parameters<typeof user>[1] = {}): SourceUser => ({ user: user(number, more) });
const top = (number: number, more: Parameters<typeof user>[1] = {}): SourceUser =>
  one(number, { parentUserIdentifier: undefined, ...more });

function accepted(source: SourceUser, more: Partial<LedgerEntry> = {}): LedgerEntry {
  const { userHash, rules, user } = contentOf(source);
  const hashes = Object.fromEntries(rules.map(({ name, hash }) => [name, hash]));
  const id = `id of ${user.accountNumber}`;
  const entry = { id, user: userHash, ...fingerprintsOfUser(user, id), rules: hashes, at: 5 };
  return { ...entry, accepted: acceptedBy(entry, contentOf(source)), ...more };
}

function refusal(
  source: SourceUser,
  step: StoredRefusal["step"] = "user",
  more: Partial<StoredRefusal> = {},
): StoredRefusal {
  const { userHash, rules } = contentOf(source);
  const hash = step === "user" ? userHash : (rules.find(({ name }) => name === step)?.hash ?? "");
  return { step, hash, code: "refused", status: 422, at: 10, ...more };
}

// Refused, and never accepted before.
const refused = (source: SourceUser, more: Partial<StoredRefusal> = {}): LedgerEntry => {
  return { rules: {}, at: 10, held: { user: refusal(source, "user", more) } };
};

const changed = async (source: readonly SourceUser[], options?: Judging) =>
  (await judged(source, options)).changes.map(({ planned }) => planned.accountNumber);

it("the change of a known user names the fields and the rules that differ", async () => {
  const before = { ...top(1), rules };
  const entries = { "ACC-1": accepted(before, { revision: 4 }) };
  const [change] = (await judged([{ ...top(1, { phone: "1" }), rules: { maxDistance: 31 } }], { entries })).changes;
  expect(change).toMatchObject({
    planned: { kind: "changed", id: "id of ACC-1", fields: ["phone"], rules: ["maxDistance"] },
    ...{ paths: ["phone"], revision: 4, isKnown: true, differs: true },
  });
});

it("the change of a child does not wait for a parent that only the ledger has, even without an id", async () => {
  const entries = { "ACC-0": { rules: {}, at: 5 } };
  const [change] = (await judged([one(1, { parentUserIdentifier: "ACC-0" })], { entries })).changes;
  expect(change).toMatchObject({ planned: { accountNumber: "ACC-1" }, parent: "ACC-0", newParent: undefined });
});

it("a change with the option `resend` differs if Oplead has not accepted all rules", async () => {
  const source = { ...top(1), rules };
  const held = { maxDistance: refusal(source, "maxDistance") };
  const differs = async (entry: LedgerEntry) =>
    (await judged([source], { entries: { "ACC-1": entry }, resend: true })).changes[0]?.differs;
  expect(await differs(accepted(source))).toBe(false);
  expect(await differs(accepted(source, { rules: {}, held, accepted: undefined }))).toBe(true);
});

it("a user that is only sent again, or whose id was imported, has differs: false", async () => {
  const entries = { "ACC-1": accepted(top(1)), "ACC-2": { id: "2", rules: {}, at: 0 }, "ACC-3": accepted(top(3)) };
  const { changes } = await judged([top(1), top(2), top(3, { phone: "1" })], { entries, resend: true });
  expect(changes.map(({ differs }) => differs)).toEqual([false, false, true]);
  expect((await judged([top(2)], { entries })).changes).toMatchObject([{ differs: false }]);
  expect((await judged([{ ...top(1), rules }], { entries, resend: true })).changes).toMatchObject([{ differs: true }]);
});

it("changes are in the source's order, with parents first and users below an unknown parent last", async () => {
  const source = [
    one(9, { parentUserIdentifier: "UNKNOWN" }),
    one(8, { parentUserIdentifier: "ACC-9" }),
    one(3, { parentUserIdentifier: "ACC-1" }),
    top(2),
    top(1),
  ];
  const { changes, unknownParents } = await judged(source);
  expect(changes.map(({ planned }) => planned.accountNumber)).toEqual(["ACC-1", "ACC-3", "ACC-2", "ACC-9", "ACC-8"]);
  expect(changes.map(({ last }) => last)).toEqual([false, false, false, true, false]);
  expect(unknownParents).toEqual([{ accountNumber: "ACC-9", parent: "UNKNOWN" }]);
  expect(changes.map(({ planned }) => planned.after)).toEqual([undefined, "ACC-1", undefined, undefined, "ACC-9"]);
});

it("a child waits for a parent that is new in the source, and not for one that Oplead has", async () => {
  const [, child] = (await judged([top(1), one(2, { parentUserIdentifier: "ACC-1" })])).changes;
  expect(child).toMatchObject({ parent: "ACC-1", newParent: "ACC-1", planned: { after: "ACC-1" } });
  const entries = { "ACC-1": accepted(top(1)) };
  const source = [top(1, { phone: "1" }), one(2, { parentUserIdentifier: "ACC-1" })];
  const [, known] = (await judged(source, { entries })).changes;
  expect(known).toMatchObject({ parent: "ACC-1", newParent: undefined, planned: { after: "ACC-1" } });
  const [alone] = (await judged([one(2, { parentUserIdentifier: "ACC-1" })], { entries })).changes;
  expect(alone).toMatchObject({ parent: "ACC-1", newParent: undefined, planned: { after: undefined }, last: false });
});

it("a parent may be named by its Oplead ID, unless that is an account number of source or ledger", async () => {
  const entries = { "ACC-1": accepted(top(1), { id: "100" }), "ACC-3": accepted(top(3), { id: "300" }) };
  const child = one(2, { parentUserIdentifier: "100" });
  expect((await judged([child], { entries })).changes).toMatchObject([{ parent: "ACC-1" }]);
  const namesake = top(100, { accountNumber: "100" });
  const users = { numericAccountNumbers: true };
  expect((await judged([child, namesake], { entries, users })).changes[1]).toMatchObject({ parent: "100" });
  const inLedger = { ...entries, 100: accepted(namesake) };
  expect((await judged([child], { entries: inLedger })).changes).toMatchObject([{ parent: "100" }]);
});

it("children wait for a refused parent that is in the ledger and not in the source", async () => {
  const entries = { "ACC-1": refused(top(1)) };
  const child = one(2, { parentUserIdentifier: "ACC-1" });
  expect((await judged([child], { entries })).waiting).toEqual([
    {
      ...{ kind: "waiting", record: 0, row: undefined, accountNumber: "ACC-2", parent: "ACC-1" },
      root: { record: -1, row: undefined, accountNumber: "ACC-1", because: "held" },
    },
  ]);
  const unknown = { "ACC-1": { rules: {}, at: 0 } };
  expect((await judged([child], { entries: unknown })).waiting).toEqual([]);
});

it("children wait for a parent that Oplead lacks and whose version in the source is stale", async () => {
  const parent = { ...top(1), version: 1 };
  const entries = { "ACC-1": { rules: {}, at: 0, version: 2 } };
  const { waiting, stale } = await judged([parent, one(2, { parentUserIdentifier: "ACC-1" })], { entries });
  expect(waiting).toMatchObject([{ accountNumber: "ACC-2", root: { because: "stale" } }]);
  expect(stale).toMatchObject([{ accountNumber: "ACC-1" }]);
});

it("a held user is not sent and is counted once, and its rules are not sent either", async () => {
  const source = { ...top(1), rules };
  const result = await judged([source], { entries: { "ACC-1": refused(source) } });
  expect(result).toMatchObject({ changes: [], heldUsers: 1, unchanged: 0 });
  expect(result.held).toEqual([
    {
      kind: "held",
      record: 0,
      row: undefined,
      accountNumber: "ACC-1",
      step: "user",
      code: "refused",
      status: 422,
      since: "1970-01-01T00:00:00.010Z",
    },
  ]);
});

it("a held user is sent again if its parent is sent or has another state since the refusal", async () => {
  const child = one(2, { parentUserIdentifier: "ACC-1" });
  const withParent = (parent: LedgerEntry | undefined, more: Partial<StoredRefusal>, source = [child]) =>
    changed(source, { entries: { ...(parent && { "ACC-1": parent }), "ACC-2": refused(child, more) } });
  const parent = accepted(top(1), { revision: 3 });
  expect(await withParent(undefined, {}, [child, top(1)])).toEqual(["ACC-1", "ACC-2"]);
  const before = { parentState: parentState(parent) };
  expect(await withParent(parent, before)).toEqual([]);
  expect(await withParent(parent, {})).toEqual(["ACC-2"]);
  expect(await withParent({ ...parent, id: "another" }, before)).toEqual(["ACC-2"]);
  expect(await withParent({ ...parent, user: "another state" }, before)).toEqual(["ACC-2"]);
  // Written for other reasons: another key, segment, rule or refusal, or the parent is missing.
  const others = { revision: 99, key: "k", segment: "Nord", rules: { maxDistance: "x" }, missingSince: 1, at: 99 };
  expect(await withParent({ ...parent, ...others }, before)).toEqual([]);
  // Not under this account number yet.
  expect(await withParent({ ...parent, movedFrom: "OLD-1" }, before)).toEqual([]);
  expect(await withParent({ ...parent, id: undefined }, before)).toEqual([]);
});

it("a held user is sent again, after all others, if another user gives up a login or an e-mail address", async () => {
  const held = top(1);
  const before = top(2);
  const entries = (more: Partial<StoredRefusal> = {}) => ({ "ACC-1": refused(held, more), "ACC-2": accepted(before) });
  for (const more of [{ login: "other" }, { email: "other@dealers.example" }]) {
    const { changes } = await judged([held, top(2, more)], { entries: entries() });
    expect(changes).toMatchObject([
      { planned: { accountNumber: "ACC-1" }, last: true, retry: ["user"] },
      { planned: { accountNumber: "ACC-2" }, last: false, freesValue: true },
    ]);
  }
  expect(await changed([held, top(2, { phone: "1" })], { entries: entries() })).toEqual(["ACC-2"]);
  for (const status of [400, 409]) {
    expect(await changed([held, top(2, { login: "other" })], { entries: entries({ status }) })).toHaveLength(2);
  }
  expect(await changed([held, top(2, { login: "other" })], { entries: entries({ status: 403 }) })).toEqual(["ACC-2"]);
});

it("a held user is sent again if a value was given up after its refusal or five minutes before it", async () => {
  const held = top(1);
  const entries = (valuesFreedAt: number | undefined) => {
    return { "ACC-1": refused(held, { at: 300_010 }), "ACC-2": accepted(top(2), { valuesFreedAt }) };
  };
  expect(await changed([held, top(2)], { entries: entries(undefined) })).toEqual([]);
  expect(await changed([held, top(2)], { entries: entries(9) })).toEqual([]);
  expect(await changed([held, top(2)], { entries: entries(10) })).toEqual(["ACC-1"]);
});

it("a held user whose new parent is sent is sent again, its rules only if all held steps are", async () => {
  const child = one(2, { parentUserIdentifier: "ACC-1" });
  const entries = { "ACC-2": refused(child) };
  const { changes } = await judged([top(1), child], { entries });
  expect(changes.map(({ retry }) => retry)).toEqual([[], ["user"]]);
  const retry = { retryHeld: true, now: 0 } as const;
  expect((await judged([top(1), child], { entries, retry })).changes.map(({ retry }) => retry)).toEqual([[], true]);
});

it("a held rule is not sent, but the user's other steps are sent", async () => {
  const source = { ...top(1), rules: { maxDistance: 30, profileTypes: ["pro"] as const } };
  const entries = { "ACC-1": accepted(top(1), { held: { maxDistance: refusal(source, "maxDistance") } }) };
  const result = await judged([source], { entries });
  expect(result.changes).toMatchObject([{ planned: { rules: ["profileTypes"] } }]);
  expect(result).toMatchObject({ heldUsers: 0, held: [{ step: "maxDistance" }] });
});

const profiles: UserProfile[] = [
  { code: "PRF_NETWORK", label: "Network" },
  { code: "PRF_REGION", label: "Region", parent: { code: "PRF_NETWORK" } },
];

it("issues of data, profile and hierarchy make a record invalid, and all are listed at once", async () => {
  const dataIssues = new Map([["ACC-1", [issueAt("email", tellUser("not_email"))]]]);
  const source = [top(1, { parentUserIdentifier: "ACC-1", profile: { code: "PRF_NOWHERE" } })];
  const { invalid, changes } = await judged(source, { profiles, dataIssues });
  expect(changes).toEqual([]);
  expect(invalid).toMatchObject([{ record: 0, accountNumber: "ACC-1" }]);
  expect(invalid[0]?.issues.map(({ path }) => path)).toEqual(["parentUserIdentifier", "profile.code", "email"]);
});

it("an issue about the parent's profile uses the profile that the source has", async () => {
  const source = [top(1, { profile: { code: "PRF_REGION" } }), one(2, { parentUserIdentifier: "ACC-1" })];
  const { invalid } = await judged(source, { profiles });
  expect(invalid.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-2"]);
  const entries = { "ACC-1": accepted(top(1)) };
  expect(await changed([one(2, { parentUserIdentifier: "ACC-1" })], { entries, profiles })).toEqual(["ACC-2"]);
});

it("judge() lists whose entries need a note: users that are back, or unsent with a new version", async () => {
  const held = { ...top(3), version: 2 };
  const source = [{ ...top(1), version: 2 }, top(2), held, { ...top(4, { phone: "1" }), version: 2 }, top(5)];
  const entries = {
    "ACC-1": accepted(top(1), { version: 1 }),
    "ACC-2": accepted(top(2), { missingSince: 3 }),
    "ACC-3": { ...refused(held), version: 1 },
    "ACC-4": accepted(top(4), { version: 1 }),
    "ACC-5": accepted(top(5)),
  };
  const { present, unchanged } = await judged(source, { entries });
  expect(present).toEqual([
    { accountNumber: "ACC-1", version: 2 },
    { accountNumber: "ACC-2", version: undefined },
    { accountNumber: "ACC-3", version: 2 },
  ]);
  expect(unchanged).toBe(3);
});
