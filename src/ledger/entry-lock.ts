import { KeyedLock } from "../base/time/keyed-lock.ts";
import type { Ledger } from "./ledger.ts";

const locks = new WeakMap<Ledger, KeyedLock>();

/**
 * Runs a task while no other task of this process works on the same entry. So two reconciliations of one user run one
 * after the other, and what a task has read stays true until it writes. `wait` can give up waiting by throwing.
 */
export function withEntry<T>(
  ledger: Ledger,
  accountNumber: string,
  task: () => Promise<T>,
  wait: (previous: Promise<void>) => Promise<void> = (previous) => previous,
): Promise<T> {
  let lock = locks.get(ledger);
  if (!lock) {
    lock = new KeyedLock();
    locks.set(ledger, lock);
  }
  return lock.run(accountNumber, wait, task);
}
