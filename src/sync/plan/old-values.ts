import type { Ledger } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger.ts";
import type { ChangedRule, PlannedMove } from "../types/records.ts";
import type { Change } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

export type OldValues = ReadonlyMap<string, unknown>;

const AT_ONCE = 100;

// Reads the ledger, because the snapshot has no bodies. It still has entries of `moves` under the old number.
export async function readOldValues(
  ledger: Ledger,
  snapshot: LedgerSnapshot,
  changes: readonly Change[],
  moves: readonly PlannedMove[],
): Promise<ReadonlyMap<string, OldValues>> {
  const fromOf = new Map(moves.map(({ from, to }) => [to, from]));
  const byUser = new Map<string, OldValues>();
  const asked = changes.filter(({ planned: { accountNumber }, open }) => {
    const { rules = {} } = snapshot.get(accountNumber) ?? {};
    return open.rules.some(({ name }) => rules[name] !== undefined);
  });
  const read = async ({ planned: { accountNumber }, open }: Change): Promise<void> => {
    const { rules = {} } = snapshot.get(accountNumber) ?? {};
    const stored = await useLedger(() => ledger.get(accountNumber));
    const entry =
      stored?.id === undefined ? await useLedger(() => ledger.get(fromOf.get(accountNumber) ?? "")) : stored;
    const known = open.rules.flatMap(({ name }) => {
      const kept = entry?.accepted?.rules[name];
      return kept && kept.hash === rules[name] ? [[`rules.${name}`, kept.body] as const] : [];
    });
    if (known.length > 0) byUser.set(accountNumber, new Map(known));
  };
  for (let first = 0; first < asked.length; first += AT_ONCE) {
    await Promise.all(asked.slice(first, first + AT_ONCE).map(read));
  }
  return byUser;
}

export function withRuleChanges(change: Change, old: ReadonlyMap<string, OldValues>): Change {
  const { planned, open } = change;
  if (planned.id === undefined || open.rules.length === 0) return change;
  const values = old.get(planned.accountNumber);
  const ruleChanges = open.rules.map(({ name: rule, toSend }): ChangedRule => {
    const path = `rules.${rule}`;
    if (change.added.has(path)) return { rule, was: null, now: toSend.body };
    return values?.has(path) ? { rule, was: values.get(path), now: toSend.body } : { rule, now: toSend.body };
  });
  return { ...change, planned: { ...planned, ruleChanges } };
}
