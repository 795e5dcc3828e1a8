import { expect, it } from "vitest";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { withEntry } from "../../src/reconcile/change-entry.ts";

it("two tasks on one entry of a ledger run one after the other, and tasks on other entries do not wait", async () => {
  const ledger = memoryLedger();
  const events: string[] = [];
  let finish = () => {};
  const task = (name: string, end?: Promise<void>) => async () => {
    events.push(`${name} begins`);
    await end;
    events.push(`${name} ends`);
  };
  const slow = withEntry(ledger, "ACC-1", task("first", new Promise((resolve) => (finish = resolve))));
  const second = withEntry(ledger, "ACC-1", task("second"));
  await withEntry(ledger, "ACC-2", task("other"));
  await withEntry(memoryLedger(), "ACC-1", task("elsewhere"));
  finish();
  await Promise.all([slow, second]);
  expect(events).toEqual([
    ...["first begins", "other begins", "other ends", "elsewhere begins", "elsewhere ends"],
    ...["first ends", "second begins", "second ends"],
  ]);
});
