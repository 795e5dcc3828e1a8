import { mkdtempSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import { createLedger, fileLedger, type LedgerEntry, type LedgerStore } from "../../src/sync/index.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { creationOf, eachTestItsWorld, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const KEY = "a secret of the tests, long enough";
const OTHER = "another secret of the tests, too";

const changed = (count: number) =>
  users(count).map((one, at) => ({ ...one, phone: `+3310000${at}`, address: { ...one.address, city: `City ${at}` } }));

async function keysInLedger() {
  return [...new Set((await entriesOf(on.ledger)).map(([, { key }]) => key))];
}

function keptStore() {
  const stored = new Map<string, LedgerEntry>();
  const store: LedgerStore = {
    get: async (accountNumber) => stored.get(accountNumber),
    replace: async (accountNumber, expected, entry) => {
      if ((stored.get(accountNumber)?.revision ?? 0) !== expected) return false;
      stored.set(accountNumber, entry);
      return true;
    },
    async *entries() {
      yield* [...stored];
    },
  };
  return (ledgerKey?: string | readonly string[]) => createLedger(store, { ledgerKey });
}

it("a change of the ledger's key sends nothing and releases no held step", async () => {
  const open = keptStore();
  on.ledger = open();
  on.world.fake.fail({ on: creationOf("ACC-30"), as: { status: 409 }, times: 1 });
  const source = [...users(30), user(30, { parentUserIdentifier: undefined })];
  expect((await on.sync(source)).counts).toMatchObject({ failed: 1 });
  const { held } = (await on.ledger.get("ACC-30")) ?? {};
  expect(held?.user).toBeDefined();
  const made = (await on.ledger.fingerprints()).key;
  on.world.newRequests();
  for (const ledgerKey of [KEY, [OTHER, KEY], OTHER]) {
    on.ledger = open(ledgerKey);
    expect(on.ledger.keyPlace).toBe("option");
    const plan = await on.plan(source);
    expect(plan.warnings).toEqual([]);
    expect(await plan.apply()).toMatchObject({ requests: 0, counts: { unchanged: 30, held: 1 } });
    expect((await keysInLedger()).filter(Boolean)).toEqual([(await on.ledger.fingerprints()).key]);
    expect((await on.plan(changed(30), { guard: false })).changes.every(({ fields }) => fields.length === 2)).toBe(
      true,
    );
    expect((await on.ledger.get("ACC-30"))?.held).toEqual(held);
  }
  const { revision } = (await on.ledger.get("ACC-1")) ?? {};
  await on.sync(source);
  expect((await on.ledger.get("ACC-1"))?.revision).toBe(revision);
  expect(on.world.newRequests()).toBe(0);
  expect((await on.ledger.fingerprints()).reads(made ?? "")).toBe(true);
});

it("a user held for a login is sent in the next run if its owner, whose key is unknown, gave it up", async () => {
  const open = keptStore();
  on.ledger = open(KEY);
  const { login } = user(1);
  const held = user(3, { login });
  const first = await on.sync([...users(3), held], { advanced: { newUsers: ["ACC-3"] } });
  expect(among(first.findings, "failed")).toMatchObject([{ accountNumber: "ACC-3", held: true }]);
  on.ledger = open(OTHER);
  const source = [user(0), user(1, { login: "another-login" }), user(2), held];
  const more = { guard: false, advanced: { newUsers: ["ACC-3"] } } as const;
  const plan = await on.plan(source, more);
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-1", fieldsUnknown: true }]);
  expect((await plan.apply()).counts).toMatchObject({ updated: 1, held: 1 });
  // The login may have been among the changed fields.
  expect((await on.ledger.get("ACC-1"))?.valuesFreedAt).toBeGreaterThan(0);
  expect((await on.sync(source, more)).counts).toMatchObject({ created: 1, held: 0 });
  expect(on.world.fake.user("ACC-3")).toMatchObject({ login });
  expect((await on.plan(source, more)).changes).toEqual([]);
});

it("a run with a wrong ledger key warns once and sends only the user that changed", async () => {
  const open = keptStore();
  on.ledger = open(KEY);
  await on.sync(users(100), { guard: false });
  on.ledger = open(OTHER);
  on.world.newRequests();
  const source = [...users(99), user(99, { phone: "+33100000000" })];
  const plan = await on.plan(source);
  expect(plan.warnings).toMatchObject([{ code: "unreadable_fingerprints", parameters: { count: 100 } }]);
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-99", fields: [], fieldsUnknown: true }]);
  expect(await plan.apply()).toMatchObject({ status: "complete", counts: { updated: 1 }, requests: 1 });
  expect(on.world.newRequests()).toBe(1);
  expect((await on.plan(source)).warnings).toEqual([]);
});

const inFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "oplead-key-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "ledger");
  return { path, key: `${path}.key` };
};
const night = async (path: string, source: readonly UserInput[]) => {
  const ledger = fileLedger(path);
  on.ledger = ledger;
  const plan = await on.plan(source);
  const report = await plan.apply();
  await ledger.close();
  return { plan, report };
};

it.each<[string, "damaged" | "unreadable", (key: string) => Promise<unknown>]>([
  ["damaged", "damaged", (key) => writeFile(key, "half a k")],
  ["empty", "damaged", (key) => writeFile(key, "")],
  ["a folder", "unreadable", (key) => rm(key).then(() => mkdir(key))],
])(
  "if the file of the key is %s, nothing is sent twice, and the plan and the log say so",
  async (_how, problem, spoil) => {
    const { path, key } = inFolder();
    await night(path, users(3));
    await spoil(key);
    on.world.newRequests();
    const { plan, report } = await night(path, [...users(2), user(2, { phone: "+33100000000" })]);
    expect(plan.warnings).toMatchObject([{ code: "ledger_key_unusable", parameters: { problem } }]);
    expect(plan.changes).toMatchObject([{ accountNumber: "ACC-2", fieldsUnknown: true }]);
    expect(report).toMatchObject({ status: "complete", counts: { unchanged: 2, updated: 1 }, requests: 1 });
    expect((await night(path, [...users(2), user(2, { phone: "+33100000000" })])).report.requests).toBe(0);
    expect(on.world.newRequests()).toBe(1);
  },
);

it.each([
  ["with", KEY],
  ["without", undefined],
])("the files of a ledger %s a given key hold no personal data, and not the key", async (_how, ledgerKey) => {
  const folder = mkdtempSync(join(tmpdir(), "oplead-key-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const source = users(300);
  const ledger = fileLedger(join(folder, "ledger"), { ledgerKey });
  on.ledger = ledger;
  await on.sync(source, { guard: false });
  await ledger.close();
  const files = await readdir(join(folder, "ledger"));
  const content = (await Promise.all(files.map((name) => readFile(join(folder, "ledger", name), "latin1")))).join();
  expect(content).toContain("ACC-");
  const secrets = source.flatMap((one) => [
    one.login,
    one.lastname,
    one.firstname,
    one.email,
    one.phone,
    one.address?.city,
    one.address?.street,
  ]);
  for (const secret of [KEY, ...new Set(secrets)])
    expect(content.includes(Buffer.from(secret ?? "").toString("latin1")), secret).toBe(false);
});
