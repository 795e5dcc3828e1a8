import { fnv1a } from "../../base/hash/fnv.ts";
import { hashText } from "../../base/hash/hash.ts";
import type { TimeSlice } from "../../base/time/time-slice.ts";
import { describe } from "../../ledger/bind.ts";
import type { LedgerPlatform } from "../../ledger/ledger.ts";
import type { Leaver, PlannedMove } from "../types/records.ts";
import type { Change } from "./judge.ts";

/** How many lists the lines are sorted in: short lists do not keep the event loop waiting. */
const LISTS = 512;

/** Stands for everything that would be moved and sent and for the users that are missing, in an order of its own, and for the target. */
export async function planHash(
  changes: readonly Change[],
  missing: readonly Pick<Leaver, "accountNumber">[],
  moves: readonly PlannedMove[],
  target: { readonly platform: LedgerPlatform; readonly testMode: boolean },
  slice: TimeSlice,
): Promise<string> {
  const lists: string[][] = Array.from({ length: LISTS }, () => []);
  const add = (accountNumber: string, line: string): void => {
    lists[fnv1a(accountNumber) % LISTS]?.push(line);
  };
  for (const change of changes) {
    if (slice.isOver) await slice.next();
    add(change.planned.accountNumber, lineOf(change));
  }
  for (const { accountNumber } of missing) {
    if (slice.isOver) await slice.next();
    add(accountNumber, JSON.stringify([accountNumber, "missing"]));
  }
  for (const { from, to, problem } of moves) {
    if (slice.isOver) await slice.next();
    if (!problem) add(from, JSON.stringify([from, "moved", to]));
  }
  const { platform, testMode } = target;
  const hashes: string[] = [JSON.stringify([describe(platform), testMode])];
  for (const lines of lists) {
    if (slice.isOver) await slice.next();
    hashes.push(lines.length === 0 ? "" : hashText(lines.sort().join("\n")));
  }
  return shortHash(hashes.join());
}

/** Stands for what would be sent for one user. */
export function changeHash(change: Change): string {
  return shortHash(lineOf(change));
}

function lineOf({ planned, content, open }: Change): string {
  const rules = open.rules.map(({ name, hash }) => `${name}=${hash}`);
  return JSON.stringify([planned.accountNumber, planned.kind, open.user ? content.userHash : "", ...rules]);
}

/**
 * Twelve letters and digits: about 71 bits, and short enough to be typed. No "-" or "_", because a command line takes a
 * word that begins with "-" for an option.
 */
function shortHash(text: string): string {
  return hashText(text).replace(/[-_]/g, "").slice(0, 12);
}
