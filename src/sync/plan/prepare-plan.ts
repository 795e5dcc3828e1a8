import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/internals.ts";
import type { SyncOptions } from "../types/options.ts";
import { guardPlan } from "./guard/guard-plan.ts";
import { judgeUsers } from "./judge-users.ts";
import { planFacts } from "./plan-facts.ts";
import { changeHashes } from "./plan-hash.ts";
import { planOptions } from "./plan-options.ts";
import type { Guarded, LedgerNotes, Planning, PreparedPlan } from "./planning.ts";
import { compareSource, readLedger } from "./read-inputs.ts";

/** Makes a plan: five steps, each of which adds what it found to the plan in the making. */
export async function preparePlan<SourceRecord>(
  oplead: Oplead,
  given: SyncOptions<SourceRecord>,
  caller: string,
): Promise<PreparedPlan> {
  const { clock, settings } = internalsOf(oplead).transport;
  const begunAt = clock.now();
  const options = planOptions(given, settings.maxConcurrency);
  const work = { caller, signal: options.signal };
  const planning: Planning = { oplead, options, work, warnings: [] };

  const read = await readLedger(planning);
  const compared = await compareSource(read, given);
  const judged = await judgeUsers(compared);
  const guarded = await guardPlan(judged);
  return { ...(await finish(guarded)), planningMs: clock.now() - begunAt };
}

/** The last step: what a person reads of the plan, and what its run needs. Nothing else of it stays in memory. */
async function finish(guarded: Guarded): Promise<Omit<PreparedPlan, "planningMs">> {
  const { oplead, options, changes, guard, old, work } = guarded;
  // Without policies no run asks for what they judge by, and it holds all users.
  const policies = options.policies.length > 0 ? guarded.policies : undefined;
  const hashes = await changeHashes(changes, work);
  const facts = planFacts(guarded, hashes);
  return { oplead, options, facts, changes, hashes, guard, policies, old, notes: notesOf(guarded) };
}

function notesOf({ options, info, plannedAt, snapshot, reading, users, judgement, leavers }: Guarded): LedgerNotes {
  const { present, waiting, twins, invalid } = judgement;
  const isSourceRead = options.sourceFile === undefined;
  return {
    present: isSourceRead ? present : [],
    areLeftOut: waiting.length > 0 || twins.length > 0 || invalid.length > 0,
    isSourceRead,
    missing: leavers.toNote,
    unidentified: reading.isFull ? users.unidentified : undefined,
    reading,
    entries: snapshot.size,
    problems: info?.problems,
    plannedAt,
  };
}
