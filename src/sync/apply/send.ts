import { internalsOf } from "../../client/client-state.ts";
import { asFailure, isOpleadError, OpleadError } from "../../core/errors.ts";
import type { OpleadErrorCode } from "../../core/names.ts";
import { fieldsNamedIn, otherNamesIn } from "../../core/redact.ts";
import { append } from "../../core/values.ts";
import { platformOf } from "../../ledger/bind.ts";
import { ledgerError } from "../../ledger/ledger.ts";
import { tellStop } from "../../locales/en/sync.ts";
import { sourceUserOf } from "../../reconcile/content.ts";
import type { KeptOf } from "../../reconcile/presence.ts";
import { reconcileContent } from "../../reconcile/reconcile.ts";
import { mayBeConflict, type Reconciliation, type SendOptions } from "../../reconcile/reconciliation.ts";
import type { SyncStep } from "../../rules/types.ts";
import { mayHaveActed } from "../../transport/failures.ts";
import { readPause } from "../pause.ts";
import type { Change } from "../plan/judge.ts";
import { STOP_DEFAULTS } from "../read-options.ts";
import type { WaitingRoot } from "../types/findings.ts";
import type { StopReason } from "../types/messages.ts";
import type { ApplyOptions, SyncQueue } from "../types/options.ts";
import { Outcomes, type RunResult } from "./outcomes.ts";
import { whyPaused } from "./paused.ts";
import type { Run } from "./run.ts";
import { whyLedgerFailed, whyStoreFailed } from "./store-failed.ts";

// Users in the queue at a time: enough to keep dozens of workers busy.
const WAITING_IN_QUEUE = 1_000;

// Children follow their parents. The last round has users that Oplead would refuse earlier. After each round, retryable
// failures are tried again; then users that need a value that another change gave up, and unchanged ones at the end.
export async function sendChanges(run: Run, stop?: StopReason): Promise<RunResult> {
  const { changes, refreshes } = run.selection;
  const sender = new UserSender(run, stop);
  // One user first: a cause that concerns all users shows with few requests.
  const atOnce = (): number =>
    run.options.queue ? WAITING_IN_QUEUE : sender.isBeginning ? 1 : run.options.concurrency;
  const { first, last, childrenOf } = inRounds(changes);
  const again: Change[] = [];
  const conflicts: Change[] = [];
  const attempt = (round: readonly Change[], isLastAttempt: boolean): Promise<void> =>
    eachAtOnce(round, atOnce, async (change) => {
      const state = await sender.send(change, isLastAttempt);
      if (state === "done") return childrenOf(change);
      (state === "pending" ? again : conflicts).push(change);
      return [];
    });
  for (const round of [first, last]) {
    await attempt(round, false);
    await attempt(again.splice(0), true);
  }
  await attempt(conflicts, true);
  await attempt(refreshes, false);
  await attempt(again.splice(0), true);
  return { ...sender.outcomes.result, stopReason: sender.stopReason };
}

function inRounds(changes: readonly Change[]) {
  const accountNumbers = new Set(changes.map(({ planned }) => planned.accountNumber));
  const children = new Map<string, Change[]>();
  const first: Change[] = [];
  const last: Change[] = [];
  for (const change of changes) {
    const { after } = change.planned;
    if (change.last) last.push(change);
    else if (after === undefined || !accountNumbers.has(after)) first.push(change);
    else append(children, after, change);
  }
  return { first, last, childrenOf: ({ planned }: Change) => children.get(planned.accountNumber) ?? [] };
}

// Each task returns more items to do.
async function eachAtOnce<T>(
  items: readonly T[],
  atOnce: () => number,
  task: (item: T) => Promise<readonly T[]>,
): Promise<void> {
  const queue = [...items];
  await new Promise<void>((resolve, reject) => {
    let next = 0;
    let underWay = 0;
    const pump = (): void => {
      for (; underWay < atOnce() && next < queue.length; next += 1) {
        underWay += 1;
        task(queue[next] as T).then((more) => {
          underWay -= 1;
          for (const item of more) queue.push(item);
          pump();
        }, reject);
      }
      if (underWay === 0 && next >= queue.length) resolve();
    };
    pump();
  });
}

