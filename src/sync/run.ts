import type { Oplead } from "../api.ts";
import { isOpleadError } from "../errors.ts";
import { type Delivery, deliver, type FailedStep, type Ledger, ledgerError } from "../ledger/index.ts";
import { adviceFor } from "./advice.ts";
import type { Change } from "./draft.ts";
import type { Health, StopReason } from "./health.ts";
import type { Progress } from "./progress.ts";
import type { SyncFailure, SyncSkip, Unverifiable } from "./report.ts";

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
        running.deliver(change).then(() => {
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
  /** New users that are in Oplead now; in test mode, that would be. */
  readonly #arrived = new Set<string>();
  readonly result: RunResult = {
    counts: { created: 0, updated: 0, unchanged: 0, incomplete: 0, failed: 0, held: 0, stale: 0 },
    failures: [],
    skipped: [],
    unverifiable: [],
    requests: 0,
    retries: 0,
    stopReason: undefined,
  };

  constructor(options: RunOptions) {
    this.#options = options;
  }

  async deliver(change: Change): Promise<void> {
    const { accountNumber } = change.planned;
    const { oplead, ledger, testMode, signal, now, health, progress } = this.#options;
    const { newParent } = change;
    let failed = false;
    if (signal?.aborted) this.#skip(accountNumber, "aborted");
    else if (this.result.stopReason) this.#skip(accountNumber, "stopped");
    else if (newParent !== undefined && !this.#arrived.has(newParent)) this.#skip(accountNumber, "parent", newParent);
    else {
      try {
        const { source, retryHeld } = change;
        failed = this.#settle(change, await deliver(oplead, ledger, source, { signal, testMode, retryHeld, now }));
      } catch (thrown) {
        failed = this.#settleThrown(accountNumber, thrown);
      }
      this.result.stopReason ??= health.stopReason;
    }
    progress.step(failed);
  }

  /** Whether something of it failed. */
  #settle(change: Change, delivery: Delivery): boolean {
    const { accountNumber } = change.planned;
    const { counts, unverifiable } = this.result;
    const { health, testMode } = this.#options;
    this.result.requests += delivery.requests;
    this.result.retries += delivery.retries;
    for (const _step of delivery.applied) health.succeeded();
    for (const step of delivery.unverifiable) unverifiable.push({ accountNumber, step, dependsOn: accountNumber });

    // Oplead refuses a child whose parent a test has created, because it has forgotten the parent. What else it might
    // have against it cannot be known.
    const [first] = delivery.failed;
    if (testMode && change.newParent !== undefined && first?.step === "user" && first.held) {
      unverifiable.push({ accountNumber, step: "user", dependsOn: change.newParent });
      this.#arrived.add(accountNumber);
      return false;
    }
    if (delivery.outcome !== "failed" && delivery.outcome !== "held") this.#arrived.add(accountNumber);
    if (delivery.failed.some(({ error }) => error.code === "aborted")) {
      this.#skip(accountNumber, "aborted");
      return false;
    }
    for (const failed of delivery.failed) {
      health.failed(failed.error, failed.held);
      this.#fail(accountNumber, failed);
    }
    counts[delivery.failed.length > 0 && delivery.applied.length > 0 ? "incomplete" : delivery.outcome] += 1;
    return delivery.failed.length > 0;
  }

  /** What a delivery throws is not about a step: the signal, or a ledger without which nothing can go on. */
  #settleThrown(accountNumber: string, thrown: unknown): boolean {
    if (isOpleadError(thrown) && thrown.code === "aborted") {
      this.#skip(accountNumber, "aborted");
      return false;
    }
    const error = isOpleadError(thrown) ? thrown : ledgerError("The ledger failed.", thrown);
    this.#fail(accountNumber, { step: "user", error, held: false });
    this.result.counts.failed += 1;
    if (error.code === "invalid_input" || error.code === "timeout") return true;
    const message = `The ledger failed: ${error.message} Without it nothing can be remembered; mend it and run again.`;
    this.result.stopReason ??= { code: "ledger_failed", message };
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
