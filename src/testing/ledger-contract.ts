import type { Ledger, LedgerEntry, Replacement } from "../ledger/ledger.ts";
import { byCharacters, type ContractTest, expect } from "./contract.ts";

/**
 * The behaviour of every ledger, as tests for any runner. `open` gives a new, empty ledger, which the test closes. Run
 * them for a store of your own where it will run: they fail for a table that cuts texts off or ignores case.
 *
 * ```ts
 * for (const { name, run } of ledgerContract(() => createLedger(newStore()))) test(name, run);
 * ```
 */
export function ledgerContract(open: () => Ledger | Promise<Ledger>): ContractTest[] {
  return TESTS.map(([name, task]) => ({
    name,
    run: async () => {
      const ledger = await open();
      try {
        await task(ledger);
      } finally {
        await ledger.close();
      }
    },
  }));
}

type Task = (ledger: Ledger) => Promise<void>;

const NAMES = "ACC-1 acc-1 ACC-10 a:b a/b a%b_*? keyv:c user/d € info . 100001 0100001 __proto__".split(" ");

const LONG = "N".repeat(299);
const LONG_NAMES = [`${LONG}1`, `${LONG}2`, `1${LONG}`, `2${LONG}`];

// Composed, decomposed, without accent; a ligature, a wide letter.
const UNICODE = ["\u00e9", "e\u0301", "e", "\ufb01", "fi", "\uff21", "A"];

const TESTS: readonly (readonly [name: string, task: Task])[] = [
  ["A ledger replaces an entry only if it has the expected revision", replacesByRevision],
  ["A ledger lets one of many writers replace an entry that all of them have read", letsOneWriterWin],
  ["A ledger that replaces two entries in one step replaces both or none", replacesBothOrNone],
  ["A ledger keeps the entry that was written last, for any account number, and nothing else", keepsApart(NAMES)],
  ["A ledger tells account numbers of 300 characters apart by their first or last one", keepsApart(LONG_NAMES)],
  ["A ledger tells account numbers apart that differ only in accents or in their Unicode form", keepsApart(UNICODE)],
  ["A ledger lists account numbers that begin with a blank", keepsApart([" ACC-1", "ACC-1"])],
  ["A ledger keeps every part of an entry, also long ones and parts that it does not know", keepsWholeEntries],
  ["A ledger lists each entry once, also while entries are changed and added", listsWhileWritten],
  ["A ledger lists what was written before the listing, at once", listsAtOnce],
  ["A ledger keeps facts about itself until they are given again, and lists no entry for them", keepsFacts],
  ["A ledger keeps each note by itself, and lists no entry for it", keepsNotes],
  ["A ledger lets one of many writers set a note that none of them has found", letsOneWriterSetNote],
  ["A ledger with leases lets one task at a time work on a user", leasesToOne],
  ["A ledger keeps a user leased if the lease before is released a second time", releasesOwnLease],
  ["A ledger may be closed again", closesTwice],
];

async function replacesByRevision(ledger: Ledger): Promise<void> {
  expect(await ledger.replace("ACC-1", 1, entry("1", 2)), false, "replacing an absent entry as revision 1");
  expect(await ledger.get("ACC-1"), undefined, "the entry after a refused write");
  expect(await ledger.replace("ACC-1", 0, entry("1", 1)), true, "replacing an absent entry as revision 0");
  expect(await ledger.replace("ACC-1", 0, entry("2", 1)), false, "replacing revision 1 as revision 0");
  expect(await ledger.replace("ACC-1", 1, entry("2", 2)), true, "replacing revision 1 as revision 1");
  expect(await ledger.get("ACC-1"), entry("2", 2), "the entry that was written last");
  await ledger.replace("ACC-2", 0, entry("2"));
  expect(await ledger.replace("ACC-2", 0, entry("3", 1)), true, "replacing an entry without a revision as revision 0");
}

async function letsOneWriterWin(ledger: Ledger): Promise<void> {
  const tries = Array.from({ length: 20 }, (_, at) => ledger.replace("ACC-1", 0, entry(`${at}`, 1)));
  expect((await Promise.all(tries)).filter(Boolean).length, 1, "how many of 20 writers replaced the entry");
}

