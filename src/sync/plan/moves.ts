import { asError, errorKind, isOpleadError, OpleadError } from "../../core/errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { NO_ENTRY } from "../../reconcile/entry-writer.ts";
import { type Move, moved, readMoves } from "../../reconcile/move-users.ts";
import type { SyncOptions } from "../types/options.ts";
import type { PlannedMove } from "../types/records.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

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

// Returns the moves that no earlier run has made.
export function moveIn(ledger: LedgerSnapshot, moves: Iterable<Move>): readonly PlannedMove[] {
  const planned: PlannedMove[] = [];
  for (const [from, to] of moves) {
    const [old, present] = [ledger.get(from) ?? NO_ENTRY, ledger.get(to) ?? NO_ENTRY];
    const after = moved([from, to], old, present);
    // Second case: the ledger was lost after the move, and a run found the user again.
    if (after === "before" || (after === "unknown" && present.id !== undefined)) continue;
    const problem = typeof after === "string" ? after : undefined;
    planned.push({ from, to, id: old.id, problem });
    if (typeof after === "string") continue;
    ledger.put(from, after.left);
    ledger.put(to, after.entry);
  }
  return planned;
}

// The ledger as if the moves were made, for runs that write nothing.
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

async function nothing(): Promise<void> {}