// `conflict`: refused, perhaps for a value that another change gives up. The last attempt is always `done`.
type SendState = "done" | "pending" | "conflict";

class UserSender {
  readonly outcomes: Outcomes;
  stopReason: StopReason | undefined;
  readonly #run: Run;
  readonly #stopRule: StopRule;
  // Facts that are written with the outcome, which saves a write.
  readonly #kept: ReadonlyMap<string, KeptOf>;
  // Users that Oplead has; in test mode, those that it would have after a real run.
  readonly #arrived = new Set<string>();
  readonly #pending = new Map<Change, Reconciliation>();
  // Changes refused, perhaps for a value that another change gives up.
  readonly #conflicts = new Set<Change>();
  readonly #mayFreeValues: boolean;
  #hasFreedValue = false;
  // `#nextLook` begins when `#look` has ended.
  #look: Promise<void> = Promise.resolve();
  #nextLook: Promise<void> | undefined;

  constructor(run: Run, stop: StopReason | undefined) {
    this.#run = run;
    this.stopReason = stop;
    this.outcomes = new Outcomes(run);
    const { present } = run.notes;
    this.#kept = new Map(present.map(({ accountNumber, kept = () => undefined }) => [accountNumber, kept]));
    const { platform } = internalsOf(run.oplead).transport;
    const isFirstRun = run.notes.entries === 0;
    this.#stopRule = new StopRule(run.options.stop ?? {}, { isFirstRun, hasAnswered: () => platform.hasAnswered });
    this.#mayFreeValues = !run.testMode && run.selection.changes.some(({ freesValue }) => freesValue);
  }

