import { mkdtempSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Keyv from "keyv";
import { expect, it, onTestFinished, vi } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { planPage } from "../../src/pages/index.ts";
import {
  fileLedger,
  forgetUser,
  importIds,
  keyvLedger,
  type LedgerKeyOptions,
  memoryLedger,
  moveUsers,
  reconcileUser,
  userTimeline,
} from "../../src/sync/index.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { textOf } from "../support/page-text.ts";
import { fiveRules, user, users } from "../support/sync-users.ts";
import { eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const KEY = "a secret of the tests, long enough";
const OTHER = "another secret of the tests, too";
const remembering = (ledgerKey: LedgerKeyOptions["ledgerKey"] = KEY) => memoryLedger({ ledgerKey, remember: true });
const free = { guard: false } as const;

/** The same entries, seen with other options. */
async function seenWith(options: LedgerKeyOptions): Promise<void> {
  const next = memoryLedger(options);
  for (const [accountNumber, entry] of await entriesOf(on.ledger)) await next.set(accountNumber, entry);
  await next.setInfo?.((await on.ledger.getInfo?.()) ?? {});
  on.ledger = next;
}

it("the page of a plan shows old and new values if they are to be revealed, and none otherwise", async () => {
  on.ledger = remembering();
  await on.sync(users(3), free);
  const plan = await on.plan([user(0), user(1, { phone: "+33298000001" }), user(2)], free);
  const text = async (reveal: boolean) => textOf(await planPage(plan, { reveal }));
  const [hidden, revealed] = [await text(false), await text(true)];
  for (const value of [user(1).phone, "+33298000001"]) expect(hidden).not.toContain(value);
  expect(revealed).toContain(`phone: &quot;${user(1).phone}&quot; → &quot;+33298000001&quot;`);
  const saved = await planPage(JSON.parse(JSON.stringify(plan)), { reveal: true });
  expect(textOf(saved)).not.toContain("+33298000001");
});

const oldValueOf = async (source: UserInput[], accountNumber = "ACC-1", path = "phone"): Promise<unknown> => {
  const plan = await on.plan(source, free);
  return plan.diff(accountNumber, { reveal: true })?.lines.find((line) => line.path === path)?.was;
};

/** Counts how many seals are opened, and closed, while a task runs. */
async function crypting(task: () => Promise<unknown>): Promise<{ opened: number; closed: number }> {
  const [decrypt, encrypt] = [vi.spyOn(crypto.subtle, "decrypt"), vi.spyOn(crypto.subtle, "encrypt")];
  try {
    await task();
    return { opened: decrypt.mock.calls.length, closed: encrypt.mock.calls.length };
  } finally {
    decrypt.mockRestore();
    encrypt.mockRestore();
  }
}

it("a ledger that remembers lets a diff show old and new values where they are asked for, and nowhere else", async () => {
  on.ledger = remembering();
  const { world } = on;
  const map = (one: UserInput) => ({ user: one, rules: { maxDistance: one.accountNumber === "ACC-1" ? 30 : 20 } });
  await on.sync(users(3), { ...free, map });
  const next = user(1, { phone: "+33100000000", firstname: undefined, mobile: "+33600000000" });
  const moved = (one: UserInput) => ({ user: one, rules: { maxDistance: 50 } });
  world.newRequests();
  const plan = await on.plan([user(0), { ...next, address: { ...user(1).address, city: "Oyonnax" } }, user(2)], {
    ...free,
    map: moved,
  });
  const diff = plan.diff("ACC-1", { reveal: true });
  expect(diff?.lines).toEqual([
    { path: "address.city", change: "changed", value: "Oyonnax", was: user(1).address?.city },
    { path: "firstname", change: "removed", was: "Zoé" },
    { path: "mobile", change: "added", value: "+33600000000" },
    { path: "phone", change: "changed", value: "+33100000000", was: user(1).phone },
    { path: "rules.maxDistance", change: "changed", value: { maxDistance: 50 }, was: { maxDistance: 30 } },
  ]);
  expect(String(diff).split("\n").slice(2)).toEqual([
    '  - firstname: "Zoé"',
    '  + mobile: "+33600000000"',
    `  ~ phone: "${user(1).phone}" → "+33100000000"`,
    '  ~ rules.maxDistance: {"maxDistance":30} → {"maxDistance":50}',
  ]);
  const printed = [String(plan), plan.toMarkdown(), JSON.stringify(plan), String(plan.diff("ACC-1"))].join();
  for (const secret of ["Zoé", user(1).phone, "+33100000000"]) expect(printed).not.toContain(secret);
  expect(plan.diff("ACC-1")?.lines.some((line) => "was" in line)).toBe(false);
});

it("planning opens no seal of an unchanged user, and one of each user that changes", async () => {
  on.ledger = remembering();
  await on.sync(users(60), free);
  expect(await crypting(() => on.plan(users(60), free))).toEqual({ opened: 0, closed: 0 });
  const changed = users(60).map((one, at) => (at < 7 ? { ...one, phone: `+3310000${at}` } : one));
  expect(await crypting(() => on.plan(changed, free))).toEqual({ opened: 7, closed: 0 });
  expect(await crypting(() => on.sync(users(60), free))).toEqual({ opened: 0, closed: 0 });
});

it("a ledger that is told to remember does so for all users after one run without requests, and forgets them when it is told not to", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(30), free);
  on.world.newRequests();
  const changed = users(30).map((one) => ({ ...one, phone: "+33100000000" }));
  expect(await oldValueOf(changed)).toBeUndefined();
  for (const ledgerKey of [KEY, [OTHER, KEY], OTHER]) {
    await seenWith({ ledgerKey, remember: true });
    expect(await on.sync(users(30), free)).toMatchObject({
      status: "complete",
      warnings: [],
      counts: { unchanged: 30 },
    });
    expect(await crypting(() => on.sync(users(30), free))).toEqual({ opened: 0, closed: 0 });
    expect(await oldValueOf(changed)).toBe(user(1).phone);
  }
  await seenWith({ ledgerKey: OTHER });
  await on.sync(users(30), free);
  expect((await entriesOf(on.ledger)).filter(([, { seal }]) => seal !== undefined)).toEqual([]);
  expect(on.world.newRequests()).toBe(0);
});