async function replacesBothOrNone(ledger: Ledger): Promise<void> {
  if (!ledger.replaceBoth) return;
  const both = (one: Replacement, other: Replacement) => ledger.replaceBoth?.(one, other);
  await ledger.replace("ACC-1", 0, entry("1", 3));
  const [first, second] = [entry("1", 4), entry("2", 1)];
  expect(await both(["ACC-2", 1, second], ["ACC-1", 3, first]), false, "replacing with one wrong revision");
  expect(await both(["ACC-2", 0, second], ["ACC-1", 2, first]), false, "replacing with the other revision wrong");
  expect(await listed(ledger), [["ACC-1", entry("1", 3)]], "the entries after refused writes");
  const tries = [both(["ACC-2", 0, second], ["ACC-1", 3, first]), both(["ACC-1", 3, first], ["ACC-2", 0, second])];
  expect((await Promise.all(tries)).filter(Boolean).length, 1, "how many of two writers replaced both entries");
  const after = [
    ["ACC-1", first],
    ["ACC-2", second],
  ];
  expect(await listed(ledger), after, "the entries after the write");
}

function keepsApart(names: readonly string[]): Task {
  const last = names.map((name, at) => [name, { ...entry(String(at), 2), version: 2, missingSince: 3 }] as const);
  return async (ledger) => {
    for (const [name] of last)
      expect(await ledger.replace(name, 0, entry("first", 1)), true, `writing an entry of ${name}`);
    for (const [name, entry] of last)
      expect(await ledger.replace(name, 1, entry), true, `replacing the entry of ${name}`);
    for (const [name, entry] of last) expect(await ledger.get(name), entry, `the entry of ${name}`);
    expect(await ledger.get("unknown"), undefined, "the entry of an account number that was never written");
    expect(
      await listed(ledger),
      [...last].sort(([a], [b]) => byCharacters(a, b)),
      "all entries",
    );
  };
}

async function keepsWholeEntries(ledger: Ledger): Promise<void> {
  const held = { step: "maxDistance", hash: "h", code: "refused", status: 422, at: 1.5e12 } as const;
  const postcodes = Array.from({ length: 6_000 }, (_, at) => ({ code: String(10_000 + at) }));
  const whole = {
    ...entry(`${LONG}1`, 1),
    version: "2026-01-09T08:00:00.123456Z",
    at: 1_767_945_600_123,
    held: { maxDistance: held },
    accepted: {
      user: "hash",
      country: "FR",
      zipCode: "01000",
      rules: { maxDistance: { hash: "h", body: { maxDistance: 40.5 } }, geographical: { hash: "h", body: postcodes } },
    },
    segment: "Bretagne «é» 🚗",
    partOfLaterVersions: { list: [null, true, ""] },
  };
  expect(await ledger.replace("ACC-1", 0, whole), true, "writing an entry of 100 kB");
  expect(await ledger.get("ACC-1"), whole, "the entry");
  expect(await listed(ledger), [["ACC-1", whole]], "all entries");
}

async function listsWhileWritten(ledger: Ledger): Promise<void> {
  const count = 1_200;
  // At once: one after the other would wait for a disk 1,200 times.
  const numbers = Array.from({ length: count }, (_, number) => number);
  await Promise.all(numbers.map((number) => ledger.replace(`ACC-${number}`, 0, entry(String(number), 1))));
  const found = new Set<string>();
  let times = 0;
  for await (const [accountNumber, { id }] of ledger.entries()) {
    if (found.size === 0) {
      // A page that is found by its offset moves.
      for (const name of ["AAA", "ZZZ"]) await ledger.replace(name, 0, entry("1", 1));
      await ledger.replace("ACC-0", 1, entry("0", 2));
    }
    if (!accountNumber.startsWith("ACC")) continue;
    expect(accountNumber, `ACC-${id}`, "the account number of an entry that was listed");
    found.add(accountNumber);
    times += 1;
  }
  expect([times, found.size], [count, count], "how many entries were listed, and how many different ones");
}

async function listsAtOnce(ledger: Ledger): Promise<void> {
  expect(await listed(ledger), [], "the entries of a new ledger");
  for (const revision of [1, 2, 3]) {
    const written = entry(String(revision), revision);
    await ledger.replace("ACC-1", revision - 1, written);
    expect(await listed(ledger), [["ACC-1", written]], `the entries after ${revision} writes`);
  }
}

async function keepsFacts(ledger: Ledger): Promise<void> {
  expect(await ledger.getInfo(), undefined, "the facts about a new ledger");
  const platform = { baseUrl: "https://a.example", name: "staging" };
  const facts = { lastRunAt: 5, entries: 7, runs: 3, lastRunId: "run", alerts: "{}", problems: "x".repeat(60_000) };
  await ledger.setInfo({ platform });
  await ledger.setInfo(facts);
  await ledger.setInfo({ lastRunAt: 6 });
  const { position: _, ...found } = { position: undefined, ...(await ledger.getInfo()) };
  expect(found, { platform, ...facts, lastRunAt: 6 }, "the facts");
  expect(await listed(ledger), [], "all entries");
}

