import type { TimeSlice } from "../../base/time/time-slice.ts";
import { valueAt } from "../../base/validation/value-at.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import type { PlannedMove } from "../types/records.ts";
import type { Change } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

/** Oplead's values at the paths of a change, where the ledger remembers them. Personal data, so they stay inside. */
export type OldValues = ReadonlyMap<string, unknown>;

const AT_ONCE = 32;

/**
 * Opens the seals of the users that change, and no others. The entries are read again, because a snapshot of all of them holds no seals.
 * `unreadable`: users whose seals were damaged, or belong to others.
 */
export async function readOldValues(
  ledger: Ledger,
  snapshot: LedgerSnapshot,
  changes: readonly Change[],
  moves: readonly PlannedMove[],
  slice: TimeSlice,
): Promise<{ readonly byUser: ReadonlyMap<string, OldValues>; readonly unreadable: readonly string[] }> {
  const byUser = new Map<string, OldValues>();
  const unreadable: string[] = [];
  const { seals } = snapshot;
  const fromOf = new Map(moves.flatMap(({ from, to, problem }) => (problem ? [] : [[to, from] as const])));
  const read = async ({ planned: { accountNumber }, paths, open }: Change): Promise<void> => {
    const { seal, user } = snapshot.get(accountNumber) ?? {};
    if (!seals || seal === undefined || !seals.isReadable(seal)) return;
    const number = fromOf.get(accountNumber) ?? accountNumber;
    const entry = await useLedger(() => ledger.get(number));
    if (!entry || entry.user !== user) return;
    const remembered = await seals.open(number, entry);
    if (!remembered) unreadable.push(accountNumber);
    const fields: Readonly<Record<string, unknown>> = { ...(remembered?.user?.now as object | undefined) };
    const values = [
      ...paths.map((path) => [path, path in fields ? fields[path] : valueAt(fields, path)] as const),
      ...open.rules.map(({ name }) => [`rules.${name}`, remembered?.[name]?.now] as const),
    ];
    byUser.set(accountNumber, new Map(values.filter(([, value]) => value !== undefined)));
  };
  if (!seals) return { byUser, unreadable };
  const queue = changes.values();
  const work = async (): Promise<void> => {
    for (const change of queue) {
      if (slice.isOver) await slice.next();
      await read(change);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { byUser, unreadable };
}
