import { fnv1a } from "../../core/hash.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

const DAY_MS = 86_400_000;

export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

type Confirmed = Pick<LedgerEntry, "at" | "confirmedAt">;

export function confirmedAt({ at, confirmedAt = at }: Confirmed): number {
  return confirmedAt;
}

// Sends unchanged users again: each on a day of its own, by its rank among the hashes of all account numbers, so that
// all days have equally many and each user comes once in `days` days.
export class Refresh {
  readonly days: number;
  readonly users: number;
  readonly #today: number;
  readonly #hashes: Uint32Array;

  constructor(ledger: LedgerSnapshot, days: number, now: number) {
    this.days = days;
    this.#today = dayOf(now);
    const hashes: number[] = [];
    for (const [accountNumber, entry] of ledger) if (hasArrived(entry)) hashes.push(fnv1a(accountNumber));
    this.users = hashes.length;
    this.#hashes = Uint32Array.from(hashes).sort();
  }

  // Of one night, also after nights without a run or with a wrong clock.
  get most(): number {
    return Math.max(1, Math.floor((2 * this.users) / this.days));
  }

  // Not after the present day: two clocks may differ at midnight.
  isDue(accountNumber: string, entry: LedgerEntry): boolean {
    if (!hasArrived(entry) || entry.intent || entry.movedFrom !== undefined) return false;
    const age = this.#today - dayOf(confirmedAt(entry));
    if (age === 0 || age === -1) return false;
    const turn = Math.floor((this.#rankOf(fnv1a(accountNumber)) * this.days) / this.users);
    const sinceTurn = (((this.#today - turn) % this.days) + this.days) % this.days;
    return age < 0 || age > sinceTurn;
  }

  #rankOf(hash: number): number {
    let [low, high] = [0, this.users];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#hashes[middle] as number) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function hasArrived({ id, user, missingSince }: LedgerEntry): boolean {
  return id !== undefined && user !== undefined && missingSince === undefined;
}
