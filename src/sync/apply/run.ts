import type { Oplead } from "../../client/api.ts";
import { canonicalJson } from "../../core/hash.ts";
import { showIdentity } from "../../core/redact.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { among } from "../findings.ts";
import { movedView } from "../plan/moves.ts";
import { type LedgerNotes, type PlanOptions, type PreparedPlan, withDefaults } from "../plan/planning.ts";
import { type Selection, select } from "../plan/selection.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { PlanFacts, SavedChange, SavedPlan } from "../types/plan.ts";
import type { PlannedUser } from "../types/records.ts";

export interface Run {
  readonly runId: string;
  readonly oplead: Oplead;
  readonly options: PlanOptions;
  // In test mode, a read-only view in which the moves are already made.
  readonly ledger: Ledger;
  readonly testMode: boolean;
  readonly plan: PlanFacts;
  readonly notes: LedgerNotes;
  readonly planningMs: number;
  readonly selection: Selection;
}

export function runOf(prepared: PreparedPlan, given: ApplyOptions, approved: SavedPlan | undefined): Run {
  const options = withDefaults(prepared.options, given);
  const selection = select(prepared, options, prepared.facts.testMode);
  return run(prepared, options, approved ? asApproved(selection, prepared, approved) : selection);
}

function run({ oplead, facts, notes, planningMs }: PreparedPlan, options: PlanOptions, selection: Selection): Run {
  const { testMode } = facts;
  const ledger = testMode ? movedView(options.ledger, facts.moves) : options.ledger;
  return {
    runId: options.runId ?? crypto.randomUUID(),
    oplead,
    options,
    ledger,
    testMode,
    plan: facts,
    notes,
    planningMs,
    selection,
  };
}

// Compares what a person reads of a change: the hash covers the content, but cannot be read.
function isSameRow(saved: SavedChange, { accountNumber, kind, fields, rules }: PlannedUser): boolean {
  const row = [showIdentity(accountNumber), kind, fields, rules];
  return canonicalJson([saved.accountNumber, saved.kind, saved.fields, saved.rules]) === canonicalJson(row);
}

// The next run decides about changes that were not approved. If all were, with the same leavers and moves, the run is
// complete.
function asApproved(
  chosen: Selection,
  { changes, refreshes, hashes, facts }: PreparedPlan,
  approved: SavedPlan,
): Selection {
  const shownRows = new Map(approved.changes.map((row) => [row.hash, row]));
  const isApproved = new Set(
    [...changes, ...refreshes].filter(({ planned }, at) => {
      const row = shownRows.get(hashes[at] ?? "");
      return row !== undefined && isSameRow(row, planned);
    }),
  );
  const same = chosen.changes.filter((change) => isApproved.has(change));
  const shown = new Set(among(approved.findings, "leaver").map(({ accountNumber }) => accountNumber));
  const moved = new Set(approved.moves.map(({ from, to }) => `${from}\n${to}`));
  const hasOthers =
    among(facts.findings, "leaver").some(({ accountNumber }) => !shown.has(accountNumber)) ||
    facts.moves.some(({ from, to }) => !moved.has(`${from}\n${to}`));
  const isPartial = chosen.isPartial || hasOthers || same.length < chosen.changes.length;
  const again = chosen.refreshes.filter((change) => isApproved.has(change));
  return { ...chosen, changes: same, refreshes: again, isPartial, notApproved: chosen.changes.length - same.length };
}