  async send(change: Change, isLastAttempt: boolean): Promise<SendState> {
    const { testMode, options } = this.#run;
    const { newParent } = change;
    const first = this.#pending.get(change);
    await this.#lookForPause();
    const isAborted = options.signal?.aborted || options.drain?.aborted;
    const isOver = isAborted || this.stopReason !== undefined;
    const isHopeless = this.#conflicts.has(change) && !this.#hasFreedValue;
    if ((isOver || isHopeless) && first) this.#settle(change, first);
    else if (isOver) this.outcomes.skip(change, isAborted ? "aborted" : this.#isPaused ? "paused" : "stopped");
    else if (newParent !== undefined && testMode && this.#onlyInTests.get(newParent)) {
      this.#arrived.add(change.planned.accountNumber);
      this.#onlyInTests.set(change.planned.accountNumber, true);
      this.outcomes.cannotVerify(change, newParent);
    } else if (newParent !== undefined && !this.#arrived.has(newParent)) this.outcomes.waits(change, newParent);
    else return this.#attempt(change, first, isLastAttempt);
    return "done";
  }

  get isBeginning(): boolean {
    return this.#stopRule.isBeginning;
  }

  get #isPaused(): boolean {
    return this.stopReason?.code === "runs_paused";
  }

  get #onlyInTests() {
    return internalsOf(this.#run.oplead).state.onlyInTests;
  }

  // Ends the run if the ledger has a new pause. Calls that come before a reading begins share that reading.
  async #lookForPause(): Promise<void> {
    if (this.#run.testMode || this.stopReason !== undefined) return;
    this.#nextLook ??= this.#look.then(() => {
      this.#nextLook = undefined;
      this.#look = this.#readPause();
      return this.#look;
    });
    await this.#nextLook;
  }

  // Never rejects.
  async #readPause(): Promise<void> {
    const { ledger, options } = this.#run;
    try {
      const pause = await readPause(ledger, options.now);
      if (pause) this.stopReason ??= whyPaused(pause);
    } catch (thrown) {
      this.stopReason ??= whyLedgerFailed(
        isOpleadError(thrown) ? thrown : ledgerError("The pause cannot be read.", thrown),
      );
    }
  }

  async #attempt(change: Change, first: Reconciliation | undefined, isLast: boolean): Promise<SendState> {
    try {
      const reconciliation = await this.#reconcile(change, first);
      if (!reconciliation) {
        this.outcomes.skip(change, "handed_over");
        return "done";
      }
      this.stopReason ??= this.#stopRule.reason;
      const isPending = !isLast && mayStillArrive(reconciliation);
      const isConflict = !isLast && !isPending && this.#mayFreeValues && isRefusedAsConflict(reconciliation);
      if (isConflict) this.#conflicts.add(change);
      if (isPending || isConflict) this.#pending.set(change, reconciliation);
      else this.#settle(change, reconciliation);
      return isPending ? "pending" : isConflict ? "conflict" : "done";
    } catch (thrown) {
      // Without the ledger no other user can be sent.
      const error = isOpleadError(thrown) ? thrown : asFailure(ledgerError("A reconciliation broke off.", thrown));
      this.outcomes.recordThrown(change, error, this.#pending.get(change));
      this.stopReason ??= whyStoreFailed(error);
      return "done";
    }
  }

  async #reconcile(change: Change, first: Reconciliation | undefined): Promise<Reconciliation | undefined> {
    const { runId, oplead, ledger, testMode, options } = this.#run;
    const { signal, queue, resend, now } = options;
    const { content, retry, parent } = change;
    const how = {
      runId,
      resend: resend || change.planned.kind === "refreshed",
      parent,
      expectedRevision: first?.revision ?? change.revision,
      retryHeld: retry === true || !this.#conflicts.has(change) ? retry : [...retry, "user" as const],
    };
    const kept = this.#kept.get(content.accountNumber);
    // Leavers are not queued: a worker needs the whole user, which the source no longer gives.
    const reconciliation =
      queue && !content.rulesOnly
        ? await this.#reconcileInQueue(queue, change, how)
        : await reconcileContent(oplead, ledger, content, { signal, testMode }, { ...how, kept, now });
    if (!reconciliation) return undefined;
    if (kept && !queue && reconciliation.outcome !== "stale") this.outcomes.result.noted.add(content.accountNumber);
    for (const step of reconciliation.applied) this.#stopRule.succeeded(step);
    for (const { step, error, held } of reconciliation.failed) {
      if (error.code !== "aborted") this.#stopRule.failed(error, held === true, step);
    }
    if (change.freesValue && reconciliation.applied.includes("user")) this.#hasFreedValue = true;
    // Nothing is held in test mode: the ledger does not change.
    const failed = reconciliation.failed.map((step) => ({ ...step, held: step.held === true && !testMode }));
    return together(first, { ...reconciliation, failed } as unknown as Reconciliation); // Safe: as many steps failed.
  }

  // If another job brought a newer state, the result has no id: the ledger has it.
  async #reconcileInQueue(
    queue: SyncQueue,
    { content }: Change,
    how: SendOptions,
  ): Promise<Reconciliation | undefined> {
    const { oplead, ledger, testMode, options } = this.#run;
    const { signal, drain } = options;
    const request = { ...how, signal, drain, testMode, platform: platformOf(oplead) };
    const reconciliation = await queue.reconcileUser(sourceUserOf(content), request);
    if (!reconciliation || reconciliation.id !== undefined) return reconciliation;
    const entry = await ledger.get(content.accountNumber);
    return { ...reconciliation, id: entry?.id } as Reconciliation; // Safe: the worker has written the entry.
  }

  #settle(change: Change, reconciliation: Reconciliation): void {
    const { accountNumber, movedFrom } = change.planned;
    const isSent = !reconciliation.failed.some(({ step }) => step === "user");
    if (reconciliation.id !== undefined && (isSent || movedFrom === undefined)) this.#arrived.add(accountNumber);
    else this.outcomes.noteRoot(change, becauseOf(reconciliation), reconciliation.waitsFor);
    // Oplead forgets the new number after a test.
    if (this.#run.testMode && movedFrom !== undefined) this.#onlyInTests.set(accountNumber, true);
    this.outcomes.record(change, reconciliation);
  }
}