async function keepsNotes(ledger: Ledger): Promise<void> {
  await ledger.replace("ACC-1", 0, entry("1", 1));
  for (const name of ["key", "pause", "approval"] as const) {
    expect(await ledger.readNote(name), undefined, `the note "${name}" of a new ledger`);
    expect(await ledger.writeNote(name, "other", "first"), false, `writing the note "${name}" over another one`);
    expect(await ledger.writeNote(name, undefined, `${name} é`), true, `writing the note "${name}"`);
    expect(await ledger.readNote(name), `${name} é`, `the note "${name}"`);
    expect(await ledger.writeNote(name, undefined, "other"), false, `writing the note "${name}" a second time`);
  }
  expect(await ledger.writeNote("pause", "pause é", undefined), true, "taking a note away");
  expect(await ledger.readNote("pause"), undefined, "a note that was taken away");
  expect(await ledger.writeNote("pause", undefined, "again"), true, "writing a note that was taken away");
  expect(await ledger.writeNote("approval", "approval é", "x".repeat(60_000)), true, "writing a long note");
  expect((await ledger.readNote("approval"))?.length, 60_000, "the length of a long note");
  expect(await ledger.readNote("key"), "key é", "a note beside others");
  expect(await listed(ledger), [["ACC-1", entry("1", 1)]], "all entries");
}

async function letsOneWriterSetNote(ledger: Ledger): Promise<void> {
  const tries = Array.from({ length: 20 }, (_, at) => ledger.writeNote("key", undefined, `key ${at}`));
  const winner = (await Promise.all(tries)).flatMap((isWritten, at) => (isWritten ? [`key ${at}`] : []));
  expect([await ledger.readNote("key")], winner, "the writers that set the note");
}

async function releasesOwnLease(ledger: Ledger): Promise<void> {
  if (!ledger.lease) return;
  const { signal } = new AbortController();
  const lease = (accountNumber: string) => leaseOf(ledger, accountNumber, signal);
  const first = await lease("ACC-1");
  await first.release();
  const second = await lease("ACC-1");
  await first.release();
  let isFree = false;
  const third = lease("ACC-1").then((taken) => {
    isFree = true;
    return taken;
  });
  // Meanwhile a free lease would have been taken.
  await (await lease("ACC-2")).release();
  expect(isFree, false, "whether the user is free while the second lease is held");
  await second.release();
  await (await third).release();
}

function leaseOf(ledger: Ledger, accountNumber: string, signal: AbortSignal) {
  const taken = ledger.lease?.(accountNumber, signal);
  if (!taken) throw new Error("The ledger has no leases any more.");
  return taken;
}

async function leasesToOne(ledger: Ledger): Promise<void> {
  if (!ledger.lease) return;
  const lease = (accountNumber: string, signal: AbortSignal) => leaseOf(ledger, accountNumber, signal);
  const { signal } = new AbortController();
  const first = await lease("ACC-1", signal);
  expect(first.left() > 0, true, "whether a lease that was just taken has time left");
  await (await lease("ACC-2", signal)).release();

  const order: string[] = [];
  const second = lease("ACC-1", signal).then((taken) => {
    order.push("taken");
    return taken;
  });
  const givingUp = new AbortController();
  const third = lease("ACC-1", givingUp.signal).then(
    () => "taken",
    () => "given up",
  );
  givingUp.abort();
  expect(await third, "given up", "waiting for a lease with a signal that aborts");
  order.push("released");
  await first.release();
  await (await second).release();
  expect(order, ["released", "taken"], "the order in which a lease was released and taken");
}

async function closesTwice(ledger: Ledger): Promise<void> {
  await ledger.replace("ACC-1", 0, entry("1", 1));
  await ledger.close();
}

function entry(id: string, revision?: number): LedgerEntry {
  return {
    ...(revision !== undefined && { revision }),
    id,
    user: `hash of ${id}`,
    fields: "abc email",
    rules: { maxDistance: "hash" },
    at: 1,
  };
}

async function listed(ledger: Ledger): Promise<(readonly [string, LedgerEntry])[]> {
  const entries: (readonly [string, LedgerEntry])[] = [];
  for await (const pair of ledger.entries()) entries.push(pair);
  return entries.sort(([a], [b]) => byCharacters(a, b));
}
