import type { Oplead } from "../../client/api.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { movedView } from "../plan/moves.ts";
import { type PlanOptions, withDefaults } from "../plan/plan-options.ts";
import type { LedgerNotes, PreparedPlan } from "../plan/planning.ts";
import { type Selection, select } from "../plan/select.ts";
import type { ApplyOptions, VerifyOptions } from "../types/options.ts";
import type { PlanFacts, SavedPlan } from "../types/plan.ts";

/** One apply of a plan, of the whole plan or of some of its users. Every step of it reads this. */
export interface Run {
  readonly runId: string;
  readonly oplead: Oplead;
  /** The options of the plan, and in their place those that were given for the run. */
  readonly options: PlanOptions;
  /** In test mode a view in which the moves are made already, and which nothing changes. */
  readonly ledger: Ledger;
  readonly testMode: boolean;
  readonly plan: PlanFacts;
  readonly notes: LedgerNotes;
  /** {@link PreparedPlan.planningMs} */
  readonly planningMs: number;
  /** The changes to send. */
  readonly selection: Selection;
}

/** A run of a plan. `approved`: a saved plan, of which the changes are sent that are still as they were approved. */
export function runOf(prepared: PreparedPlan, given: ApplyOptions, approved: SavedPlan | undefined): Run {
  const options = withDefaults(prepared.options, given);
  const selection = select(prepared.changes, options);
  const isOther = approved !== undefined && approved.hash !== prepared.facts.hash;
  return run(prepared, options, isOther ? asApproved(selection, prepared, approved) : selection);
}

/** A run in test mode, which this process sends itself. */
export function testRunOf(prepared: PreparedPlan, given: VerifyOptions): Run {
  const options = { ...withDefaults(prepared.options, given), queue: undefined };
  return run(prepared, options, select(prepared.changes, options, true), true);
}

function run(
  { oplead, facts, notes, planningMs }: PreparedPlan,
  options: PlanOptions,
  selection: Selection,
  testMode: boolean = facts.testMode,
): Run {
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

/**
 * The changes that are as they were approved. The others are left to the next run. If there are none, and nobody else is missing or moved, the run is
 * a whole one: users that another process has sent meanwhile need nothing more.
 */
function asApproved(chosen: Selection, { changes, hashes, facts }: PreparedPlan, approved: SavedPlan): Selection {
  const wanted = new Set(approved.changes.map(({ hash }) => hash));
  const isApproved = new Set(changes.filter((_, at) => wanted.has(hashes[at] ?? "")));
  const same = chosen.changes.filter((change) => isApproved.has(change));
  const shown = new Set(approved.missing.map(({ accountNumber }) => accountNumber));
  const moved = new Set(approved.moves.map(({ from, to }) => `${from}\n${to}`));
  const hasOthers =
    facts.missing.some(({ accountNumber }) => !shown.has(accountNumber)) ||
    facts.moves.some(({ from, to }) => !moved.has(`${from}\n${to}`));
  const isPartial = chosen.isPartial || hasOthers || same.length < chosen.changes.length;
  return { ...chosen, changes: same, isPartial, notSelected: changes.length - same.length };
}