it("a ledger that is told to remember learns the rules of unchanged users too, without a request", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  const within = (maxDistance: number) => (one: UserInput) => ({ user: one, rules: { maxDistance } });
  await on.sync(users(2), { ...free, map: within(20) });
  await seenWith({ ledgerKey: KEY, remember: true });
  on.world.newRequests();
  await on.sync(users(2), { ...free, map: within(20) });
  expect(on.world.newRequests()).toBe(0);
  const plan = await on.plan(users(2), { ...free, map: within(30) });
  expect(plan.diff("ACC-1", { reveal: true })?.lines).toEqual([
    { path: "rules.maxDistance", change: "changed", value: { maxDistance: 30 }, was: { maxDistance: 20 } },
  ]);
});

it("a wrong key shows no old value and one warning, and what is sent and what the right key shows stay the same", async () => {
  on.ledger = remembering();
  await on.sync(users(30), free);
  const source = [...users(29), user(29, { phone: "+33100000000" })];
  await seenWith({ ledgerKey: OTHER, remember: true });
  const plan = await on.plan(source, free);
  expect(plan.warnings).toMatchObject([{ code: "unreadable_fingerprints", parameters: { count: 30 } }]);
  expect(plan.diff("ACC-29", { reveal: true })?.lines.filter((line) => "was" in line)).toEqual([]);
  await seenWith({ ledgerKey: KEY, remember: true });
  expect(await oldValueOf(source, "ACC-29")).toBe(user(29).phone);
  const entry = await on.ledger.get("ACC-29");
  await on.ledger.set("ACC-29", { rules: {}, at: 1, ...entry, seal: `${entry?.seal?.slice(0, -8)}AAAAAAA=` });
  const damaged = await on.plan(source, free);
  expect(damaged.warnings).toMatchObject([
    { code: "unreadable_seals", parameters: { count: 1, examples: ["ACC-29"] } },
  ]);
  expect(await damaged.apply()).toMatchObject({ counts: { updated: 1 }, requests: 1 });
});

it("a ledger that has moved to another platform remembers anew, and never shows what it had for the first one", async () => {
  on.ledger = remembering();
  await on.sync(users(3), free);
  const source = [user(0), user(1, { phone: "+33100000000" }), user(2)];
  const renamed = { platform: "renamed" };
  const plan = await on.plan(source, { ...free, adoptPlatform: true }, renamed);
  expect(plan.warnings).toMatchObject([{ code: "unreadable_seals", parameters: { count: 3 } }]);
  expect(plan.diff("ACC-1", { reveal: true })?.lines.filter((line) => "was" in line)).toEqual([]);
  await on.sync(users(3), { ...free, adoptPlatform: true }, renamed);
  const again = await on.plan(source, free, renamed);
  expect(again.warnings).toEqual([]);
  expect(again.diff("ACC-1", { reveal: true })?.lines).toMatchObject([{ was: user(1).phone }]);
});

it("what is remembered goes with a user to a new account number, and ends when the user is forgotten", async () => {
  on.ledger = remembering();
  await on.sync(users(3), free);
  await moveUsers(on.ledger, [["ACC-1", "NEW-1"]]);
  const source = [user(0), user(1, { accountNumber: "NEW-1", phone: "+33100000000" }), user(2)];
  expect(await oldValueOf(source, "NEW-1")).toBe(user(1).phone);
  expect(await oldValueOf(source, "NEW-1", "accountNumber")).toBe("ACC-1");
  await forgetUser(on.ledger, "NEW-1");
  expect((await on.ledger.get("NEW-1"))?.seal).toBeUndefined();
  expect(await oldValueOf(source, "NEW-1")).toBeUndefined();
});