function becauseOf({ outcome, failed, held }: Reconciliation): WaitingRoot["because"] {
  if (outcome === "stale") return "stale";
  return held.length > 0 || failed.some((step) => step.held) ? "held" : "failed";
}

function isRefusedAsConflict({ failed }: Reconciliation): boolean {
  return failed.some(({ step, error, held }) => held && mayBeConflict(step, error.status));
}

function mayStillArrive({ failed }: Reconciliation): boolean {
  return failed.some(({ error, held }) => error.retryable && !held);
}

function together(first: Reconciliation | undefined, second: Reconciliation): Reconciliation {
  if (!first) return second;
  const isNew = first.isNew || second.isNew;
  const outcome = second.failed.length > 0 ? "incomplete" : isNew ? "created" : "updated";
  const both = {
    ...second,
    id: second.id ?? first.id,
    isNew,
    outcome: first.applied.length === 0 ? second.outcome : outcome,
    applied: [...new Set([...first.applied, ...second.applied])],
    unverifiable: [...new Set([...first.unverifiable, ...second.unverifiable])],
    requestIds: [...first.requestIds, ...second.requestIds],
    requests: first.requests + second.requests,
    // Each failure of the first attempt costs one more request in the second: a retry.
    retries: Math.min(first.requests + second.requests, first.retries + second.retries + first.failed.length),
  };
  return both as Reconciliation; // Safe: the outcome follows from the steps.
}

// Errors without an answer, or without one that says whether the user exists.
const NO_ANSWER = new Set<OpleadErrorCode>([
  "token_unavailable",
  "connection",
  "timeout",
  "deadline",
  "ambiguous_creation",
]);

// Refusals of the content of one user.
const REFUSAL = new Set<OpleadErrorCode>(["refused", "conflict", "invalid_input"]);

const RECENT_CALLS = 20;

interface Beginning {
  readonly isFirstRun: boolean;
  // Whether Oplead has answered this client.
  readonly hasAnswered: () => boolean;
}

const firstFailed = ({ code, message }: OpleadError) => tellStop("first_failed", { code, message });

// Users that are refused alike, one after the other, before a run ends; fewer if a first run has brought none.
const ALIKE = { first: 2, later: 5 };

// A 500 of Oplead itself may be about one user.
const isOutage = ({ code, status, fromOplead }: OpleadError): boolean =>
  code === "server_error" && (status !== 500 || fromOplead !== true);

// Ends the run if most other calls would fail too, because of Oplead, the network, the token or the settings.
export class StopRule {
  readonly #limits: { readonly [Name in keyof NonNullable<ApplyOptions["stop"]>]-?: number };
  readonly #recent: boolean[] = [];
  readonly #beginning: Beginning | undefined;
  // Refusals since the last success, as long as they are alike.
  #alike: { readonly what: string; users: number } | undefined;
  #users = 0;
  #unanswered = 0;
  isBeginning: boolean;
  reason: StopReason | undefined;

  constructor(
    {
      connectionFailures = STOP_DEFAULTS.connectionFailures,
      failureShare = STOP_DEFAULTS.failureShare,
    }: NonNullable<ApplyOptions["stop"]>,
    beginning?: Beginning,
  ) {
    this.#limits = { connectionFailures, failureShare };
    this.#beginning = beginning;
    this.isBeginning = beginning !== undefined;
  }

