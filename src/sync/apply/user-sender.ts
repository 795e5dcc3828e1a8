import { isOpleadError, type OpleadError } from "../../base/errors.ts";
import type { OpleadLogger } from "../../base/observe.ts";
import { observer } from "../../base/observe.ts";
import { showIdentity } from "../../base/redact.ts";
import type { ClientState } from "../../client/client-state.ts";
import { internalsOf } from "../../client/internals.ts";
import { platformOf } from "../../ledger/bind.ts";
import { ledgerError } from "../../ledger/ledger-error.ts";
import { tellStop } from "../../locales/en/sync.ts";
import { sourceUserOf } from "../../reconcile/content/content.ts";
import { reconcileContent } from "../../reconcile/reconcile.ts";
import type { FailedStep, Reconciliation, SendOptions } from "../../reconcile/reconciliation.ts";
import { mayBeConflict } from "../../reconcile/refusal.ts";
import { failuresOf, outcomeOf, type UserOutcome } from "../../reconcile/user-outcome.ts";
import { readPause } from "../pause.ts";
import type { Change } from "../plan/judge.ts";
import { answerOf, who } from "../text.ts";
import type { ApplyOptions, SyncQueue } from "../types/options.ts";
import { heldUser, type WaitingRoot } from "../types/records.ts";
import type { SyncSkip } from "../types/report.ts";
import { whyPaused } from "./paused.ts";
import { progressOf } from "./progress.ts";
import { emptyResult, failureOf, together } from "./run-result.ts";
import type { RunTarget } from "./run-target.ts";
import { StopRule } from "./stop-rule.ts";

/**
 * `pending`: a step failed that may succeed later; `conflict`: Oplead refused the user, perhaps for a value that another
 * change of the run gives up. Neither of them at the last attempt.
 */
type SendState = "done" | "pending" | "conflict";

/** Sends the users of a run one by one and collects the results. */
export class UserSender {
  readonly #target: RunTarget;
  readonly #options: ApplyOptions;
  readonly #testMode: boolean;
  readonly #runId: string;
  readonly #logger: OpleadLogger | undefined;
  readonly #onUser: ApplyOptions["onUser"];
  readonly #stopRule: StopRule;
  readonly #progress: ReturnType<typeof progressOf>;
  /** Users that are in Oplead now; in test mode, that would be. */
  readonly #arrived = new Set<string>();
  /** Users that only this test has created, so that Oplead does not know them any more. */
  readonly #onlyInTests: ClientState["onlyInTests"];
  /** The users that could not be sent, or wait: what those below them wait for. */
  readonly #roots = new Map<string, WaitingRoot>();
  /** The first attempts that may succeed later. */
  readonly #pending = new Map<Change, Reconciliation>();
  /** Those of them that Oplead refused, perhaps for a value that another change gives up. */
  readonly #conflicts = new Set<Change>();
  /** Whether some change of the run may give up a value that another user wants. */
  readonly #mayFreeValues: boolean;
  #hasFreedValue = false;
  readonly result = emptyResult();

  constructor(target: RunTarget, changes: readonly Change[], options: ApplyOptions, testMode: boolean, runId: string) {
    const { state, transport } = internalsOf(target.oplead);
    const { logger } = transport.settings;
    const observe = observer(logger);
    this.#target = target;
    this.#options = options;
    this.#testMode = testMode;
    this.#runId = runId;
    this.#logger = logger;
    this.#onUser = observe("onUser", options.onUser);
    this.#stopRule = new StopRule(options.stop ?? {});
    this.#progress = progressOf(changes.length, transport.clock.now, observe("onProgress", options.onProgress));
    this.#mayFreeValues = !testMode && changes.some(({ freesValue }) => freesValue);
    this.#onlyInTests = state.onlyInTests;
  }

