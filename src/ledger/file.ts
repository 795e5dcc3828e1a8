import type { ClassicLevel } from "classic-level";
import { invalid, type OpleadError } from "../errors.ts";
import { KeyedLock } from "../keyed-lock.ts";
import { INFO_KEY, readEntry, readInfo } from "./entry.ts";
import type { Ledger, LedgerEntry, LedgerInfo } from "./ledger.ts";
import { ledgerError } from "./ledger-error.ts";

/**
 * A ledger in a directory of this machine (LevelDB). Every write is on the disk before it counts, and one process at a
 * time may have it open. Opened when it is first used; close it at the end.
 *
 * Needs the optional dependency `classic-level`, which is loaded then and not before, and Node or Bun.
 *
 * @throws {@link OpleadError} from its methods: `ledger_unavailable` when another process has it, or the disk fails.
 */
export function fileLedger(path: string): Ledger {
  if (typeof path !== "string" || path.trim() === "") {
    throw invalid("invalid_options", "fileLedger", [{ path: "path", message: "must be the path of a directory" }]);
  }
  let opening: Promise<ClassicLevel> | undefined;
  let closed = false;
  const writes = new KeyedLock();

  const database = (): Promise<ClassicLevel> => {
    if (closed) throw ledgerError(`The ledger at ${path} has been closed.`);
    opening ??= open(path).catch((error) => {
      // The other process may be gone at the next try.
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
      throw ledgerError(`The ledger at ${path} cannot be read or written (${codeOf(error) ?? "no code"}).`, error);
    }
  };

  const read = async (level: ClassicLevel, accountNumber: string): Promise<LedgerEntry | undefined> => {
    const text = await level.get(accountNumber);
    return text === undefined ? undefined : readEntry(parse(text));
  };
  const write = (level: ClassicLevel, key: string, value: unknown): Promise<void> =>
    level.put(key, JSON.stringify(value), { sync: true });
  /** One write of a key at a time, so that nothing comes between reading and writing. */
  const exclusively = <T>(key: string, task: (level: ClassicLevel) => Promise<T>): Promise<T> =>
    writes.run(
      key,
      (turn) => turn,
      () => guarded(task),
    );

  return {
    get: (accountNumber) => guarded((level) => read(level, accountNumber)),
    set: (accountNumber, entry) => exclusively(accountNumber, (level) => write(level, accountNumber, entry)),
    async *entries() {
      const iterator = await guarded(async (level) => level.iterator());
      try {
        for (;;) {
          const batch = await guarded(() => iterator.nextv(1000));
          if (batch.length === 0) return;
          for (const [accountNumber, text] of batch) {
            if (accountNumber !== INFO_KEY) yield [accountNumber, readEntry(parse(text))] as const;
          }
        }
      } finally {
        await iterator.close();
      }
    },
    replace: (accountNumber, expectedRevision, entry) =>
      exclusively(accountNumber, async (level) => {
        const stored = await read(level, accountNumber);
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
      await level?.close();
    },
  };
}

async function readOwnInfo(level: ClassicLevel): Promise<LedgerInfo | undefined> {
  const text = await level.get(INFO_KEY);
  return text === undefined ? undefined : readInfo(parse(text));
}

/** The value of a text; undefined if it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function open(path: string): Promise<ClassicLevel> {
  const { ClassicLevel } = await import("classic-level").catch((error: unknown) => {
    throw ledgerError(
      "fileLedger needs the package classic-level, which is not installed here: npm install classic-level@3",
      error,
    );
  });
  const level = new ClassicLevel(path);
  try {
    await level.open();
    return level;
  } catch (error) {
    throw whyClosed(path, error);
  }
}

function whyClosed(path: string, error: unknown): OpleadError {
  const code = codeOf(error);
  if (code === "LEVEL_LOCKED") {
    return ledgerError(
      `The ledger at ${path} is in use: another process, or another fileLedger of this one, has it open. Two runs at ` +
        "once would do everything twice. Wait until the other has ended, or use keyvLedger with a store that is shared.",
      error,
    );
  }
  if (code === "LEVEL_CORRUPTION") {
    return ledgerError(
      `The ledger at ${path} is damaged. Delete the directory: the next run asks for every user once and writes it anew.`,
      error,
    );
  }
  return ledgerError(`The ledger at ${path} cannot be opened (${code ?? "no code"}).`, error);
}

/** The reason is in the cause: the error itself only says that opening failed. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return codeOf(cause) ?? (typeof code === "string" ? code : undefined);
}
