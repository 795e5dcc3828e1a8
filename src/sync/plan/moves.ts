import { asError, errorKind, isOpleadError, OpleadError } from "../../core/errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { NO_ENTRY } from "../../reconcile/entry-writer.ts";
import { type Move, moved, readMoves } from "../../reconcile/move-users.ts";
import type { SyncOptions } from "../types/options.ts";
import type { PlannedMove } from "../types/records.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

/**
 * The moves that were given, if they are valid.
 *
 * @throws {@link OpleadError} `invalid_options`; `source_failed` if the function or its result throws.
 */
export async function movesOf(given: SyncOptions<unknown>["moves"], caller: string): Promise<readonly Move[]> {
  try {
    const moves = typeof given === "function" ? await given() : (given ?? []);
    return await readMoves(moves, "moves", "invalid_options", `${caller}: the moves are not valid. Nothing was moved.`);
  } catch (error) {
    if (isOpleadError(error)) throw error;
    throw new OpleadError("source_failed", `${caller}: moves failed: ${errorKind(error)}. Nothing was sent.`, {
      cause: asError(error),
    });
  }
}

/** Makes the moves in a snapshot of the ledger, for the plan. Gives all moves except those that were made before. */
export function moveIn(ledger: LedgerSnapshot, moves: Iterable<Move>): readonly PlannedMove[] {
  const planned: PlannedMove[] = [];
  for (const [from, to] of moves) {
    const [old, present] = [ledger.get(from) ?? NO_ENTRY, ledger.get(to) ?? NO_ENTRY];
    const after = moved([from, to], old, present);
    // If the ledger was lost, it has the user under the new number only, once a run has found it there. It was moved
    // before.
    if (after === "before" || (after === "unknown" && present.id !== undefined)) continue;
    const problem = typeof after === "string" ? after : undefined;
    planned.push({ from, to, id: old.id, problem });
    if (typeof after === "string") continue;
    ledger.put(from, after.left);
    ledger.put(to, after.entry);
  }
  return planned;
}

/** A ledger in which the moves are made, for runs that write nothing. */
export function movedView(ledger: Ledger, moves: readonly PlannedMove[]): Ledger {
  const fromOf = new Map(moves.flatMap(({ from, to, problem }) => (problem ? [] : [[to, from] as const])));
  return {
    get: async (accountNumber) => {
      const [from, present] = [fromOf.get(accountNumber), await ledger.get(accountNumber)];
      if (from === undefined) return present;
      const after = moved([from, accountNumber], (await ledger.get(from)) ?? NO_ENTRY, present ?? NO_ENTRY);
      return typeof after === "string" ? present : after.entry;
    },
    replace: async () => true,
    entries: () => ledger.entries(),
    getInfo: () => ledger.getInfo(),
    setInfo: nothing,
    readNote: (name) => ledger.readNote(name),
    writeNote: async () => true,
    close: nothing,
    keyPlace: ledger.keyPlace,
    fingerprints: () => ledger.fingerprints(),
  };
}

/** A run in test mode leaves the ledger as it is. */
async function nothing(): Promise<void> {}
