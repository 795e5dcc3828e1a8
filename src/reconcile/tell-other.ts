import type { Internals } from "../client/internals.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** The ledgers of which it was said in this process that another one works with them. */
const told = new WeakSet<Ledger>();

/** Says once that another process works with the same ledger, where nothing keeps the two apart. Stops nothing. */
export async function tellOther(ledger: Ledger, { transport }: Pick<Internals, "transport">): Promise<void> {
  const other = await ledger.noteAtWork?.().catch(() => undefined); // the next write tells what is wrong
  if (!other || told.has(ledger)) return;
  told.add(ledger);
  const name = other.pid === undefined ? "another process" : `another process (${other.pid})`;
  transport.settings.logger?.warn(
    `oplead-sdk: ${name} works with the same ledger, since ${new Date(other.at).toISOString()} at the latest, and the ledger has no ` +
      "leases: both may create the same user. Let one work at a time, or use redisLedger",
    { event: "ledger_shared" },
  );
}
