import { OpleadError } from "../core/errors.ts";
import { readEntry } from "./entry.ts";
import {
  type Ledger,
  type LedgerInfo,
  type LedgerNote,
  type LedgerStore,
  ledgerConflict,
  type StorePosition,
  useLedger,
} from "./ledger.ts";

export type Notes = Pick<Ledger, "readNote" | "writeNote">;

// No user has such a number: account numbers that begin with a blank are refused.
export const RESERVED = " oplead ";

export function isReserved(accountNumber: string): boolean {
  return accountNumber === "" || accountNumber.startsWith(RESERVED);
}

export function refuseReserved(accountNumber: string): void {
  if (!isReserved(accountNumber)) return;
  throw new OpleadError("invalid_input", "No user can have an account number that is empty or begins with a blank.");
}

const ATTEMPTS = 100;

interface StoredNote {
  read(): Promise<string | undefined>;
  write(expected: string | undefined, value: string | undefined): Promise<boolean>;
  update(change: (value: string | undefined) => string | undefined): Promise<void>;
}

// An empty text shows a reader the damage, because notes are never empty.
const DAMAGED = "";

export function storedNote(store: LedgerStore, name: string): StoredNote {
  const accountNumber = RESERVED + name;
  const find = async () => {
    const stored = await store.get(accountNumber);
    return stored && readEntry(stored);
  };
  const textOf = (found: Awaited<ReturnType<typeof find>>) => (found?.damaged ? DAMAGED : found?.note);
  // False if another process has written the note since.
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

export function entryNotes(store: LedgerStore): Notes {
  return {
    readNote: (name) => storedNote(store, name).read(),
    writeNote: (name, expected, value) => storedNote(store, name).write(expected, value),
  };
}

// Returns the text that was replaced. `name`: what errors call the note.
export function changeNote(
  ledger: Pick<Ledger, "readNote" | "writeNote">,
  note: LedgerNote,
  name: string,
  change: (before: string | undefined) => string | undefined,
): Promise<string | undefined> {
  return useLedger(async () => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const before = await ledger.readNote(note);
      const after = change(before);
      if (after === before || (await ledger.writeNote(note, before, after))) return before;
    }
    throw ledgerConflict(`${name} changes faster than it can be written.`);
  });
}

/** Facts about a ledger, to be kept outside of it after each run: a copy that is older knows fewer runs. */
export interface LedgerMark {
  readonly runs: number;
  readonly lastRunId: string;
  readonly position?:
    | {
        readonly id: string;
        readonly offset: number;
        readonly previousId?: string | undefined;
        readonly previousOffset?: number | undefined;
      }
    | undefined;
  // Another host whose run it was: two copies are in use.
  readonly host?: string | undefined;
}

export function nextRun(info: LedgerInfo | undefined, runId: string): Pick<LedgerMark, "runs" | "lastRunId"> {
  return { runs: (info?.runs ?? 0) + 1, lastRunId: runId };
}

export function markOf({ runs, lastRunId, position }: LedgerInfo = {}): LedgerMark | undefined {
  return runs === undefined || lastRunId === undefined ? undefined : { runs, lastRunId, position };
}

// If `known` and `ended` are equal, only the last writes are missing.
export interface OlderCopy {
  readonly known: number;
  readonly ended: number;
  readonly host?: string | undefined;
}

// Notices a restored backup, or a failover to a replica that lagged, after which changes would not be sent. Without
// accepted users every user is looked up anyway. `approved`: the mark when a person approved to fill the ledger anew.
export function olderCopy(
  info: LedgerInfo | undefined,
  mark: LedgerMark | undefined,
  accepted: number,
  approved?: Pick<LedgerMark, "runs" | "lastRunId">,
): OlderCopy | undefined {
  if (!mark || accepted === 0) return undefined;
  if (approved && approved.runs === mark.runs && approved.lastRunId === mark.lastRunId) return undefined;
  const { runs: known = 0, lastRunId, position } = info ?? {};
  const { runs: ended, host } = mark;
  const isBehind = lastRunId !== mark.lastRunId || hasLostWrites(position, mark.position);
  // A ledger that knows more runs was moved from that host, whose last run was killed before it wrote its mark.
  if (host !== undefined && lastRunId !== mark.lastRunId && known <= ended) return { known, ended, host };
  return known < ended || (known === ended && isBehind) ? { known, ended } : undefined;
}

// Whether a replica took over without all acknowledged writes.
function hasLostWrites(now: StorePosition | undefined, then: StorePosition | undefined): boolean {
  if (!now || !then) return false;
  const received = now.id === then.id ? now.offset : now.previousId === then.id ? now.previousOffset : undefined;
  return received !== undefined && received < then.offset;
}
