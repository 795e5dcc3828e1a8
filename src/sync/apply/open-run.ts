import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/client-state.ts";
import { fnv1a } from "../../core/hash.ts";
import { isObject, jsonIn } from "../../core/values.ts";
import { type Ledger, type LedgerInfo, useLedger } from "../../ledger/ledger.ts";
import { changeNote } from "../../ledger/notes.ts";
import { doubtUnsettled, isOwnRun, lateUntil, noteOwnRun } from "../../reconcile/abandoned-run.ts";
import { packNumbers, unpackNumbers } from "../plan/approval.ts";
import { movedView } from "../plan/moves.ts";
import { type LedgerNotes, type PlanOptions, type PreparedPlan, withDefaults } from "../plan/planning.ts";
import { type Selection, select } from "../plan/policies.ts";
import type { ApplyOptions, VerifyOptions } from "../types/options.ts";
import type { PlanFacts, SavedPlan } from "../types/plan.ts";

/** One apply of a plan, for all of its users or some. Every step of the apply reads this. */
export interface Run {
  readonly runId: string;
  readonly oplead: Oplead;
  /** The options of the plan, replaced by the options that were given for the run. */
  readonly options: PlanOptions;
  /** In test mode a view in which the moves are made already, and which cannot be changed. */
  readonly ledger: Ledger;
  readonly testMode: boolean;
  readonly plan: PlanFacts;
  readonly notes: LedgerNotes;
  /** {@link PreparedPlan.planningMs} */
  readonly planningMs: number;
  /** The changes to send. */
  readonly selection: Selection;
}

/** A run of a plan. `approved`: a saved plan. Only changes that are still as they were approved there are sent. */
export function runOf(prepared: PreparedPlan, given: ApplyOptions, approved: SavedPlan | undefined): Run {
  const options = withDefaults(prepared.options, given);
  const selection = select(prepared.changes, options);
  const isOther = approved !== undefined && approved.hash !== prepared.facts.hash;
  return run(prepared, options, isOther ? asApproved(selection, prepared, approved) : selection);
}

/** A run in test mode, which this process sends itself. */
export function testRunOf(prepared: PreparedPlan, given: VerifyOptions): Run {
  const options = { ...withDefaults(prepared.options, given), queue: undefined };
  return run(prepared, options, select(prepared.changes, options, true), true);
}

