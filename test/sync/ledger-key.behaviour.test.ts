import { mkdtempSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { canonicalJson } from "../../src/base/hash/canonical-json.ts";
import { hashText } from "../../src/base/hash/hash.ts";
import type { UserInput } from "../../src/index.ts";
import { fileLedger, memoryLedger } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { user, users } from "../support/sync-users.ts";
import { eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const KEY = "a secret of the tests, long enough";
const OTHER = "another secret of the tests, too";

const changed = (count: number): UserInput[] =>
  users(count).map((one, at) => ({ ...one, phone: `+3310000${at}`, address: { ...one.address, city: `City ${at}` } }));

/** The same entries, seen with other keys. */
async function withKey(ledgerKey: string | readonly string[] | undefined): Promise<void> {
  const next = memoryLedger({ ledgerKey });
  for (const [accountNumber, entry] of await entriesOf(on.ledger)) await setEntry(next, accountNumber, entry);
  await next.setInfo((await on.ledger.getInfo()) ?? {});
  on.ledger = next;
}

async function keysInLedger(): Promise<(string | undefined)[]> {
  return [...new Set((await entriesOf(on.ledger)).map(([, { key }]) => key))];
}

it("with a ledger key a plan names every field that changed, without one it misses some of 100 users", async () => {
  const unnamed = async (): Promise<number> => {
    const { changes } = await on.plan(changed(100), { guard: false });
    return changes.filter(({ fields }) => fields.join() !== "address,phone").length;
  };
  await on.sync(users(100), { guard: false });
  expect(await unnamed()).toBeGreaterThan(2);
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(100), { guard: false });
  expect(await unnamed()).toBe(0);
  const plan = await on.plan([...users(3).slice(0, 2), user(2, { address: { ...user(2).address, city: "Oyonnax" } })]);
  expect(plan.diff("ACC-2")?.lines).toEqual([{ path: "address.city", change: "changed" }]);
});

it("a ledger that is given a key, and one whose key is rotated, has fingerprints of all users after one run without requests", async () => {
  await on.sync(users(30));
  on.world.newRequests();
  for (const ledgerKey of [KEY, [OTHER, KEY], OTHER]) {
    await withKey(ledgerKey);
    const plan = await on.plan(users(30));
    expect(plan.warnings).toEqual([]);
    expect(await plan.apply()).toMatchObject({ status: "complete", counts: { unchanged: 30 } });
    expect(await keysInLedger()).toEqual([on.ledger.fingerprints?.key]);
    expect((await on.plan(changed(30), { guard: false })).changes.every(({ fields }) => fields.length === 2)).toBe(
      true,
    );
  }
  const { revision } = (await on.ledger.get("ACC-1")) ?? {};
  await on.sync(users(30));
  expect((await on.ledger.get("ACC-1"))?.revision).toBe(revision);
  expect(on.world.newRequests()).toBe(0);
});

it.each([
  ["wrong", OTHER],
  ["lost", undefined],
])("a %s ledger key blocks nothing and sends what the content demands, with one warning", async (_how, ledgerKey) => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(100), { guard: false });
  await withKey(ledgerKey);
  on.world.newRequests();
  const source = [...users(99), user(99, { phone: "+33100000000" })];
  const plan = await on.plan(source);
  expect(plan.warnings).toMatchObject([{ code: "unreadable_fingerprints", parameters: { count: 100 } }]);
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-99", fields: [], fieldsUnknown: true }]);
  expect(await plan.apply()).toMatchObject({ status: "complete", counts: { updated: 1 }, requests: 1 });
  expect(on.world.newRequests()).toBe(1);
});

it("equal values of two users have different fingerprints, and a login or an e-mail address the same in upper case", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync([user(0), user(1)]);
  const [first, second] = (await entriesOf(on.ledger)).map(([, entry]) => entry);
  expect(first?.fields?.["address.city"]).toMatch(/^[\w-]{11}$/);
  expect(first?.fields?.["address.city"]).not.toBe(second?.fields?.["address.city"]);
  await on.sync([user(0), user(1, { email: "Person-1@Dealers.example", login: "LOGIN-1" })], { guard: false });
  const third = await on.ledger.get("ACC-1");
  expect(third?.user).not.toBe(second?.user);
  expect(third?.identity).toEqual(second?.identity);
});

it.each([
  ["with", KEY],
  ["without", undefined],
])(
  "the files of a ledger %s a key hold no login, name, e-mail address or city, and no key",
  async (_how, ledgerKey) => {
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
  },
);

it("a list of 20,000 logins that has the right ones finds none of 300 behind fingerprints without the key", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(300), { guard: false });
  const kept = new Set(
    (await entriesOf(on.ledger)).flatMap(([, { identity, fields }]) => [identity?.login, fields?.login]),
  );
  const guesses = Array.from({ length: 20_000 }, (_, number) => `login-${number}`);
  const stranger = memoryLedger({ ledgerKey: "a key that somebody guesses" }).fingerprints;
  const marks = guesses.flatMap((login) => [
    hashText(canonicalJson(login)).slice(0, 11),
    stranger?.of(`identity\nlogin\n${login}`, stranger.key),
  ]);
  expect(marks.filter((mark) => kept.has(mark))).toEqual([]);
  const owner = on.ledger.fingerprints;
  const found = guesses.filter((login) => kept.has(owner?.of(`identity\nlogin\n${login}`, owner.key)));
  expect(found).toHaveLength(300);
});
