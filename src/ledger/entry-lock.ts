import { KeyedLock } from "../keyed-lock.ts";
import type { Ledger } from "./ledger.ts";

const locks = new WeakMap<Ledger, KeyedLock>();

/**
 * Runs a task that has a user's entry to itself, as far as this process goes: what is read stays true until it is
 * written, and two deliveries of one user do not overtake each other. `wait` may give up waiting by throwing.
 */
export function withEntry<T>(
  ledger: Ledger,
  accountNumber: string,
  task: () => Promise<T>,
  wait: (turn: Promise<void>) => Promise<void> = (turn) => turn,
): Promise<T> {
  let lock = locks.get(ledger);
  if (!lock) {
    lock = new KeyedLock();
    locks.set(ledger, lock);
  }
  return lock.run(accountNumber, wait, task);
}
