import type { Internals } from "../client/client-state.ts";
import { isOpleadError, OpleadError } from "../core/errors.ts";
import type { LogEvent } from "../core/log.ts";
import { showIdentity } from "../core/redact.ts";
import { type Ledger, type LedgerEntry, type LedgerInfo, useLedger } from "../ledger/ledger.ts";
import { areIncomparable, type Fingerprints } from "../ledger/version.ts";
import type { Transport } from "../transport/transport.ts";
import { alone } from "./change-entry.ts";
import type { Content } from "./content.ts";
import { EntryWriter, hasState } from "./entry-writer.ts";
import type { SendOptions } from "./reconciliation.ts";

/*
 * A reconciliation must know what other processes and earlier runs did. If a process was killed during a run, Oplead
 * may still be working on its requests. In a ledger with leases, the lease of a user shows that its holder was killed.
 * In any other ledger, each run notes its beginning and its end.
 */

/**
 * The runs of this process that are noted in the ledger. They do not count as abandoned, because they are under way.
 */
const ownRuns = new WeakMap<Ledger, Set<string>>();

/**
 * For each ledger, the time at which this process found a run in it that had not ended; undefined if there was no such
 * run. Users that are sent outside of runs need this time. It is kept here, so that the process reads it from each
 * ledger only once.
 */
const abandonedAt = new WeakMap<Ledger, Promise<number | undefined>>();

export function noteOwnRun(ledger: Ledger, runId: string): void {
  ownRuns.set(ledger, (ownRuns.get(ledger) ?? new Set()).add(runId));
}

/** Whether this process started the run. */
export function isOwnRun(ledger: Ledger, runId: string): boolean {
  return ownRuns.get(ledger)?.has(runId) === true;
}

/**
 * Whether an earlier lease on the user ended without being given back, and no request was sent for the user since then.
 * The process that held the lease may have sent a state that the ledger does not know. `abandonedMsAgo`: {@link
 * Lease.abandonedMsAgo}.
 */
export function isUnsettled(entry: LedgerEntry, abandonedMsAgo: number | undefined, now: number): boolean {
  const { at, doubtedAt = Number.NEGATIVE_INFINITY } = entry;
  return abandonedMsAgo !== undefined && now - Math.max(at, doubtedAt) >= abandonedMsAgo;
}

/**
 * Puts a user in doubt if a killed run may have sent it. If the ledger has leases, it does this only for a user whose
 * lease was abandoned. Returns whether the entry was written.
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
    // Another process is working on the user. It sees the abandoned lease too, so it puts the user in doubt itself.
    if (!isOpleadError(error) || error.code !== "ledger_conflict") throw error;
    isDoubted = false;
  });
  return isDoubted;
}

/**
 * The time, by the client's clock, until which Oplead may still carry out a request of a run that did not end. `at`:
 * when the run was found.
 */
export function lateUntil({ clock, settings }: Transport, now: number, at: number | undefined): number | undefined {
  // If `at` is in the future, the clock was set back: count from now.
  return at && clock.now() + settings.lateMs - Math.max(0, now - at);
}

/** {@link lateUntil} for a user that is sent outside of a run. A process reads this from each ledger once. */
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
 * A time in the ledger counts as recent for this long. Another process may have written it, and the clocks of two
 * machines can differ by minutes. The client remembers its own writes for the same time.
 */
const RECENT_MS = 300_000;

/**
 * Whether `time` may be before `other`. The clocks of two machines may have given them, so they may be minutes apart.
 */
export function mayBeBefore(time: number, other: number): boolean {
  return time - other <= RECENT_MS;
}

/**
 * The time of the doubt, if it is old enough to be ended by sending everything again: Oplead no longer carries out a
 * request that is older than `lateMs`. Undefined if the doubt is too recent. A time slightly in the future counts as
 * too recent as well, because clocks differ. A time far in the future counts as old, because it was written with a
 * wrong clock.
 */
export function doubtToClear(doubtedAt: number | undefined, now: number, lateMs: number): number | undefined {
  return doubtedAt !== undefined && Math.abs(now - doubtedAt) > lateMs ? doubtedAt : undefined;
}

/**
 * Tells the client that another process or an earlier run has just written a user, according to the ledger. If the user
 * was just created, some of Oplead's machines may not show it yet. So a refusal that concerns this user is not final.
 */
export function noteRecent(
  { recentWrites }: Pick<Internals, "recentWrites">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
): void {
  // A time in the future counts as recent: this clock was set back, or the clock of another machine is ahead.
  if (entry?.id === undefined || now - entry.at > RECENT_MS) return;
  for (const identifier of [accountNumber, entry.id]) {
    if (!recentWrites.has(identifier)) recentWrites.note(identifier);
  }
}

/**
 * Tells the client if another process or an earlier run may have tried to create this user a short time ago, with an
 * unknown outcome. Oplead may still create the user, so the client first asks whether it exists. The entry of the user
 * may say that there was such an attempt. After a process was killed during a run (`lateUntil`: see
 * {@link SendOptions}), such an attempt is assumed for each new user, because the ledger does not say which users the
 * process was creating.
 */
export function noteCreation(
  { state, transport }: Pick<Internals, "state" | "transport">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
  lateUntil = Number.NEGATIVE_INFINITY,
): void {
  if (entry?.id !== undefined) return;
  if (entry?.creationLost) state.lostCreations.set(accountNumber, true);
  if (state.server.refusesDuplicates) return;
  const { clock, settings } = transport;
  const { creationDoubtedAt } = entry ?? {};
  const isDoubted = creationDoubtedAt !== undefined && mayBeBefore(now, creationDoubtedAt);
  const killedMsAgo = settings.lateMs - (lateUntil - clock.now());
  const leftMs = settings.settleMs - (isDoubted ? 0 : killedMsAgo);
  if (leftMs <= 0 || state.doubts.get(accountNumber)) return;
  const message = "An earlier request of the user ended without a known outcome.";
  const error = new OpleadError("ambiguous_creation", message, { retryable: true });
  state.doubts.set(accountNumber, { error, until: clock.now() + leftMs });
}

/** The ledgers for which this process has already logged that they have no usable key. */
const toldKeyless = new WeakSet<Ledger>();

const PROBLEMS = {
  unreadable: "its key cannot be read",
  damaged: "its key is damaged",
  not_made: "a key cannot be made beside it",
} as const;

/**
 * The fingerprints to write into entries. If the ledger has no key yet, this call makes one, except in test mode. If
 * the ledger has no usable key, this is logged once.
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

/** The ledgers for which this process has already logged that another process works with them. */
const toldShared = new WeakSet<Ledger>();

/**
 * Logs once that another process works with the same ledger and that the ledger has no leases to keep the two apart.
 * Does not stop the work.
 */
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

/** Logs that the entry of a user is damaged, or that its version cannot be compared with the version of the source. */
export function tellAboutEntry(
  { transport }: Pick<Internals, "transport">,
  entry: LedgerEntry | undefined,
  { accountNumber, version, runId: run }: Pick<Content, "accountNumber" | "version"> & Pick<SendOptions, "runId">,
): void {
  const shown = showIdentity(accountNumber);
  const warn = (event: LogEvent, text: string): void =>
    transport.settings.logger?.warn(`oplead-sdk: user ${shown}: ${text}`, { event, accountNumber: shown, run });
  if (entry?.damaged) {
    warn("entry_damaged", "the ledger entry is damaged; the user is looked up by its account number and sent again");
  }
  if (areIncomparable(version, entry?.version)) {
    warn("version_not_comparable", "its version cannot be compared with the one before; what arrived later counts");
  }
}