  async send(change: Change, isLastAttempt: boolean): Promise<SendState> {
    const { signal, drain } = this.#options;
    const { newParent } = change;
    const first = this.#pending.get(change);
    await this.#lookForPause();
    const isAborted = signal?.aborted || drain?.aborted;
    const isOver = isAborted || this.result.stopReason !== undefined;
    const isHopeless = this.#conflicts.has(change) && !this.#hasFreedValue;
    if ((isOver || isHopeless) && first) this.#record(change, first);
    else if (isOver) this.#skip(change, isAborted ? "aborted" : this.#isPaused ? "paused" : "stopped");
    else if (newParent !== undefined && this.#testMode && this.#onlyInTests.get(newParent))
      this.#cannotVerify(change, newParent);
    else if (newParent !== undefined && !this.#arrived.has(newParent)) this.#skip(change, "parent", newParent);
    else return this.#attempt(change, first, isLastAttempt);
    return "done";
  }

  get #isPaused(): boolean {
    return this.result.stopReason?.code === "runs_paused";
  }

  /** Before each user, so that a pause ends a run under way. */
  async #lookForPause(): Promise<void> {
    if (this.#testMode || this.result.stopReason !== undefined) return;
    const { ledger, now } = this.#target;
    try {
      const pause = await readPause(ledger, now);
      if (pause) this.result.stopReason ??= whyPaused(pause);
    } catch (thrown) {
      const { message: problem } = isOpleadError(thrown) ? thrown : ledgerError("The pause cannot be read.", thrown);
      this.result.stopReason ??= tellStop("ledger_failed", { problem });
    }
  }

  async #attempt(change: Change, first: Reconciliation | undefined, isLast: boolean): Promise<SendState> {
    try {
      const reconciliation = await this.#reconcile(change, first);
      if (!reconciliation) {
        this.#skip(change, "handed_over");
        return "done";
      }
      this.result.stopReason ??= this.#stopRule.reason;
      const isPending = !isLast && mayStillArrive(reconciliation);
      const isConflict = !isLast && !isPending && this.#mayFreeValues && isRefusedAsConflict(reconciliation);
      if (isConflict) this.#conflicts.add(change);
      if (isPending || isConflict) this.#pending.set(change, reconciliation);
      else this.#record(change, reconciliation);
      return isPending ? "pending" : isConflict ? "conflict" : "done";
    } catch (thrown) {
      this.#recordThrown(change, thrown);
      return "done";
    }
  }

  async #reconcile(change: Change, first: Reconciliation | undefined): Promise<Reconciliation | undefined> {
    const { oplead, ledger, resend, lateUntil, now } = this.#target;
    const { signal, queue } = this.#options;
    const { content, retry, revision, parent, open } = change;
    const testMode = this.#testMode;
    const expectedRevision = first?.revision ?? revision;
    const retryHeld = retry === true || !this.#conflicts.has(change) ? retry : [...retry, "user" as const];
    const doubtedAt = first ? undefined : open.doubtedAt;
    const options = { resend, expectedRevision, doubtedAt, parent, retryHeld, runId: this.#runId };
    // A worker would need the whole user, which the source no longer gives.
    const reconciliation =
      queue && !content.rulesOnly
        ? await this.#reconcileInQueue(queue, change, options)
        : await reconcileContent(oplead, ledger, content, { signal, testMode }, { ...options, lateUntil, now });
    if (!reconciliation) return undefined;
    for (const _step of reconciliation.applied) this.#stopRule.succeeded();
    for (const { error, held } of reconciliation.failed) {
      if (error.code !== "aborted") this.#stopRule.failed(error, held);
    }
    if (change.freesValue && reconciliation.applied.includes("user")) this.#hasFreedValue = true;
    // A test leaves the ledger as it is, so nothing is held from then on.
    const failed = reconciliation.failed.map((step) => ({ ...step, held: step.held && !testMode }));
    return together(first, { ...reconciliation, failed });
  }