function run(
  { oplead, facts, notes, planningMs }: PreparedPlan,
  options: PlanOptions,
  selection: Selection,
  testMode: boolean = facts.testMode,
): Run {
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

/**
 * The changes that are still as they were approved. The others are left to the next run. If there are no others, and no
 * other users are missing or moved, the run counts as complete: users that another process has sent meanwhile need
 * nothing more.
 */
function asApproved(chosen: Selection, { changes, hashes, facts }: PreparedPlan, approved: SavedPlan): Selection {
  const wanted = new Set(approved.changes.map(({ hash }) => hash));
  const isApproved = new Set(changes.filter((_, at) => wanted.has(hashes[at] ?? "")));
  const same = chosen.changes.filter((change) => isApproved.has(change));
  const shown = new Set(approved.missing.map(({ accountNumber }) => accountNumber));
  const moved = new Set(approved.moves.map(({ from, to }) => `${from}\n${to}`));
  const hasOthers =
    facts.missing.some(({ accountNumber }) => !shown.has(accountNumber)) ||
    facts.moves.some(({ from, to }) => !moved.has(`${from}\n${to}`));
  const isPartial = chosen.isPartial || hasOthers || same.length < chosen.changes.length;
  return { ...chosen, changes: same, isPartial, notSelected: changes.length - same.length };
}

/*
 * A run that did not end may have requests under way. Before its first request, a run notes its id and the users that
 * it changes in the ledger. If the next run finds that note, it puts these users in doubt: if the source gives again
 * the earlier state that the ledger still has, a comparison would show no difference.
 */

const NOTE = "run";

/**
 * How long a run may be under way. In a ledger with leases, each run checks the users of such a run again until then.
 */
const LONGEST_RUN_MS = 86_400_000;

/** The users that a run changes, packed. */
interface NotedRun {
  readonly runId: string;
  readonly at: number;
  readonly users: number;
  readonly bits: number;
  readonly packed: string;
}

/** The longest text in characters, which are bytes here. Some stores accept no text above 64 kB. */
const LONGEST_TEXT = 60_000;
/** The other facts in the text of a run take less than this. */
const OTHER_FACTS = 500;
/**
 * One other user in 2^10 is put in doubt without need, which costs a request. With very many users it is more, so that
 * the text has room for them.
 */
const MOST_BITS = 10;

/** Facts about the run before that a run must know. */
export interface Opened {
  /** {@link SendOptions.lateUntil} */
  readonly lateUntil: number | undefined;
  /** The users that this run has put in doubt. The revisions of their entries are higher by one than in the plan. */
  readonly doubted: ReadonlySet<string>;
}

/**
 * Before the first request of a run: puts users in doubt that a killed run may have sent, and notes the users of this
 * run.
 */
export async function openRun(run: Run): Promise<Opened> {
  const { runId, oplead, options, ledger, testMode, selection } = run;
  if (testMode) return { lateUntil: undefined, doubted: new Set() };
  return useLedger(async () => {
    const others = runsIn(await ledger.readNote(NOTE)).filter((each) => !isOwnRun(ledger, each.runId));
    const doubted = await doubtAll(run, others);
    // The note stays for the next run, which starts again.
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

/** Removes the note of a run: the entries now tell of each of its requests. */
export async function closeRun({ runId, ledger }: Run): Promise<void> {
  await useLedger(async () => {
    await changeRuns(ledger, (runs) => runs.filter((each) => each.runId !== runId));
    if ((await ledger.getInfo())?.openRunId === runId) await ledger.setInfo({ openRunId: "" });
  });
}

/** Whether a run before this one did not end, according to a ledger that has no leases to tell who was killed. */
export function isOtherOpen(info: LedgerInfo | undefined, runId: string): boolean {
  const { openRunId = "" } = info ?? {};
  return openRunId !== "" && openRunId !== runId;
}

/** Puts the users of runs in doubt, several at a time. Returns the users whose entries were written. */
async function doubtAll({ ledger, options }: Run, runs: readonly NotedRun[]): Promise<Set<string>> {
  const concerned: string[] = [];
  const tests = runs.map(usersOf);
  if (runs.length > 0) {
    for await (const [accountNumber] of ledger.entries()) {
      if (tests.some((has) => has(accountNumber))) concerned.push(accountNumber);
    }
  }
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

/**
 * The note of a run. New users are not in it: as long as no other process sends one, the ledger says that it is to be
 * sent. Undefined if the run changes no other.
 */
function notedRun({ runId, selection, options }: Run): NotedRun | undefined {
  const known = selection.changes.filter(({ hasEntry }) => hasEntry);
  const users = known.length;
  if (users === 0) return undefined;
  // Packed, a number takes about 1.65 bits more, and a character holds 6.
  const room = Math.floor((6 * LONGEST_TEXT) / users - 1.65);
  const bits = Math.max(0, Math.min(MOST_BITS, room));
  const numbers = room < 0 ? [] : known.map(({ planned }) => numberOf(planned.accountNumber, users, bits));
  return { runId, at: options.now(), users, bits, packed: room < 0 ? ALL : packNumbers(numbers, bits) };
}

/** Stands for all users if the list would be too long. */
const ALL = "*";

function usersOf({ users, bits, packed }: NotedRun): (accountNumber: string) => boolean {
  const numbers = unpackNumbers(packed, bits);
  return (accountNumber) => packed === ALL || numbers.has(numberOf(accountNumber, users, bits));
}

function numberOf(accountNumber: string, users: number, bits: number): number {
  return fnv1a(accountNumber) % (users * 2 ** bits);
}

/** If the note has no room for all runs, the newest are kept. */
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
