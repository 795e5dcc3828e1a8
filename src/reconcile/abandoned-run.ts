import type { Internals } from "../client/client-state.ts";
import { isOpleadError, OpleadError } from "../core/errors.ts";
import { type Ledger, type LedgerEntry, type LedgerInfo, useLedger } from "../ledger/ledger.ts";
import type { Fingerprints } from "../ledger/version.ts";
import type { Transport } from "../transport/transport.ts";
import { alone } from "./change-entry.ts";
import { EntryWriter, hasState } from "./entry-writer.ts";

/*
 * A reconciliation must know what other processes and earlier runs did. A run that did not end may have requests under
 * way, because its process was killed. In a ledger with leases, the leases tell this for each user. In any other
 * ledger, a run notes when it begins and ends.
 */

/** The runs of this process that are noted in a ledger: they are under way, and not abandoned. */
const ownRuns = new WeakMap<Ledger, Set<string>>();

/**
 * When a run that had not ended was found, for users that are sent outside of runs. This process asks each ledger once.
 */
const abandonedAt = new WeakMap<Ledger, Promise<number | undefined>>();

export function noteOwnRun(ledger: Ledger, runId: string): void {
  ownRuns.set(ledger, (ownRuns.get(ledger) ?? new Set()).add(runId));
}

/** Whether a run is one of this process. */
export function isOwnRun(ledger: Ledger, runId: string): boolean {
  return ownRuns.get(ledger)?.has(runId) === true;
}

/**
 * Whether nothing was sent for a user since a lease on it ended without being given back. The holder of that lease may
 * have sent a state that the ledger does not know. `abandonedMsAgo`: {@link Lease.abandonedMsAgo}.
 */
export function isUnsettled(entry: LedgerEntry, abandonedMsAgo: number | undefined, now: number): boolean {
  const { at, doubtedAt = Number.NEGATIVE_INFINITY } = entry;
  return abandonedMsAgo !== undefined && now - Math.max(at, doubtedAt) >= abandonedMsAgo;
}

/**
 * Puts a user in doubt if a killed run may have sent it. With leases, only a user whose lease was abandoned. Returns
 * whether the entry was written.
 */
export async function doubtUnsettled(ledger: Ledger, accountNumber: string, now: () => number): Promise<boolean> {
  let isDoubted = false;
  const writer = new EntryWriter(ledger, accountNumber);
  const task = alone(ledger, accountNumber, (lease) =>
    writer.update((entry) => {
      const isConcerned = entry && hasState(entry) && entry.movedTo === undefined;
      isDoubted = isConcerned === true && (!lease || isUnsettled(entry, lease.abandonedMsAgo, now()));
      return entry && isDoubted ? { ...entry, doubtedAt: now() } : undefined;
    }),
  );
  await task.catch((error: unknown) => {
    // Another process works on the user, and learns the same from its lease.
    if (!isOpleadError(error) || error.code !== "ledger_conflict") throw error;
    isDoubted = false;
  });
  return isDoubted;
}

/**
 * Until when Oplead may carry out a request of a run that did not end, by the client's clock. `at`: when the run was
 * found.
 */
export function lateUntil({ clock, settings }: Transport, now: number, at: number | undefined): number | undefined {
  // A time in the future: the clock was set back.
  return at && clock.now() + settings.lateMs - Math.max(0, now - at);
}

/** {@link lateUntil} for a user that is sent outside of a run. The ledger is asked once in a process. */
export async function lateUntilOfRun(ledger: Ledger, transport: Transport, now: number): Promise<number | undefined> {
  let found = abandonedAt.get(ledger);
  if (!found) {
    found = useLedger(async () => foundAt(ledger, await ledger.getInfo(), now));
    abandonedAt.set(ledger, found);
    found.catch(() => abandonedAt.delete(ledger));
  }
  return lateUntil(transport, now, await found);
}

function foundAt(ledger: Ledger, info: LedgerInfo | undefined, now: number): number | undefined {
  const { openRunId = "", abandonedAt } = info ?? {};
  return openRunId === "" || isOwnRun(ledger, openRunId) ? abandonedAt : now;
}

/**
 * A time in the ledger that is not longer ago than this counts as recent. Another process may have written it, and the
 * clocks of two machines can differ by minutes. The client remembers its own writes for the same time.
 */
