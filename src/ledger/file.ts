import type { ClassicLevel } from "classic-level";
import { errorCode, type OpleadError } from "../core/errors.ts";
import { hashText } from "../core/hash.ts";
import { issueAt } from "../core/issues.ts";
import { KeyedLock } from "../core/keyed.ts";
import type { Closeable } from "../core/run-time.ts";
import { issueFinder, options as optionsSchema, requireNoIssues } from "../core/validate.ts";
import { jsonIn } from "../core/values.ts";
import { tellPart } from "../locales/en/core.ts";
import { type NotOpened, tellFileLedger } from "../locales/en/failures.ts";
import { ledgerOf } from "./create-ledger.ts";
import { damagedEntry, readInfo, withFields } from "./entry.ts";
import { inLists, type Ledger, type LedgerEntry, type LedgerInfo, type LedgerStore, ledgerError } from "./ledger.ts";
import { fileSystem, withNoteFiles } from "./note-files.ts";
import { entryNotes, RESERVED } from "./notes.ts";
import { keyShape, type LedgerKeyOptions } from "./version.ts";

/**
 * A ledger in a directory of this machine (LevelDB). A write ends only when it is on the disk. Only one process at a
 * time can have the ledger open. It is opened at its first use; close it at the end. Each entry has a checksum. A
 * damaged entry is reported by its account number, and its user is looked up in Oplead again.
 *
 * Needs Node or Bun and `classic-level`, an optional dependency that npm skips on platforms without a prebuilt binary.
 * A bundler must treat `classic-level` as external.
 *
 * @throws {@link OpleadError} `invalid_options` without a path, or with a key that it cannot use; from the methods,
 * `ledger_unavailable` if another process has the ledger open, the disk fails, or `classic-level` cannot be loaded.
 */
