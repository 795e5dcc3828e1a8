import { TimeSlice } from "../../base/time/time-slice.ts";
import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/internals.ts";
import type { SyncOptions } from "../types/options.ts";
import { askAboutPlan, checkUsers, decide, guardPlan } from "./decide.ts";
import { planFacts } from "./plan-facts.ts";
import { changeHashes } from "./plan-hash.ts";
import type { PreparedPlan } from "./prepared-plan.ts";
import { readMemory, readUsers, withDefaults } from "./read-inputs.ts";

/** Reads the ledger and the source, decides on every user, and lets the guard and the policies look at the result. */
export async function preparePlan<SourceRecord>(
  oplead: Oplead,
  options: SyncOptions<SourceRecord>,
  caller: string,
): Promise<PreparedPlan> {
  const slice = new TimeSlice(caller, options.signal);
  const { from, given } = withDefaults(options, internalsOf(oplead).transport.settings.maxConcurrency);
  const memory = await readMemory(oplead, given, slice);
  const source = await readUsers(oplead, from, given, memory, slice);
  const checked = await checkUsers(oplead, given, source, slice);
  const decided = await decide(given, memory, source, checked, slice);
  // The rest goes through all changes several times, and is quick each time.
  await slice.next();
  const guard = await guardPlan(given, memory, source, decided, slice);
  const answers = await askAboutPlan(given, memory.snapshot, source.users, decided, slice);
  const hashes = await changeHashes(decided.changes, slice);

  const { ledger, adoptPlatform, resend, concurrency, now, defaults } = given;
  const { reading, users } = source;
  const { waiting, twins, invalid } = decided.judgement;
  return {
    facts: await planFacts({ oplead, given, memory, source, checked, decided, guard, answers, hashes }, slice),
    changes: decided.changes,
    hashes,
    guard,
    old: decided.old,
    policies: answers?.judged,
    target: { oplead, ledger, adoptPlatform, resend, concurrency, now },
    notes: {
      present: given.sourceFile === undefined ? decided.judgement.present : [],
      areLeftOut: waiting.length > 0 || twins.length > 0 || invalid.length > 0,
      isSourceRead: given.sourceFile === undefined,
      missing: decided.leavers.toNote,
      unidentified: reading.isFull ? users.unidentified : undefined,
      reading,
      entries: memory.snapshot.size,
      problems: memory.info?.problems,
      plannedAt: memory.plannedAt,
    },
    defaults,
  };
}
