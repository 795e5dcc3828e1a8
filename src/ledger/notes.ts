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

/*
 * Facts that belong to no user: notes, which the package keeps in a ledger beside the users, and marks, which are kept
 * outside of the ledger.
 */

/** Reads and writes notes: texts that the package keeps in the ledger beside the entries of users. */
export type Notes = Pick<Ledger, "readNote" | "writeNote">;

/**
 * The beginning of the account numbers under which the package keeps its notes. No user has such an account number,
 * because a number that begins with a blank is refused.
 */
export const RESERVED = " oplead ";

/** Whether the package keeps data of its own under this account number, which no user can have. */
export function isReserved(accountNumber: string): boolean {
  return accountNumber === "" || accountNumber.startsWith(RESERVED);
}

/**
 * Refuses a reserved account number.
 *
 * @throws {@link OpleadError} `invalid_input` if no user can have the account number.
 */
export function refuseReserved(accountNumber: string): void {
  if (!isReserved(accountNumber)) return;
  throw new OpleadError("invalid_input", "No user can have an account number that is empty or begins with a blank.");
}

/** How often writing a note is tried if other processes keep writing it. */
const ATTEMPTS = 100;

/** A note: a text that the package keeps as an entry of the store, beside the entries of users. */
interface StoredNote {
  read(): Promise<string | undefined>;
  write(expected: string | undefined, value: string | undefined): Promise<boolean>;
  /** Changes the note, even if other processes write it meanwhile. */
  update(change: (value: string | undefined) => string | undefined): Promise<void>;
}

/**
 * Stands for the text of a note whose entry is damaged. Notes are never empty, so a reader sees that the note is
 * damaged and not absent.
 */
const DAMAGED = "";

export function storedNote(store: LedgerStore, name: string): StoredNote {
  const accountNumber = RESERVED + name;
  const find = async () => {
    const stored = await store.get(accountNumber);
    return stored && readEntry(stored);
  };
  const textOf = (found: Awaited<ReturnType<typeof find>>) => (found?.damaged ? DAMAGED : found?.note);
  /** Writes the note. False if another process has written the entry since it was read. */
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

/** Keeps notes in a store, each as an entry. */
export function entryNotes(store: LedgerStore): Notes {
  return {
    readNote: (name) => storedNote(store, name).read(),
    writeNote: (name, expected, value) => storedNote(store, name).write(expected, value),
  };
}

/**
 * Changes a note of a ledger, even if other processes write it meanwhile, and returns the text that was replaced.
 * `name`: how errors name the note.
 *
 * @throws {@link OpleadError} `ledger_conflict` if other processes never stop writing it; `ledger_unavailable`.
 */
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

/**
 * Facts about a ledger that are kept outside of it after each run, for example beside the audit file. They show whether
 * the ledger is an older copy, because an older copy knows fewer runs.
 */
export interface LedgerMark {
  /** The ledger's {@link LedgerInfo.runs} after the run. */
  readonly runs: number;
  /** The id of the last run: {@link LedgerInfo.lastRunId}. */
  readonly lastRunId: string;
  /**
   * The position in the history of writes that the ledger's store (such as Redis) had reached when the run ended:
   * {@link LedgerInfo.position}.
   */
  readonly position?: StorePosition | undefined;
  /** The host of the run, if the run was on another host. Then two copies of the ledger are in use. */
  readonly host?: string | undefined;
}

/** The fields of the ledger's info that change when a run has ended, for `setInfo`. */
export function nextRun(info: LedgerInfo | undefined, runId: string): Pick<LedgerMark, "runs" | "lastRunId"> {
  return { runs: (info?.runs ?? 0) + 1, lastRunId: runId };
}

/** The mark of a ledger; undefined before its first run. */
export function markOf({ runs, lastRunId, position }: LedgerInfo = {}): LedgerMark | undefined {
  return runs === undefined || lastRunId === undefined ? undefined : { runs, lastRunId, position };
}

/**
 * The figures that show that a ledger is an older copy than its mark says. If `known` and `ended` are equal, the copy
 * has all runs, and only the last writes to the ledger are missing.
 */
export interface OlderCopy {
  /** How many runs the ledger knows. */
  readonly known: number;
  /** How many runs have ended, according to the {@link LedgerMark}. */
  readonly ended: number;
  /** The host that wrote the mark, if that is a different host: {@link LedgerMark.host}. */
  readonly host?: string | undefined;
}

/**
 * Finds out whether a ledger is older than its {@link LedgerMark}. That happens if the ledger was restored from a
 * backup, or if its Redis failed over to a replica that had not received everything. Such a ledger may hold old states
 * of users, so changes would not be sent. If `info` is undefined, the ledger counts as one with which no run has ended.
 * A ledger without accepted users does not count as an older copy, because every user is looked up anyway.
 *
 * @param accepted How many users Oplead has according to the ledger.
 * @param approved The mark at the time when a person approved that the ledger is filled anew.
 */
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
  // If the mark names another host, and the ledger counts more runs than the mark, no second copy of the ledger is in
  // use. The ledger was moved from that host, and the last run on that host was killed after it had written to the
  // ledger and before it wrote its mark.
  if (host !== undefined && lastRunId !== mark.lastRunId && known <= ended) return { known, ended, host };
  return known < ended || (known === ended && isBehind) ? { known, ended } : undefined;
}

/**
 * Whether a store took over from an earlier store and had not received all writes that the earlier store had
 * acknowledged.
 */
function hasLostWrites(now: StorePosition | undefined, then: StorePosition | undefined): boolean {
  if (!now || !then) return false;
  const received = now.id === then.id ? now.offset : now.previousId === then.id ? now.previousOffset : undefined;
  return received !== undefined && received < then.offset;
}
