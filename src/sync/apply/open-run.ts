import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/client-state.ts";
import { canonicalJson, fnv1a } from "../../core/hash.ts";
import { showIdentity } from "../../core/redact.ts";
import { isObject, jsonIn } from "../../core/values.ts";
import { type Ledger, type LedgerInfo, useLedger } from "../../ledger/ledger.ts";
import { changeNote } from "../../ledger/notes.ts";
import { doubtUnsettled, isOwnRun, lateUntil, noteOwnRun } from "../../reconcile/abandoned-run.ts";
import { packNumbers, unpackNumbers } from "../plan/approval.ts";
import { movedView } from "../plan/moves.ts";
import { type LedgerNotes, type PlanOptions, type PreparedPlan, withDefaults } from "../plan/planning.ts";
import { type Selection, select } from "../plan/selection.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { PlanFacts, SavedChange, SavedPlan } from "../types/plan.ts";
import type { PlannedUser } from "../types/records.ts";

/** One run of a plan, for all of its users or for some of them. Every step of the run reads this object. */
export interface Run {
  readonly runId: string;
  readonly oplead: Oplead;
  /** The options of the plan. Options that were given for the run replace them. */
  readonly options: PlanOptions;
  /** In test mode, a read-only view of the ledger in which the moves are already made. */
  readonly ledger: Ledger;
  readonly testMode: boolean;
  readonly plan: PlanFacts;
  readonly notes: LedgerNotes;
  /** How long the planning took: {@link PreparedPlan.planningMs}. */
  readonly planningMs: number;
  /** The changes to send. */
  readonly selection: Selection;
}

/** Makes a run of a plan. If `approved` is a saved plan, only the changes that are equal in both plans are sent. */
export function runOf(prepared: PreparedPlan, given: ApplyOptions, approved: SavedPlan | undefined): Run {
  const options = withDefaults(prepared.options, given);
  const selection = select(prepared.changes, options, prepared.facts.testMode);
  return run(prepared, options, approved ? asApproved(selection, prepared, approved) : selection);
}

function run({ oplead, facts, notes, planningMs }: PreparedPlan, options: PlanOptions, selection: Selection): Run {
  const { testMode } = facts;
  const ledger = testMode ? movedView(options.ledger, facts.moves) : options.ledger;
  return {
    runId: options.runId ?? crypto.randomUUID(),
    oplead,
    options,
    ledger,
    testMode,
    plan: facts,
    notes,
    planningMs,
    selection,
  };
}

// What a person reads of a change. Its hash covers the content, but nobody can read it.
function isSameRow(saved: SavedChange, { accountNumber, kind, fields, rules }: PlannedUser): boolean {
  const row = [showIdentity(accountNumber), kind, fields, rules];
  return canonicalJson([saved.accountNumber, saved.kind, saved.fields, saved.rules]) === canonicalJson(row);
}

/**
 * Selects the changes that are the same as in the approved plan. The next run decides about the others. If no other
 * change is left, and the missing users and the moves are the same too, the run counts as complete: users that another
 * process has sent meanwhile need no more work.
 */
function asApproved(chosen: Selection, { changes, hashes, facts }: PreparedPlan, approved: SavedPlan): Selection {
  const shownRows = new Map(approved.changes.map((row) => [row.hash, row]));
  const isApproved = new Set(
    changes.filter(({ planned }, at) => {
      const row = shownRows.get(hashes[at] ?? "");
      return row !== undefined && isSameRow(row, planned);
    }),
  );
  const same = chosen.changes.filter((change) => isApproved.has(change));
  const shown = new Set(approved.missing.map(({ accountNumber }) => accountNumber));
  const moved = new Set(approved.moves.map(({ from, to }) => `${from}\n${to}`));
  const hasOthers =
    facts.missing.some(({ accountNumber }) => !shown.has(accountNumber)) ||
    facts.moves.some(({ from, to }) => !moved.has(`${from}\n${to}`));
  const isPartial = chosen.isPartial || hasOthers || same.length < chosen.changes.length;
  return { ...chosen, changes: same, isPartial, notApproved: chosen.changes.length - same.length };
}

