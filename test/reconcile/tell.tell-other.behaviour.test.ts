import { expect, it, onTestFinished, vi } from "vitest";
import { createLedger, memoryLedger, reconcileUser } from "../../src/sync/index.ts";
import { entriesOf, smallStore } from "../support/ledger-contract.ts";
import { openWorld, user } from "../support/sync-users.ts";

/** A client that collects its log lines about a shared ledger, and the events of all its lines. */
async function watched() {
  const world = await openWorld();
  onTestFinished(() => world.close());
  const lines: string[] = [];
  const events: string[] = [];
  const write = (line: string, { event }: { readonly event: string }) => {
    events.push(event);
    if (event === "ledger_shared") lines.push(line);
  };
  const oplead = world.connect({ logger: { debug: write, info: write, warn: write, error: write } });
  return { oplead, lines, events };
}

it("another process on a ledger without leases is logged once, and the notes about it are no entries", async () => {
  const { oplead, lines } = await watched();
  const store = smallStore();
  const [one, other] = [createLedger(store), createLedger(store)];
  await reconcileUser(oplead, one, { user: user(0) });
  expect(lines).toEqual([]);
  await reconcileUser(oplead, other, { user: user(1) });
  await reconcileUser(oplead, other, { user: user(2) });
  expect(lines).toEqual([expect.stringMatching(/another process \(\d+\) works with the same ledger/)]);
  expect((await entriesOf(one)).map(([accountNumber]) => accountNumber)).toEqual(["ACC-0", "ACC-1", "ACC-2"]);
});

it("no warning is logged for processes one after the other, nor for ledgers that cannot be shared", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const { oplead, lines } = await watched();
  const store = smallStore();
  for (const number of [0, 1]) {
    await using ledger = createLedger(store);
    await reconcileUser(oplead, ledger, { user: user(number) });
  }
  // This first process is killed: it never says that it ended.
  await reconcileUser(oplead, createLedger(store), { user: user(2) });
  vi.setSystemTime(Date.now() + 121_000);
  await reconcileUser(oplead, createLedger(store), { user: user(3) });
  expect(lines).toEqual([]);
  expect(memoryLedger()).not.toHaveProperty("noteAtWork");
});

it("a shared ledger without a usable key gets one warning about sharing and one about the key", async () => {
  const { oplead, events } = await watched();
  const store = smallStore(new Map([[" oplead key", '{"rules":{},"at":1,"note":"no key"}']]));
  await reconcileUser(oplead, createLedger(store), { user: user(0) });
  const shared = createLedger(store);
  events.splice(0);
  for (const number of [1, 2]) await reconcileUser(oplead, shared, { user: user(number) });
  expect(events.filter((event) => event.startsWith("ledger_")).sort()).toEqual(["ledger_key_missing", "ledger_shared"]);
});