export function fileLedger(path: string, options: LedgerKeyOptions = {}): Ledger & Closeable {
  const isPath = typeof path === "string" && path.trim() !== "";
  requireNoIssues("fileLedger", [
    ...(isPath ? [] : [issueAt("path", tellPart("not_directory"))]),
    ...findIssues(options),
  ]);
  let opening: Promise<ClassicLevel> | undefined;
  let closed = false;
  let hasWritten = false;
  const writes = new KeyedLock();
  const sharedSync = new SharedSync();
  const underWay = new Set<Promise<unknown>>();

  const database = (): Promise<ClassicLevel> => {
    if (closed) throw ledgerError(tellFileLedger("ledger_closed", { path }));
    opening ??= openLevel(path).catch((error) => {
      // The process that had the ledger open may have ended by the next try.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const guarded = async <T>(task: (level: ClassicLevel) => Promise<T>): Promise<T> => {
    const level = await database();
    try {
      return await task(level);
    } catch (error) {
      throw levelFailure(path, error);
    }
  };
  const exclusively = <T>(key: string, task: (level: ClassicLevel) => Promise<T>): Promise<T> => {
    const write = writes.run(
      key,
      (previous) => previous,
      () => {
        hasWritten = true;
        return guarded(task);
      },
    );
    underWay.add(write);
    const end = () => underWay.delete(write);
    write.then(end, end);
    return write;
  };

  const store: LedgerStore = {
    get: (accountNumber) => guarded(async (level) => readStored(level, accountNumber)),
    entries: () =>
      inLists(async function* () {
        const iterator = await guarded(async (level) => level.iterator({ highWaterMarkBytes: BATCH_BYTES }));
        try {
          for (;;) {
            const batch = await guarded(() => iterator.nextv(BATCH));
            if (batch.length === 0) return;
            const users = batch.filter(([accountNumber]) => accountNumber !== INFO_KEY);
            yield users.map(([accountNumber, stored]) => [accountNumber, entryIn(accountNumber, stored)] as const);
          }
        } finally {
          await iterator.close();
        }
      }),
    replace: (accountNumber, expectedRevision, entry) =>
      exclusively(accountNumber, async (level) => {
        const stored = readStored(level, accountNumber);
        if ((stored?.revision ?? 0) !== expectedRevision) return false;
        await sharedSync.write(level, putsOf(accountNumber, stored, entry));
        return true;
      }),
    replaceBoth: (...both) => {
      // Entries are locked in a fixed order, so that two calls never wait for each other.
      const [first, second] = both[0][0] < both[1][0] ? both : [both[1], both[0]];
      return exclusively(first[0], () =>
        exclusively(second[0], async (level) => {
          const puts: Put[] = [];
          for (const [accountNumber, expected, entry] of both) {
            const stored = readStored(level, accountNumber);
            if ((stored?.revision ?? 0) !== expected) return false;
            puts.push(...putsOf(accountNumber, stored, entry));
          }
          await sharedSync.write(level, puts);
          return true;
        }),
      );
    },
    getInfo: () => guarded(readOwnInfo),
    setInfo: (more) =>
      exclusively(INFO_KEY, async (level) => {
        const info = withFields(await readOwnInfo(level), more);
        await sharedSync.write(level, [putOf(INFO_KEY, writeChecked(INFO_KEY, info))]);
      }),
    async close() {
      closed = true;
      const level = await opening?.catch(() => undefined);
      // Writes under way have not reached LevelDB yet, and `moveToTables` could replace them by older values.
      await Promise.allSettled(underWay);
      if (level?.status !== "open") return;
      await (hasWritten ? moveToTables(level) : Promise.resolve())
        .finally(() => level.close())
        .catch((error) => {
          throw levelFailure(path, error);
        });
    },
  };
  return ledgerOf(store, options, withNoteFiles(path, entryNotes(store)), "file");
}

const findIssues = /* @__PURE__ */ issueFinder(() => optionsSchema<LedgerKeyOptions>(keyShape()));

// By default LevelDB ends a batch after 16 KiB, some twenty entries.
const BATCH = 200;
const BATCH_BYTES = 1024 * 1024;

// No user has an empty account number.
const INFO_KEY = "";

// Reads without a thread, which would take many times as long: a key takes microseconds, mostly without the disk.
function readStored(level: ClassicLevel, accountNumber: string): LedgerEntry | undefined {
  const stored = level.getSync(accountNumber);
  return stored === undefined ? undefined : entryIn(accountNumber, stored);
}

function entryIn(accountNumber: string, stored: string): LedgerEntry {
  return (readChecked(accountNumber, stored) ?? damagedEntry) as LedgerEntry; // `ledgerOf` checks it
}

async function readOwnInfo(level: ClassicLevel): Promise<LedgerInfo | undefined> {
  const stored = await level.get(INFO_KEY);
  return stored === undefined ? undefined : readInfo(readChecked(INFO_KEY, stored));
}

// Parts that must also disappear from the files when they are erased.
const ERASABLE = ["id", "accepted"] as const;

// Keys that note, even after a kill, that a part was erased but may still be in the files.
const ERASED = `${RESERVED}erased `;

const AFTER_ERASED = `${RESERVED}erased!`;

interface Put {
  readonly type: "put";
  readonly key: string;
  readonly value: string;
}

const putOf = (key: string, value: string): Put => ({ type: "put", key, value });

function putsOf(accountNumber: string, stored: LedgerEntry | undefined, entry: LedgerEntry): Put[] {
  const put = putOf(accountNumber, writeChecked(accountNumber, entry));
  const erases = ERASABLE.some((part) => stored?.[part] !== undefined && entry[part] === undefined);
  return erases ? [put, putOf(ERASED + accountNumber, "")] : [put];
}

// 48 bits miss damage once in 280 million million times.
const LENGTH = 8;

export function writeChecked(key: string, value: unknown): string {
  const text = JSON.stringify(value);
  return checksum(key, text) + text;
}

export function readChecked(key: string, stored: string): unknown {
  const text = stored.slice(LENGTH);
  return stored.slice(0, LENGTH) === checksum(key, text) ? jsonIn(text) : undefined;
}

function checksum(key: string, text: string): string {
  return hashText(`${key}\n${text}`).slice(0, LENGTH);
}

// Writes that come while the disk is busy share a sync, which takes as long as one for a single write.
class SharedSync {
  #last: Promise<unknown> = Promise.resolve();
  #next: { readonly puts: Put[]; readonly done: Promise<void> } | undefined;

  write(level: ClassicLevel, puts: readonly Put[]): Promise<void> {
    if (!this.#next) {
      const all: Put[] = [];
      const done = this.#last.then(() => {
        this.#next = undefined;
        return level.batch(all, { sync: true });
      });
      this.#last = done.catch(() => {});
      this.#next = { puts: all, done };
    }
    this.#next.puts.push(...puts);
    return this.#next.done;
  }
}

