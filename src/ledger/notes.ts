import { OpleadError } from "../base/errors.ts";
import { readEntry } from "./entry.ts";
import type { Ledger } from "./ledger.ts";
import type { LedgerStore } from "./store.ts";

/** Reads and writes the facts that the package keeps beside the users. */
export type Notes = Pick<Ledger, "readNote" | "writeNote">;

/** The account numbers of users never begin with a blank: one that does is refused. */
export const RESERVED = " oplead ";

/** Whether an account number is one that the package keeps a fact under. */
export function isReserved(accountNumber: string): boolean {
  return accountNumber.startsWith(RESERVED);
}

/** @throws {@link OpleadError} `invalid_input` if no user can have the account number. */
export function refuseReserved(accountNumber: string): void {
  if (!isReserved(accountNumber)) return;
  throw new OpleadError("invalid_input", "No user can have an account number that begins with a blank.");
}

/** How often a note that other processes keep writing is read again. */
const ATTEMPTS = 100;

/** A fact that is kept as an entry of the store. */
export interface StoredNote {
  read(): Promise<string | undefined>;
  write(expected: string | undefined, value: string | undefined): Promise<boolean>;
  /** Changes it, also if other processes write it meanwhile. */
  update(change: (value: string | undefined) => string | undefined): Promise<void>;
}

/** The text of a note whose entry is damaged. No note is like it, so that its reader takes it for damaged and not for absent. */
const DAMAGED = "";

export function storedNote(store: LedgerStore, name: string): StoredNote {
  const accountNumber = RESERVED + name;
  const find = async () => {
    const stored = await store.get(accountNumber);
    return stored && readEntry(stored);
  };
  const textOf = (found: Awaited<ReturnType<typeof find>>) => (found?.damaged ? DAMAGED : found?.note);
  /** False if it was written since the entry was found. */
  const put = async (found: Awaited<ReturnType<typeof find>>, note: string | undefined): Promise<boolean> => {
    const revision = found?.revision ?? 0;
    return store.replace(accountNumber, revision, { revision: revision + 1, rules: {}, at: Date.now(), note });
  };
  return {
    read: async () => textOf(await find()),
    async write(expected, value) {
      const found = await find();
      return textOf(found) === expected && (await put(found, value));
    },
    async update(change) {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const found = await find();
        if (await put(found, change(textOf(found)))) return;
      }
      throw new Error("a note changes faster than it can be written");
    },
  };
}

/** The notes of a store, each as an entry. */
export function entryNotes(store: LedgerStore): Notes {
  return {
    readNote: (name) => storedNote(store, name).read(),
    writeNote: (name, expected, value) => storedNote(store, name).write(expected, value),
  };
}
