import { TimeSlice } from "../../../base/time/time-slice.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import type { GuardFinding } from "../../types/records.ts";
import type { Change } from "../judge.ts";
import { LedgerSnapshot } from "../ledger-snapshot.ts";
import { moveIn } from "../moves.ts";
import type { Selection } from "../select.ts";
import { countChanges } from "./count-changes.ts";
import { type GuardBasis, type GuardFacts, guardFindings, isPresent } from "./guard.ts";
import { countSegments, withChanges } from "./segments.ts";

/** Judges the changes of a run. `ledger`: read again for it; undefined if the plan has just read it. */
export async function findingsNow(
  basis: GuardBasis,
  { changes, isPartial }: Pick<Selection, "changes" | "isPartial">,
  ledger: Ledger | undefined,
): Promise<readonly GuardFinding[]> {
  if (basis.options === false) return [];
  if (!ledger && !isPartial) return basis.findings;
  const current = ledger ? await factsNow(basis, changes, ledger) : basis.facts;
  // A run with selected users does not act on those that are missing, nor on an empty source.
  const partial = isPartial
    ? {
        ...countChanges(changes),
        segments: withChanges(current.segments, changes).map((facts) => ({ ...facts, missing: 0, invalid: 0 })),
        twins: [],
        missing: 0,
        invalid: 0,
        incremental: true,
      }
    : {};
  return guardFindings(basis.options, { ...current, ...partial });
}

/** The guard's facts, without what another process has done since the plan was made. */
async function factsNow(basis: GuardBasis, changes: readonly Change[], ledger: Ledger): Promise<GuardFacts> {
  const slice = new TimeSlice("apply");
  const now = await LedgerSnapshot.read(ledger, slice);
  const moves = await moveIn(
    now,
    basis.facts.moves.map(({ from, to }) => [from, to]),
    slice,
  );
  const { accepted, population, comparable, size: entries } = now;
  const left = changes.filter(({ planned, revision }) => {
    const entry = now.get(planned.accountNumber);
    return entry === undefined || (entry.revision ?? 0) === revision;
  });
  const missing = basis.missing.filter(({ accountNumber }) => now.get(accountNumber)?.missingSince === undefined);
  const invalid = basis.invalid.filter((accountNumber) => isPresent(now.get(accountNumber)));
  const segments = basis.segments && (await countSegments(basis.segments, now, { missing, invalid }, slice));
  return {
    ...basis.facts,
    ...countChanges(left),
    moves,
    accepted,
    population,
    comparable,
    entries,
    missing: missing.length,
    invalid: invalid.length,
    segments: segments ? withChanges(segments, left) : [],
  };
}