const RECENT_MS = 300_000;

/**
 * The doubt that sending everything once more clears up, because it is old enough: Oplead no longer carries out a
 * request that began before it. A time in the near future counts as recent, because clocks differ. A time in the far
 * future does not, because a clock was wrong.
 */
export function doubtToClear(doubtedAt: number | undefined, now: number, lateMs: number): number | undefined {
  return doubtedAt !== undefined && Math.abs(now - doubtedAt) > lateMs ? doubtedAt : undefined;
}

/**
 * Tells the client that another process or an earlier run has just written a user, according to the ledger. It may have
 * created the user, and not all of Oplead's machines may show it yet. So a refusal about such a user is not final.
 */
export function noteRecent(
  { recentWrites }: Pick<Internals, "recentWrites">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
): void {
  // A time in the future counts: the clock was set back, or another one is ahead.
  if (entry?.id === undefined || now - entry.at > RECENT_MS) return;
  for (const identifier of [accountNumber, entry.id]) {
    if (!recentWrites.has(identifier)) recentWrites.note(identifier);
  }
}

/**
 * Tells the client that the creation of a new user has just ended without a known outcome, in another process or an
 * earlier run, according to the ledger. Oplead may still carry it out, so the client asks before it creates the user.
 * `lateUntil`: see {@link SendOptions}. The ledger does not say which users a killed process had begun to create, so
 * each new user may be one of them.
 */
export function noteCreation(
  { state, transport }: Pick<Internals, "state" | "transport">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
  lateUntil = Number.NEGATIVE_INFINITY,
): void {
  if (entry?.id !== undefined || state.server.refusesDuplicates) return;
  const { clock, settings } = transport;
  const isDoubted = entry?.doubtedAt !== undefined && now - entry.doubtedAt <= RECENT_MS;
  const killedMsAgo = settings.lateMs - (lateUntil - clock.now());
  const leftMs = settings.settleMs - (isDoubted ? 0 : killedMsAgo);
  if (leftMs <= 0 || state.doubts.get(accountNumber)) return;
  const message = "An earlier request of the user ended without a known outcome.";
  const error = new OpleadError("ambiguous_creation", message, { retryable: true });
  state.doubts.set(accountNumber, { error, until: clock.now() + leftMs });
}

/** The ledgers whose missing key this process has logged. */
const toldKeyless = new WeakSet<Ledger>();

const PROBLEMS = {
  unreadable: "its key cannot be read",
  damaged: "its key is damaged",
  not_made: "a key cannot be made beside it",
} as const;

/**
 * The fingerprints for entries that are written. A ledger without a key makes one. If it has no usable key, that is
 * logged once.
 */
export async function writingKey(
  ledger: Ledger,
  { transport }: Pick<Internals, "transport">,
  testMode: boolean,
): Promise<Fingerprints> {
  const fingerprints = await useLedger(() => ledger.fingerprints(!testMode));
  const { problem } = fingerprints;
  if (problem && !toldKeyless.has(ledger)) {
    toldKeyless.add(ledger);
    transport.settings.logger?.warn(
      `oplead-sdk: the ledger writes no fingerprints, because ${PROBLEMS[problem]}: plans will not name the fields that change, nor ` +
        "find people who got another account number. What is sent stays the same. Give the ledger a key (ledgerKey)",
      { event: "ledger_key_missing", code: problem },
    );
  }
  return fingerprints;
}

/** The ledgers whose other process this process has logged. */
const toldShared = new WeakSet<Ledger>();

/** Logs once that another process works with the same ledger and that nothing keeps the two apart. The work goes on. */
export async function tellOther(ledger: Ledger, { transport }: Pick<Internals, "transport">): Promise<void> {
  const other = await ledger.noteAtWork?.().catch(() => undefined); // the next write tells what is wrong
  if (!other || toldShared.has(ledger)) return;
  toldShared.add(ledger);
  const name = other.pid === undefined ? "another process" : `another process (${other.pid})`;
  transport.settings.logger?.warn(
    `oplead-sdk: ${name} works with the same ledger, since ${new Date(other.at).toISOString()} at the latest, and the ledger has no ` +
      "leases: both may create the same user. Let one work at a time, or use redisLedger",
    { event: "ledger_shared" },
  );
}
