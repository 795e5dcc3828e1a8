import type { ClassicLevel } from "classic-level";
import { invalid } from "../errors.ts";
import { KeyedLock } from "../keyed-lock.ts";
import { readChecked, writeChecked } from "./checked-value.ts";
import { readEntry, readInfo } from "./entry.ts";
import type { Ledger, LedgerEntry, LedgerInfo } from "./ledger.ts";
import { ledgerError } from "./ledger-error.ts";
import { closeLevel, levelFailure, openLevel } from "./open-level.ts";

/** Where the facts about the ledger are. No user has an empty account number. */
const INFO_KEY = "";

/**
 * A ledger in a directory of this machine (LevelDB). Every write is on the disk before it counts, and one process at a
 * time can have it open. It is opened when it is first used; close it at the end. Each entry has a checksum: a damaged one
 * is reported by its account number, and its user is looked up again.
 *
 * Needs Node or Bun and `classic-level`, an optional dependency that npm skips on platforms without a prebuilt binary. A
 * bundler must treat `classic-level` as external.
 *
 * @throws {@link OpleadError} `invalid_options` without a path; from the methods, `ledger_unavailable` if another process
 * has the ledger open, the disk fails, or `classic-level` cannot be loaded.
 */
export function fileLedger(path: string): Ledger {
  if (typeof path !== "string" || path.trim() === "") {
    throw invalid("invalid_options", "fileLedger", [{ path: "path", message: "must be the path of a directory" }]);
  }
  let opening: Promise<ClassicLevel> | undefined;
  let closed = false;
  let hasWritten = false;
  const writes = new KeyedLock();

  const database = (): Promise<ClassicLevel> => {
    if (closed) throw ledgerError(`The ledger at ${path} has been closed.`);
    opening ??= openLevel(path).catch((error) => {
      // The process that had it open may be gone at the next try.
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
  /** One write of a key at a time, so that nothing comes between reading and writing. */
  const exclusively = <T>(key: string, task: (level: ClassicLevel) => Promise<T>): Promise<T> =>
    writes.run(
      key,
      (turn) => turn,
      () => {
        hasWritten = true;
        return guarded(task);
      },
    );

  return {
    get: (accountNumber) => guarded((level) => readStored(level, accountNumber)),
    set: (accountNumber, entry) => exclusively(accountNumber, (level) => write(level, accountNumber, entry)),
    async *entries() {
      const iterator = await guarded(async (level) => level.iterator());
      try {
        for (;;) {
          const batch = await guarded(() => iterator.nextv(1000));
          if (batch.length === 0) return;
          for (const [accountNumber, stored] of batch) {
            if (accountNumber === INFO_KEY) continue;
            yield [accountNumber, readEntry(readChecked(accountNumber, stored))] as const;
          }
        }
      } finally {
        await iterator.close();
      }
    },
    replace: (accountNumber, expectedRevision, entry) =>
      exclusively(accountNumber, async (level) => {
        const stored = await readStored(level, accountNumber);
        if ((stored?.revision ?? 0) !== expectedRevision) return false;
        await write(level, accountNumber, entry);
        return true;
      }),
    getInfo: () => guarded(readOwnInfo),
    setInfo: (facts) =>
      exclusively(INFO_KEY, async (level) => write(level, INFO_KEY, { ...(await readOwnInfo(level)), ...facts })),
    async close() {
      closed = true;
      const level = await opening?.catch(() => undefined);
      if (level?.status !== "open") return;
      await closeLevel(level, hasWritten).catch((error) => {
        throw levelFailure(path, error);
      });
    },
  };
}

async function readStored(level: ClassicLevel, accountNumber: string): Promise<LedgerEntry | undefined> {
  const stored = await level.get(accountNumber);
  return stored === undefined ? undefined : readEntry(readChecked(accountNumber, stored));
}

async function readOwnInfo(level: ClassicLevel): Promise<LedgerInfo | undefined> {
  const stored = await level.get(INFO_KEY);
  return stored === undefined ? undefined : readInfo(readChecked(INFO_KEY, stored));
}

async function write(level: ClassicLevel, key: string, value: unknown): Promise<void> {
  await level.put(key, writeChecked(key, value), { sync: true });
}