  /** A worker sends the user. Where another job was faster with a newer state, the ledger has the id. */
  async #reconcileInQueue(
    queue: SyncQueue,
    { content }: Change,
    options: SendOptions,
  ): Promise<Reconciliation | undefined> {
    const { oplead, ledger } = this.#target;
    const { signal, drain } = this.#options;
    const how = { ...options, signal, drain, testMode: this.#testMode, platform: platformOf(oplead) };
    const reconciliation = await queue.reconcileUser(sourceUserOf(content), how);
    if (!reconciliation || reconciliation.id !== undefined) return reconciliation;
    const entry = await ledger.get(content.accountNumber);
    return { ...reconciliation, id: entry?.id };
  }

  #record(change: Change, reconciliation: Reconciliation): void {
    const { planned, open } = change;
    const { accountNumber, record, row } = planned;
    const { counts, unverifiable, held, stale } = this.result;
    this.result.requests += reconciliation.requests;
    this.result.retries += reconciliation.retries;
    for (const step of reconciliation.unverifiable) {
      unverifiable.push({ record, row, accountNumber, step, dependsOn: accountNumber });
    }
    for (const step of reconciliation.held) {
      if (!open.held.some((known) => known.step === step.step)) held.push(heldUser(accountNumber, planned, step));
    }
    if (reconciliation.outcome === "stale") stale.push(accountNumber);
    const isSent = !reconciliation.failed.some(({ step }) => step === "user");
    if (reconciliation.id !== undefined && (isSent || planned.movedFrom === undefined))
      this.#arrived.add(accountNumber);
    else this.#noteRoot(change, becauseOf(reconciliation));
    // Oplead has forgotten the new number, as it forgets a user that a test created.
    if (this.#testMode && planned.movedFrom !== undefined) this.#onlyInTests.set(accountNumber, true);
    if (!change.hasEntry && reconciliation.revision > 0) this.result.newEntries += 1;
    if (reconciliation.failed.some(({ error }) => isAborted(error))) {
      this.#skip(change, "aborted");
      return;
    }

    for (const failed of reconciliation.failed) this.#fail(change, failed);
    const outcome = outcomeOf(reconciliation);
    // Of a user that was sent or compared; only users that were not have the other outcomes.
    counts[outcome.outcome as keyof typeof counts] += 1;
    this.#tell(change, outcome);
  }

  /** A reconciliation throws if the signal ends it, or if the ledger fails, without which nothing can go on. */
  #recordThrown(change: Change, thrown: unknown): void {
    const error = isOpleadError(thrown) ? thrown : ledgerError("A reconciliation broke off.", thrown);
    const first = this.#pending.get(change);
    this.result.requests += (first?.requests ?? 0) + (error.attempts ?? 0);
    if (error.code === "aborted") {
      this.#skip(change, "aborted");
      return;
    }
    const failed = { step: "user", error, held: false } as const;
    this.#noteRoot(change, "failed");
    this.#fail(change, failed);
    this.result.counts.failed += 1;
    const { code, message: problem } = error;
    if (code === "ledger_unavailable") this.result.stopReason ??= tellStop("ledger_failed", { problem });
    if (code === "queue_unavailable") this.result.stopReason ??= tellStop(code, { problem });
    this.#tell(change, { outcome: "failed", failures: failuresOf([failed]), requestIds: first?.requestIds ?? [] });
  }

  /** Oplead would refuse the user, because it does not know the parent that this test created. */
  #cannotVerify(change: Change, parent: string): void {
    const { accountNumber, record, row } = change.planned;
    this.result.unverifiable.push({ record, row, accountNumber, step: "user", dependsOn: parent });
    this.#arrived.add(accountNumber);
    this.#onlyInTests.set(accountNumber, true);
    this.#tell(change, { outcome: "unverifiable" });
  }

  #skip(change: Change, reason: SyncSkip["reason"], parent?: string): void {
    const { accountNumber, record, row } = change.planned;
    const root = parent === undefined ? undefined : (this.#roots.get(parent) ?? unsent(parent));
    if (root) this.#roots.set(accountNumber, root);
    this.result.skipped.push({ record, row, accountNumber, reason, parent, root });
    this.#tell(change, { outcome: "skipped" });
  }

  /** Notes why users below this one will wait. If its own parent is not known, it is that one that they wait for. */
  #noteRoot({ planned, content, parent, last }: Change, because: WaitingRoot["because"]): void {
    const { accountNumber, record, row } = planned;
    const { parentUserIdentifier: named } = content.user;
    const isUnknown = last && because === "held" && parent === undefined && named !== undefined;
    const root = { record: -1, row: undefined, accountNumber: String(named), because: "unknown" } as const;
    this.#roots.set(accountNumber, isUnknown ? root : { record, row, accountNumber, because });
  }

  #fail({ planned }: Change, { step, error, held }: FailedStep): void {
    this.result.failures.push(failureOf(planned, step, error, held));
    const what = `${who(planned.accountNumber)} ${step}: ${answerOf(error)}`;
    this.#logger?.warn(`oplead-sdk: ${what}${held ? ", held until its content changes" : ""}`, {
      event: "step_failed",
      accountNumber: showIdentity(planned.accountNumber),
      run: this.#runId,
      step,
      code: error.code,
      status: error.status,
      held,
    });
  }

  #tell({ planned }: Change, what: Pick<UserOutcome, "outcome"> & Partial<UserOutcome>): void {
    const { record, row, accountNumber, id, fields, rules } = planned;
    const nothing = { runId: this.#runId, testMode: this.#testMode, applied: [], failures: [], requestIds: [] };
    const told = { record, row, accountNumber, id, ...nothing, ...what, fields, rules, final: true };
    this.#onUser?.(told);
    this.#progress(told.outcome === "skipped" ? "skipped" : told.failures.length > 0 ? "failed" : "arrived");
  }
}

/** A parent that is not in Oplead, of which nothing more is known. */
function unsent(accountNumber: string): WaitingRoot {
  return { record: -1, row: undefined, accountNumber, because: "failed" };
}

/** Why a user that was sent is not in Oplead. */
function becauseOf({ outcome, failed, held }: Reconciliation): WaitingRoot["because"] {
  if (outcome === "stale") return "stale";
  return held.length > 0 || failed.some((step) => step.held) ? "held" : "failed";
}

function isRefusedAsConflict({ failed }: Reconciliation): boolean {
  return failed.some(({ step, error, held }) => held && mayBeConflict(step, error.status));
}

/** Whether another attempt with the same content may succeed. */
function mayStillArrive({ failed }: Reconciliation): boolean {
  return failed.some(({ error, held }) => error.retryable && !held);
}

/** Whether the caller ended the run. The end of a lease can be retried. */
function isAborted({ code, retryable }: OpleadError): boolean {
  return code === "aborted" && !retryable;
}
