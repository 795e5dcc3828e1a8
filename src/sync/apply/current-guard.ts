import { isOpleadError } from "../../errors.ts";
import { ledgerError } from "../../ledger/ledger-error.ts";
import { countChanges, type GuardFacts, guardFindings } from "../plan/guard/guard.ts";
import type { PreparedPlan } from "../plan/prepared-plan.ts";
import type { GuardFinding } from "../records.ts";
import { Turns } from "../turns.ts";
import type { Selection } from "./select.ts";

/** What the guard finds in the changes of a run, with the ledger as it is now. */
export async function currentFindings(
  prepared: PreparedPlan,
  selection: Selection,
  ledgerWasJustRead: boolean,
): Promise<readonly GuardFinding[]> {
  const { guard, guardFacts, facts } = prepared;
  if (guard === false) return [];
  if (ledgerWasJustRead && !selection.isPartial) return facts.refusals;
  const current = ledgerWasJustRead ? guardFacts : await factsNow(prepared, selection);
  // A run with selected users does not act on those that are missing, nor on an empty source.
  const partial = selection.isPartial ? { ...countChanges(selection.changes), missing: 0, incremental: true } : {};
  return guardFindings(guard, { ...current, ...partial });
}

/** The guard's facts, without what another process has done since the plan was made. */
async function factsNow(prepared: PreparedPlan, { changes }: Selection): Promise<GuardFacts> {
  const { ledger, facts, guardFacts } = prepared;
  const revisions = new Map(changes.map(({ planned, revision }) => [planned.accountNumber, revision]));
  const newlyMissing = facts.missing.filter(({ since }) => since === undefined);
  const missing = new Set(newlyMissing.map(({ accountNumber }) => accountNumber));
  const overtaken = new Set<string>();
  const turns = new Turns();
  let population = 0;
  let comparable = 0;
  try {
    for await (const [accountNumber, entry] of ledger.entries()) {
      if (turns.due) await turns.give();
      const revision = revisions.get(accountNumber);
      if (revision !== undefined && revision !== (entry.revision ?? 0)) overtaken.add(accountNumber);
      if (entry.missingSince !== undefined) missing.delete(accountNumber);
      if (entry.id === undefined || entry.missingSince !== undefined) continue;
      population += 1;
      if (entry.user !== undefined) comparable += 1;
    }
  } catch (error) {
    throw isOpleadError(error) ? error : ledgerError("apply: the ledger cannot be read. Nothing was sent.", error);
  }
  const left = changes.filter(({ planned }) => !overtaken.has(planned.accountNumber));
  return { ...guardFacts, ...countChanges(left), population, comparable, missing: missing.size };
}
