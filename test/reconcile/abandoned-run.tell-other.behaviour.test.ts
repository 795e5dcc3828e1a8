import Keyv from "keyv";
import { expect, it, onTestFinished, vi } from "vitest";
import { keyvLedger, memoryLedger, reconcileUser } from "../../src/sync/index.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { openWorld, user } from "../support/sync-users.ts";

/** A client that notes the lines about a shared ledger. */
async function watched() {
  const world = await openWorld();
  onTestFinished(() => world.close());
  const lines: string[] = [];
  const write = (line: string, { event }: { readonly event: string }): void => {
    if (event === "ledger_shared") lines.push(line);
  };
  const oplead = world.connect({ logger: { debug: write, info: write, warn: write, error: write } });
  return { oplead, lines };
}

it("a process that finds another one at work with a ledger without leases says so once, and no entry is listed for it", async () => {
  const { oplead, lines } = await watched();
  const keyv = new Keyv({ throwOnErrors: true });
  const [one, other] = [keyvLedger(keyv), keyvLedger(keyv)];
  await reconcileUser(oplead, one, { user: user(0) });
  expect(lines).toEqual([]);
  await reconcileUser(oplead, other, { user: user(1) });
  await reconcileUser(oplead, other, { user: user(2) });
  expect(lines).toEqual([expect.stringMatching(/another process \(\d+\) works with the same ledger/)]);
  expect((await entriesOf(one)).map(([accountNumber]) => accountNumber)).toEqual(["ACC-0", "ACC-1", "ACC-2"]);
});

it("processes that work one after the other, and ledgers that cannot be shared, are not warned of", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const { oplead, lines } = await watched();
  const keyv = new Keyv({ throwOnErrors: true });
  for (const number of [0, 1]) {
    await using ledger = keyvLedger(keyv);
    await reconcileUser(oplead, ledger, { user: user(number) });
  }
  // A process that was killed.
  await reconcileUser(oplead, keyvLedger(keyv), { user: user(2) });
  vi.setSystemTime(Date.now() + 121_000);
  await reconcileUser(oplead, keyvLedger(keyv), { user: user(3) });
  expect(lines).toEqual([]);
  expect(memoryLedger()).not.toHaveProperty("noteAtWork");
});