  // The one user above all others says nothing about them.
  succeeded(step: SyncStep = "user"): void {
    if (step === "user") this.#users += 1;
    if (this.#users > 1 || !this.#beginning?.isFirstRun) this.isBeginning = false;
    this.#alike = undefined;
    this.#answered();
  }

  #answered(): void {
    this.#remember(false);
    this.#unanswered = 0;
  }

  failed(error: OpleadError, held: boolean, step: SyncStep = "user"): void {
    if (this.isBeginning && step === "user") this.reason ??= this.#whyEndAtOnce(error);
    if (held || REFUSAL.has(error.code)) {
      // A refusal is an answer of Oplead, and the step is held: no failure of the run.
      this.#answered();
      return;
    }
    this.#remember(true);
    const isSilence = (error.status === undefined && NO_ANSWER.has(error.code)) || isOutage(error);
    // A `deadline` before a request says nothing about Oplead's answers.
    if (error.code !== "deadline" || mayHaveActed(error))
      this.#unanswered = isSilence || error.code === "unexpected_response" ? this.#unanswered + 1 : 0;
    this.reason ??= this.#whyStop(error);
  }

  #remember(hasFailed: boolean): void {
    this.#recent.push(hasFailed);
    if (this.#recent.length > RECENT_CALLS) this.#recent.shift();
  }

  #whyEndAtOnce(error: OpleadError): StopReason | undefined {
    const { status } = error;
    const isForbidden = error.code === "forbidden";
    if (status !== undefined && (REFUSAL.has(error.code) || isForbidden)) {
      const fields = fieldsNamedIn(error.body);
      // Later, what many changes have in common is their own content.
      const isFirst = this.#beginning?.isFirstRun && this.#users === 0;
      // Its parent was perhaps written moments ago.
      const isOfMapping = error.code === "refused" && (isFirst ? !error.retryable : this.#beginning?.isFirstRun);
      const mayBeAll = isForbidden || isOfMapping;
      if (!mayBeAll) return undefined;
      const what = [status, ...fields, ...otherNamesIn(error.body)].join();
      this.#alike ??= { what, users: 0 };
      this.#alike.users += 1;
      const { users } = this.#alike;
      this.isBeginning = this.#alike.what === what;
      if (!this.isBeginning || users < (isFirst ? ALIKE.first : ALIKE.later)) return undefined;
      return isForbidden ? firstFailed(error) : tellStop("refused_alike", { users, status: `${status}`, fields });
    }
    const cause = error.cause instanceof OpleadError ? error.cause : error;
    const isSilent = !this.#beginning?.hasAnswered();
    const isOfSettings =
      error.code === "not_found" ||
      (error.code === "connection" && isSilent) ||
      // Something else in the place of Oplead, or an answer of its own that every user would get.
      (cause.code === "unexpected_response" &&
        (isSilent || ((cause.fromOplead === true || cause.status === 204) && cause.retryable)));
    this.isBeginning = isOfSettings || isOutage(error);
    return isOfSettings ? firstFailed(cause) : undefined;
  }

  #whyStop({ code, status, retryAfterMs }: OpleadError): StopReason | undefined {
    const { connectionFailures, failureShare } = this.#limits;
    if (code === "unauthorized") return tellStop("unauthorized");
    // Oplead asked for a pause beyond the deadline: every call would wait.
    const isPaused = code === "rate_limited" && status === undefined && retryAfterMs !== undefined;
    if (isPaused) return tellStop("told_to_wait", { ms: retryAfterMs });
    const calls = this.#unanswered;
    if (calls >= connectionFailures) {
      const isNamed = code === "unexpected_response" || code === "token_unavailable" || code === "server_error";
      return tellStop(isNamed ? code : "connection", { calls });
    }
    const failed = this.#recent.filter((hasFailed) => hasFailed).length;
    if (this.#recent.length < RECENT_CALLS || failed / this.#recent.length <= failureShare) return undefined;
    return tellStop("too_many_failures", { failed, calls: this.#recent.length, last: code });
  }
}
