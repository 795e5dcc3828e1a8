import { fnv1a } from "../../base/hash/fnv.ts";
import { internalsOf } from "../../client/internals.ts";
import type { LedgerInfo } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { doubtUnsettled, isOwnRun, lateUntil, noteOwnRun } from "../../reconcile/abandoned-run.ts";
import { packNumbers, unpackNumbers } from "../plan/packed-numbers.ts";
import type { Run } from "./run.ts";

/*
 * A run that did not end may have requests under way. The ledger notes which users a run changes, with its id, before the first request. If
 * the next run finds that note, it puts these users in doubt: the source may give the earlier state of one again, which the ledger still has,
 * so that no comparison would show a difference.
 */

/** The name of the note, which is the id of the run and the users, packed. */
const NOTE = "run";

/** In characters, which are bytes here: some stores take no text above 64 kB. */
const LONGEST = 60_000;
/** One other user in 2^10 is put in doubt without need, which costs a request. More for very many users, so that the text has room for them. */
const MOST_BITS = 10;

/** What a run must know of the one before it. */
export interface Opened {
  /** {@link SendOptions.lateUntil} */
  readonly lateUntil: number | undefined;
  /** The users of which the run before was in the middle. The revisions of their entries are higher than in the plan, by one. */
  readonly doubted: ReadonlySet<string>;
}

/** Before the first request of a run: puts the users in doubt that a run before it may have sent when it was killed, and notes those of this one. */
export async function openRun(run: Run): Promise<Opened> {
  const { runId, oplead, options, ledger, testMode, selection } = run;
  if (testMode) return { lateUntil: undefined, doubted: new Set() };
  return useLedger(async () => {
    const before = await ledger.readNote(NOTE);
    const found = before === undefined ? undefined : readList(before);
    const doubted = found && !isOwnRun(ledger, found.runId) ? await doubtAll(run, found.has) : new Set<string>();
    // The note stays for the next run, which begins anew.
    if (options.signal?.aborted) return { lateUntil: undefined, doubted };
    const isSending = selection.changes.length > 0 && options.queue === undefined;
    noteOwnRun(ledger, runId);
    const list = isSending ? listOf(run) : undefined;
    // Another run has just noted its own: it stays.
    if (list !== before) await ledger.writeNote(NOTE, before, list);
    if (!isSending || ledger.lease) return { lateUntil: undefined, doubted };
    const at = options.now;
    const info = await ledger.getInfo();
    const { abandonedAt } = { ...info, ...abandonedBefore(info, runId, at()) };
    await ledger.setInfo({ openRunId: runId, abandonedAt });
    return { lateUntil: lateUntil(internalsOf(oplead).transport, at(), abandonedAt), doubted };
  });
}

/** No request of the run is under way that the entries do not tell of. */
export async function closeRun({ runId, ledger }: Run): Promise<void> {
  await useLedger(async () => {
    const list = await ledger.readNote(NOTE);
    if (list !== undefined && readList(list)?.runId === runId) await ledger.writeNote(NOTE, list, undefined);
    if ((await ledger.getInfo())?.openRunId === runId) await ledger.setInfo({ openRunId: "" });
  });
}

/** What is noted of a run before this one that did not end, in a ledger that does not tell by leases who was killed. */
export function abandonedBefore(info: LedgerInfo | undefined, runId: string, at: number): Partial<LedgerInfo> {
  const { openRunId = "" } = info ?? {};
  return openRunId === "" || openRunId === runId ? {} : { abandonedAt: at };
}

/** Puts users in doubt, several at a time. Returns those of which the entry was written. */
async function doubtAll(
  { ledger, options }: Run,
  isConcerned: (accountNumber: string) => boolean,
): Promise<Set<string>> {
  const concerned: string[] = [];
  for await (const [accountNumber] of ledger.entries()) if (isConcerned(accountNumber)) concerned.push(accountNumber);
  const doubted = new Set<string>();
  const queue = concerned.values();
  const next = async (): Promise<void> => {
    // They share the iterator, so each takes the next user.
    for (const accountNumber of queue) {
      if (options.signal?.aborted) return;
      if (await doubtUnsettled(ledger, accountNumber, options.now)) doubted.add(accountNumber);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, next));
  return doubted;
}

/** The users that a run changes, as text. New users are not among them, because the ledger says of each that it is to be sent. Undefined: none. */
function listOf({ runId, selection }: Run): string | undefined {
  const known = selection.changes.filter(({ hasEntry }) => hasEntry);
  if (known.length === 0) return undefined;
  // Packed, a number takes about 1.65 bits more, and a character holds 6.
  const room = Math.floor((6 * LONGEST) / known.length - 1.65);
  const bits = Math.max(0, Math.min(MOST_BITS, room));
  if (room < 0) return [runId, known.length, bits, ALL].join("\n");
  const numbers = known.map(({ planned }) => numberOf(planned.accountNumber, known.length, bits));
  return [runId, known.length, bits, packNumbers(numbers, bits)].join("\n");
}

/** In place of a list that is too long. */
const ALL = "*";

/** Undefined if the text is damaged. */
function readList(text: string): { readonly runId: string; has(accountNumber: string): boolean } | undefined {
  const [runId, count, digits, packed = ""] = text.split("\n");
  const users = Number(count);
  const bits = Number(digits);
  if (runId === undefined || !Number.isSafeInteger(users) || !Number.isSafeInteger(bits)) return undefined;
  const numbers = unpackNumbers(packed, bits);
  return { runId, has: (accountNumber) => packed === ALL || numbers.has(numberOf(accountNumber, users, bits)) };
}

function numberOf(accountNumber: string, users: number, bits: number): number {
  return fnv1a(accountNumber) % (users * 2 ** bits);
}
