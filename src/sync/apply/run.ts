import type { Oplead } from "../../client/api.ts";
import { isOpleadError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ledgerError } from "../../ledger/ledger-error.ts";
import { type FailedStep, type Reconciliation, reconcileContent } from "../../reconcile/reconcile.ts";
import type { Change } from "../plan/draft.ts";
import { type HeldUser, heldUser, type StopReason } from "../records.ts";
import { adviceFor } from "../report/advice.ts";
import type { SyncFailure, SyncSkip, Unverifiable } from "../report.ts";
import { type Health, ledgerFailed } from "./health.ts";
import type { Progress } from "./progress.ts";

/** What a run needs besides its changes. */
export interface RunOptions {
  readonly oplead: Oplead;
  readonly ledger: Ledger;
  readonly testMode: boolean;
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  readonly health: Health;
  readonly progress: Progress;
  readonly now: () => number;
}

/** What became of the changes. */
export interface RunResult {
  readonly counts: Record<"created" | "updated" | "unchanged" | "incomplete" | "failed" | "held" | "stale", number>;
  readonly failures: SyncFailure[];
  readonly skipped: SyncSkip[];
  readonly unverifiable: Unverifiable[];
  /** Steps that were on hold when their turn came, and not yet when the plan was made. */
  readonly held: HeldUser[];
  requests: number;
  retries: number;
  stopReason: StopReason | undefined;
}

/** Delivers the changes: so many at once, a child only after its parent, and nobody held up by a stranger. */
export async function run(changes: readonly Change[], options: RunOptions): Promise<RunResult> {
  const running = new Run(options);
  const children = new Map<string, Change[]>();
  const ready: Change[] = [];
  for (const change of changes) {
    const { after } = change.planned;
    const line = after === undefined ? ready : (children.get(after) ?? []);
    line.push(change);
    if (after !== undefined) children.set(after, line);
  }
  await new Promise<void>((resolve, reject) => {
    let next = 0;
    let underWay = 0;
    const pump = (): void => {
      for (; underWay < options.concurrency && next < ready.length; next += 1) {
        const change = ready[next] as Change;
        underWay += 1;
        running.reconcile(change).then(() => {
          underWay -= 1;
          for (const child of children.get(change.planned.accountNumber) ?? []) ready.push(child);
          pump();
        }, reject);
      }
      if (underWay === 0 && next >= ready.length) resolve();
    };
    pump();
  });
  return running.result;
}

class Run {
  readonly #options: RunOptions;
  /** Users that are in Oplead now; in test mode, that would be. */
  readonly #arrived = new Set<string>();
  /** Those of them that a test has created, so that Oplead has forgotten them. */
  readonly #onlyInThisTest = new Set<string>();
  readonly result: RunResult = {
    counts: { created: 0, updated: 0, unchanged: 0, incomplete: 0, failed: 0, held: 0, stale: 0 },
    failures: [],
    skipped: [],
    unverifiable: [],
    held: [],
    requests: 0,
    retries: 0,
    stopReason: undefined,
  };

  constructor(options: RunOptions) {
    this.#options = options;
  }

  async reconcile(change: Change): Promise<void> {
    const { accountNumber } = change.planned;
    const { oplead, ledger, testMode, signal, now, health, progress } = this.#options;
    const { newParent, content, retryHeld } = change;
    let failed = false;
    if (signal?.aborted) this.#skip(accountNumber, "aborted");
    else if (this.result.stopReason) this.#skip(accountNumber, "stopped");
    else if (newParent !== undefined && !this.#arrived.has(newParent)) this.#skip(accountNumber, "parent", newParent);
    else {
      try {
        const reconciliation = await reconcileContent(oplead, ledger, content, { signal, testMode, retryHeld, now });
        failed = this.#settle(change, reconciliation);
      } catch (thrown) {
        failed = this.#settleThrown(accountNumber, thrown);
      }
      this.result.stopReason ??= health.stopReason;
    }
    progress.step(failed);
  }

  /** Whether something of it failed. */
  #settle({ planned, due, newParent }: Change, reconciliation: Reconciliation): boolean {
    const { accountNumber } = planned;
    const { counts, unverifiable, held } = this.result;
    const { health, testMode } = this.#options;
    this.result.requests += reconciliation.requests;
    this.result.retries += reconciliation.retries;
    for (const _step of reconciliation.applied) health.succeeded();
    for (const step of reconciliation.unverifiable)
      unverifiable.push({ accountNumber, step, dependsOn: accountNumber });
    for (const hold of reconciliation.held) {
      if (!due.held.some(({ step }) => step === hold.step)) held.push(heldUser(accountNumber, hold));
    }

    // Oplead refuses a child whose parent a test has created, because it has forgotten the parent. What else it might
    // have against it cannot be known.
    const [first] = reconciliation.failed;
    const hasForgottenParent = newParent !== undefined && this.#onlyInThisTest.has(newParent);
    if (hasForgottenParent && first?.step === "user" && first.held) {
      unverifiable.push({ accountNumber, step: "user", dependsOn: newParent });
      this.#arrived.add(accountNumber);
      this.#onlyInThisTest.add(accountNumber);
      return false;
    }
    if (reconciliation.id !== undefined) this.#arrived.add(accountNumber);
    if (testMode && reconciliation.outcome === "created") this.#onlyInThisTest.add(accountNumber);
    if (reconciliation.failed.some(({ error }) => error.code === "aborted")) {
      this.#skip(accountNumber, "aborted");
      return false;
    }
    for (const failed of reconciliation.failed) {
      health.failed(failed.error, failed.held);
      this.#fail(accountNumber, failed);
    }
    counts[
      reconciliation.failed.length > 0 && reconciliation.applied.length > 0 ? "incomplete" : reconciliation.outcome
    ] += 1;
    return reconciliation.failed.length > 0;
  }

  /** What a reconciliation throws is not about a step: the signal, or a ledger without which nothing can go on. */
  #settleThrown(accountNumber: string, thrown: unknown): boolean {
    const error = isOpleadError(thrown) ? thrown : ledgerError("A reconciliation broke off.", thrown);
    this.result.requests += error.attempts ?? 0;
    if (error.code === "aborted") {
      this.#skip(accountNumber, "aborted");
      return false;
    }
    this.#fail(accountNumber, { step: "user", error, held: false });
    this.result.counts.failed += 1;
    if (error.code === "ledger_unavailable") this.result.stopReason ??= ledgerFailed(error);
    return true;
  }

  #skip(accountNumber: string, reason: SyncSkip["reason"], parent?: string): void {
    this.result.skipped.push({ accountNumber, reason, parent });
  }

  #fail(accountNumber: string, { step, error, held }: FailedStep): void {
    const { code, status, requestId, message } = error;
    const advice = adviceFor(code, step, status);
    const failure = { accountNumber, step, code, status, requestId, held, message, advice };
    this.result.failures.push(Object.defineProperty(failure, "error", { get: () => error }) as SyncFailure);
  }
}