// Compacting this empty range only moves the log into a table.
const BEHIND_ALL = "\u{10ffff}\u{10ffff}";

// A log that was cut off looks as if it ended there; a table that was cut off is an error. A table keeps older values
// until it is merged: after an erasure the entries are written again, and all tables are merged.
async function moveToTables(level: ClassicLevel): Promise<void> {
  const erased = await level.keys({ gte: ERASED, lt: AFTER_ERASED }).all();
  if (erased.length === 0) return level.compactRange(BEHIND_ALL, BEHIND_ALL);
  await level.compactRange("", BEHIND_ALL);
  for (let at = 0; at < erased.length; at += 1000) {
    const keys = erased.slice(at, at + 1000).map((key) => key.slice(ERASED.length));
    const values = await level.getMany(keys);
    // A damaged table may have lost the entry.
    const found = keys.flatMap((key, of) => (values[of] === undefined ? [] : [putOf(key, values[of])]));
    await level.batch(found);
  }
  await level.compactRange("", BEHIND_ALL);
  await level.batch(erased.map((key) => ({ type: "del" as const, key })));
  await level.compactRange(BEHIND_ALL, BEHIND_ALL);
}

async function openLevel(path: string): Promise<ClassicLevel> {
  const { ClassicLevel } = await import("classic-level").catch((error: unknown) => {
    throw notLoaded(error);
  });
  try {
    const { mkdir, realpath } = (await fileSystem()).promises;
    // LevelDB would make the folder readable by everyone.
    await mkdir(path, { recursive: true, mode: 0o700 });
    // LevelDB gets the real path: it locks by name, and a process could open one directory twice. Without compression,
    // a damaged byte spoils one value and not a block. LevelDB maps 64 files into memory.
    const level = new ClassicLevel(await realpath(path), {
      compression: false,
      maxOpenFiles: 64,
      maxFileSize: 2 ** 20,
      writeBufferSize: 2 ** 21,
    });
    await level.open();
    return level;
  } catch (error) {
    throw levelFailure(path, error, true);
  }
}

export function levelFailure(path: string, error: unknown, isOpening = false): OpleadError {
  const code = codeOf(error);
  if (code === "LEVEL_CORRUPTION") return ledgerError(tellFileLedger("ledger_damaged", { path }), error, false);
  if (code === "LEVEL_LOCKED") return ledgerError(tellFileLedger("ledger_locked", { path }), error);
  const known = { path, code: code ?? "no code" };
  const because = becauseOf(code, error);
  if (!isOpening && because === "full") return ledgerError(tellFileLedger("ledger_disk_full", { path }), error);
  if (!isOpening) return ledgerError(tellFileLedger("ledger_not_read", known), error);
  return ledgerError(tellFileLedger("ledger_not_opened", { ...known, because }), error);
}

// LevelDB has one code for all errors of the system, with the system's words at the end.
function becauseOf(code: string | undefined, error: unknown): NotOpened {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const said = code === "LEVEL_IO_ERROR" && cause instanceof Error ? cause.message : (code ?? "");
  return NOT_OPENED.find(([signs]) => signs.test(said))?.[1] ?? "unknown";
}

const NOT_OPENED: readonly (readonly [signs: RegExp, because: NotOpened])[] = [
  [/^(?:ENOSPC|EDQUOT)$|: (?:No space left on device|Disk quota exceeded)$/, "full"],
  [/^(?:EACCES|EPERM)$|: (?:Permission denied|Operation not permitted)$/, "denied"],
  [/^EROFS$|: Read-only file system$/, "read_only"],
  [/^ENOLCK$|: (?:No locks available|Operation not supported)$/, "no_locks"],
  [/^(?:ENOTDIR|EEXIST)$|: Not a directory$/, "no_folder"],
];

export function notLoaded(error: unknown): OpleadError {
  const code = codeOf(error);
  const isMissing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  return ledgerError(tellFileLedger(isMissing ? "ledger_package_missing" : "ledger_package_broken"), error, false);
}

function codeOf(error: unknown): string | undefined {
  return (error instanceof Error ? codeOf(error.cause) : undefined) ?? errorCode(error);
}