/*
 * If a run was killed, Oplead may still carry out its last requests. So each run notes its id and the users that it
 * changes in the ledger before its first request. If the next run finds that note, it puts these users in doubt.
 * Without the doubt, a user could stay wrong: if the source gives the earlier state again, that state equals the one in
 * the ledger, so it would not be sent.
 */

const NOTE = "run";

/**
 * The longest time that a run may take. In a ledger with leases, the note of a run is kept for this long, and each
 * later run checks the users of the note.
 */
const LONGEST_RUN_MS = 86_400_000;

/** A note of a run. `packed` holds the users that the run changes. */
interface NotedRun {
  readonly runId: string;
  readonly at: number;
  readonly users: number;
  readonly bits: number;
  readonly packed: string;
}

/**
 * The maximum length of the note. It has only ASCII characters, so a character is a byte. Some stores accept no text
 * above 64 kB.
 */
const LONGEST_TEXT = 60_000;
/** The maximum length of the note of a run, in characters, without the users that the note lists. */
const OTHER_FACTS = 500;
/**
 * The maximum number of bits for each user in the note that the ledger keeps about a run. With this number, one in 2^10
 * of the users that are not in the note looks as if it were in the note. If the run is killed, such a user is put in
 * doubt without need, which costs a request. For very many users the note has fewer bits for each, so that it is not
 * too long. Then more users are put in doubt.
 */
const MOST_BITS = 10;

/** Facts that a run must know about the run before it. */
export interface Opened {
  /** Until when Oplead may still carry out requests of a killed run: {@link SendOptions.lateUntil}. */
  readonly lateUntil: number | undefined;
  /**
   * The users that this run has put in doubt. Their entries were written for it, so their revision is one higher than
   * in the plan.
   */
  readonly doubted: ReadonlySet<string>;
}

/**
 * Prepares the ledger before the first request of a run: writes a doubt about each user that a killed run may have
 * sent, and notes the users of this run.
 */
export async function openRun(run: Run): Promise<Opened> {
  const { runId, oplead, options, ledger, testMode, selection } = run;
  if (testMode) return { lateUntil: undefined, doubted: new Set() };
  return useLedger(async () => {
    const others = runsIn(await ledger.readNote(NOTE)).filter((each) => !isOwnRun(ledger, each.runId));
    const doubted = await doubtAll(run, others);
    // This run was aborted. Keep the notes of earlier runs that were killed, so that the next run puts their users in
    // doubt.
    if (options.signal?.aborted) return { lateUntil: undefined, doubted };
    const isSending = selection.changes.length > 0 && options.queue === undefined;
    noteOwnRun(ledger, runId);
    const own = isSending ? notedRun(run) : undefined;
    const done = new Set(others.map((each) => each.runId));
    await changeRuns(ledger, (runs) => {
      const isLeft = ({ runId: id, at }: NotedRun): boolean =>
        id !== runId && (ledger.lease ? Math.abs(options.now() - at) < LONGEST_RUN_MS : !done.has(id));
      return [...(own ? [own] : []), ...runs.filter(isLeft)];
    });
    if (!isSending || ledger.lease) return { lateUntil: undefined, doubted };
    const at = options.now;
    const info = await ledger.getInfo();
    const abandonedAt = isOtherOpen(info, runId) ? at() : info?.abandonedAt;
    await ledger.setInfo({ openRunId: runId, abandonedAt });
    return { lateUntil: lateUntil(internalsOf(oplead).transport, at(), abandonedAt), doubted };
  });
}

/** Removes the note of a run that has ended: the entries now hold the outcome of each of its requests. */
export async function closeRun({ runId, ledger }: Run): Promise<void> {
  await useLedger(async () => {
    await changeRuns(ledger, (runs) => runs.filter((each) => each.runId !== runId));
    if ((await ledger.getInfo())?.openRunId === runId) await ledger.setInfo({ openRunId: "" });
  });
}

/**
 * Whether an earlier run did not end. Used for a ledger without leases, which cannot show that a process was killed.
 */
export function isOtherOpen(info: LedgerInfo | undefined, runId: string): boolean {
  const { openRunId = "" } = info ?? {};
  return openRunId !== "" && openRunId !== runId;
}

