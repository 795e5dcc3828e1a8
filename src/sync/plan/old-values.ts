import type { TimeSlice } from "../../base/time/time-slice.ts";
import type { Change } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

/** Oplead's values at the paths of a change, where the ledger keeps them. */
export type OldValues = ReadonlyMap<string, unknown>;

/** The rules that Oplead has of the users that change, by account number, as far as the ledger keeps what Oplead accepted. */
export async function readOldValues(
  snapshot: LedgerSnapshot,
  changes: readonly Change[],
  slice: TimeSlice,
): Promise<ReadonlyMap<string, OldValues>> {
  const byUser = new Map<string, OldValues>();
  for (const { planned, open } of changes) {
    if (slice.isOver) await slice.next();
    const { accepted, rules = {} } = snapshot.get(planned.accountNumber) ?? {};
    const known = open.rules.flatMap(({ name }) => {
      const kept = accepted?.rules[name];
      return kept && kept.hash === rules[name] ? [[`rules.${name}`, kept.body] as const] : [];
    });
    if (known.length > 0) byUser.set(planned.accountNumber, new Map(known));
  }
  return byUser;
}