it("a move inside a plan shows the old values, which lie under the old account number", async () => {
  on.ledger = remembering();
  await on.sync(users(2), free);
  const moves = [["ACC-1", "NEW-1"]] as const;
  const plan = await on.plan([user(0), user(1, { accountNumber: "NEW-1" })], { ...free, moves });
  expect(plan.diff("NEW-1", { reveal: true })?.lines).toEqual([
    { path: "accountNumber", change: "changed", value: "NEW-1", was: "ACC-1" },
  ]);
  await plan.apply();
  expect((await on.plan([user(0), user(1, { accountNumber: "NEW-1" })], free)).changes).toEqual([]);
});

it("ids that are imported, and entries that are copied to another ledger, keep what is remembered", async () => {
  on.ledger = remembering();
  await on.sync(users(3), free);
  const id = (await on.ledger.get("ACC-1"))?.id ?? "";
  expect(await importIds(on.ledger, [["ACC-1", id]])).toMatchObject({ kept: 1 });
  const store = new Keyv({ throwOnErrors: true });
  const copy = keyvLedger(store, { ledgerKey: KEY, remember: true });
  for (const [accountNumber, entry] of await entriesOf(on.ledger)) await copy.set(accountNumber, entry);
  on.ledger = copy;
  expect(await oldValueOf([user(0), user(1, { phone: "+33100000000" }), user(2)])).toBe(user(1).phone);
});

it("the timeline of a user has the last change of each value and the run that made it, only where values are asked for", async () => {
  on.ledger = remembering();
  const rulesFor = (maxDistance: number) => (one: UserInput) => ({ user: one, rules: { maxDistance } });
  await on.sync(users(2), { ...free, map: rulesFor(30) });
  const next = user(1, { phone: "+33100000000", address: { ...user(1).address, city: "Oyonnax" } });
  await on.sync([user(0), next], { ...free, map: rulesFor(30), runId: "night-2" });
  await reconcileUser(on.world.connect(), on.ledger, { user: next, rules: { maxDistance: 50 } });
  expect((await userTimeline("ACC-1", { ledger: on.ledger })).lastChanges).toEqual([]);
  expect((await userTimeline("ACC-1", { ledger: on.ledger, reveal: true })).lastChanges).toEqual([
    { path: "address.city", was: user(1).address?.city, value: "Oyonnax", run: "night-2" },
    { path: "phone", was: user(1).phone, value: "+33100000000", run: "night-2" },
    { path: "rules.maxDistance", was: { maxDistance: 30 }, value: { maxDistance: 50 }, run: undefined },
  ]);
  await seenWith({ ledgerKey: OTHER, remember: true });
  expect((await userTimeline("ACC-1", { ledger: on.ledger, reveal: true })).lastChanges).toEqual([]);
});

it("test mode leaves what is remembered as it is", async () => {
  on.ledger = remembering();
  await on.sync(users(2), free);
  const before = await entriesOf(on.ledger);
  const plan = await on.plan([user(0), user(1, { phone: "+33100000000" })], free);
  await plan.verify();
  expect(await entriesOf(on.ledger)).toEqual(before);
});

it("the files of a ledger that remembers hold no name, login, address or rule in clear", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oplead-remember-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const ledger = fileLedger(join(folder, "ledger"), { ledgerKey: KEY, remember: true });
  on.ledger = ledger;
  const source = users(12);
  const { competences, contactProfiles } = fiveRules;
  const map = (one: UserInput) => ({ user: one, rules: { competences, contactProfiles } });
  await on.sync(source, { ...free, map });
  expect(await oldValueOf([user(0), user(1, { phone: "+33100000000" })])).toBe(user(1).phone);
  await ledger.close();
  const files = await readdir(join(folder, "ledger"));
  const content = (await Promise.all(files.map((name) => readFile(join(folder, "ledger", name), "latin1")))).join();
  expect(content).toContain("ACC-1");
  const secrets = source.flatMap((one) => [one.login, one.lastname, one.email, one.phone, one.address?.city]);
  for (const secret of [KEY, "RNG_A", "CPR_A", ...new Set(secrets)]) {
    expect(content.includes(Buffer.from(secret ?? "").toString("latin1")), secret).toBe(false);
  }
});

it("a ledger is not told to remember without a key, and says what to do", async () => {
  const store = new Keyv({ throwOnErrors: true });
  for (const open of [memoryLedger, (how: object) => fileLedger("x", how), (how: object) => keyvLedger(store, how)]) {
    const issues = [
      {
        parameters: {},
        path: "remember",
        code: "remember_needs_key",
        message: expect.stringContaining("openssl rand"),
      },
    ];
    expect(() => open({ remember: true })).toThrow(expect.objectContaining({ code: "invalid_options", issues }));
    expect(() => open({ remember: false })).not.toThrow();
  }
});