/** Puts the users of these runs in doubt, several at a time. Returns the users whose entries were written. */
async function doubtAll({ ledger, options }: Run, runs: readonly NotedRun[]): Promise<Set<string>> {
  const concerned = runs.length === 0 ? new Set<string>() : await concernedBy(runs.map(usersOf), ledger);
  const doubted = new Set<string>();
  const queue = concerned.values();
  const next = async (): Promise<void> => {
    // All tasks share this iterator, so each takes the next user.
    for (const accountNumber of queue) {
      if (options.signal?.aborted) return;
      if (await doubtUnsettled(ledger, accountNumber, options.now)) doubted.add(accountNumber);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, next));
  return doubted;
}

/**
 * The present account numbers of the users that the notes of killed runs list. A note names each user by the account
 * number that it had then.
 */
async function concernedBy(tests: readonly NotedTest[], ledger: Ledger): Promise<Set<string>> {
  const noted: string[] = [];
  const moves = new Map<string, string>();
  const isNoted = (accountNumber: string | undefined): boolean =>
    accountNumber !== undefined && tests.some((test) => test(accountNumber));
  for await (const [accountNumber, { movedTo, movedFrom }] of ledger.entries()) {
    if (movedTo !== undefined) moves.set(accountNumber, movedTo);
    // Another user may have the old number now. Then only the entry of the new number shows the move.
    if (isNoted(accountNumber) || isNoted(movedFrom)) noted.push(accountNumber);
  }
  return new Set(noted.map((accountNumber) => presentNumber(accountNumber, moves)));
}

/**
 * Follows a user through its moves to its present account number. An account number that a user has now is not in
 * `moves`.
 */
function presentNumber(accountNumber: string, moves: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let present = accountNumber;
  for (let to = moves.get(present); to !== undefined && !seen.has(to); to = moves.get(present)) {
    seen.add(to);
    present = to;
  }
  return present;
}

/**
 * Makes the note of a run. New users are not in it: they have no entry, so the next run sends them anyway. Undefined if
 * all users of the run are new.
 */
function notedRun({ runId, selection, options }: Run): NotedRun | undefined {
  const known = selection.changes.filter(({ hasEntry }) => hasEntry);
  const users = known.length;
  if (users === 0) return undefined;
  // {@link packNumbers} needs about 1.65 bits more than `bits` for each account number, and a character holds 6 bits.
  const room = Math.floor((6 * LONGEST_TEXT) / users - 1.65);
  const bits = Math.max(0, Math.min(MOST_BITS, room));
  const numbers = room < 0 ? [] : known.map(({ planned }) => numberOf(planned.accountNumber, users, bits));
  return { runId, at: options.now(), users, bits, packed: room < 0 ? ALL : packNumbers(numbers, bits) };
}

/**
 * The note of a run has this text in place of the packed account numbers if they would be too long. Then all users are
 * put in doubt.
 */
const ALL = "*";

/** Whether the note that a run left in the ledger contains this account number. */
type NotedTest = (accountNumber: string) => boolean;

function usersOf({ users, bits, packed }: NotedRun): NotedTest {
  const numbers = unpackNumbers(packed, bits);
  return (accountNumber) => packed === ALL || numbers.has(numberOf(accountNumber, users, bits));
}

function numberOf(accountNumber: string, users: number, bits: number): number {
  return fnv1a(accountNumber) % (users * 2 ** bits);
}

/** If the note has no room for all runs, only the newest runs are kept. */
async function changeRuns(ledger: Ledger, change: (runs: readonly NotedRun[]) => readonly NotedRun[]): Promise<void> {
  await changeNote(ledger, NOTE, "The note of the runs in the ledger", (before) => {
    const runs = [...change(runsIn(before))];
    while (runs.length > 1 && JSON.stringify(runs).length > LONGEST_TEXT + OTHER_FACTS) runs.pop();
    return runs.length === 0 ? undefined : JSON.stringify(runs);
  });
}

/** The runs in a note. A damaged note counts as empty. */
function runsIn(text: string | undefined): NotedRun[] {
  const noted = text === undefined ? undefined : jsonIn(text);
  return Array.isArray(noted) ? noted.filter(isNotedRun) : [];
}

function isNotedRun(value: unknown): value is NotedRun {
  if (!isObject(value) || typeof value.runId !== "string" || typeof value.packed !== "string") return false;
  return [value.at, value.users, value.bits].every((number) => Number.isSafeInteger(number));
}
