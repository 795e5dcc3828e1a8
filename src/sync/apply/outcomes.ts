import { internalsOf } from "../../client/client-state.ts";
import type { FailedStep, OpleadFailure } from "../../core/errors.ts";
import { type OpleadLogger, observer } from "../../core/log.ts";
import { showIdentity } from "../../core/redact.ts";
import type { Reconciliation } from "../../reconcile/reconciliation.ts";
import { isAborted, mayBeConflict, namedFields, outcomeOf, type UserOutcome } from "../../reconcile/reconciliation.ts";
import { adviceFor, caseOfError } from "../advice.ts";
import type { Change } from "../plan/judge.ts";
import { answerOf, who } from "../show.ts";
import { type Finding, type FindingDetails, NO_RECORD, type PlacedUser, type WaitingRoot } from "../types/findings.ts";
import type { StopReason } from "../types/messages.ts";
import type { ApplyOptions, SyncProgress } from "../types/options.ts";
import type { PlannedUser } from "../types/records.ts";
import type { Run } from "./run.ts";

export type RunResult = ReturnType<typeof emptyResult>;

export function emptyResult() {
  return {
    counts: { created: 0, updated: 0, refreshed: 0, unchanged: 0, incomplete: 0, failed: 0, held: 0, stale: 0 },
    // `held`: steps refused since the plan was made.
    findings: [] as Finding[],
    newEntries: 0,
    // Users whose entries need no further write.
    noted: new Set<string>(),
    // Unchanged users that Oplead has accepted again, and the fields that its answers have otherwise.
    confirmed: new Set<string>(),
    differing: new Map<string, readonly string[]>(),
    requests: 0,
    retries: 0,
    stopReason: undefined as StopReason | undefined,
  };
}

// Records each user once.
export class Outcomes {
  readonly result: RunResult = emptyResult();
  readonly #run: Pick<Run, "runId" | "testMode">;
  readonly #logger: OpleadLogger | undefined;
  readonly #onUser: ApplyOptions["onUser"];
  readonly #progress: ReturnType<typeof progressOf>;
  // By a parent's account number, the user that its children wait for.
  readonly #roots = new Map<string, WaitingRoot>();

  constructor({ runId, testMode, oplead, options, selection }: Run) {
    const { settings, clock } = internalsOf(oplead).transport;
    this.#run = { runId, testMode };
    this.#logger = settings.logger;
    this.#onUser = observer(settings.logger)("onUser", options.onUser);
    const total = selection.changes.length + selection.refreshes.length;
    this.#progress = progressOf(total, clock.now);
  }

  record(change: Change, reconciliation: Reconciliation): void {
    const { planned, open } = change;
    const { accountNumber, record, row } = planned;
    const { counts, findings } = this.result;
    this.result.requests += reconciliation.requests;
    this.result.retries += reconciliation.retries;
    for (const step of reconciliation.unverifiable) {
      findings.push({ kind: "unverifiable", record, row, accountNumber, step, dependsOn: accountNumber });
    }
    for (const { step, error, since } of reconciliation.held) {
      if (open.held.some((known) => known.step === step)) continue;
      const { code, status } = error;
      const takenBy = takenByOf(change, step, status);
      const fields = namedFields(error);
      findings.push({ kind: "held", record, row, accountNumber, step, code, status, fields, takenBy, since });
    }
    if (reconciliation.outcome === "stale") findings.push({ kind: "stale", record, row, accountNumber });
    const isKnown = reconciliation.id !== undefined || reconciliation.failed.some((step) => step.held);
    if (!change.isKnown && isKnown) this.result.newEntries += 1;
    if (reconciliation.failed.some(({ error }) => isAborted(error))) {
      this.skip(change, "aborted");
      return;
    }
    for (const failed of reconciliation.failed) this.#fail(change, failed);
    const outcome = this.#refreshed(change, outcomeOf(reconciliation));
    // Safe: `counts` has every outcome of a user that was compared or sent.
    counts[outcome.outcome as keyof typeof counts] += 1;
    this.#tell(change, outcome);
  }

  #refreshed({ planned }: Change, outcome: UserOutcome): UserOutcome {
    if (planned.kind !== "refreshed" || outcome.outcome !== "updated") return outcome;
    const { accountNumber, differs = [] } = outcome;
    this.result.confirmed.add(accountNumber);
    if (differs.length > 0) this.result.differing.set(accountNumber, differs);
    return { ...outcome, outcome: "refreshed" };
  }

  // `first`: result of an earlier attempt of this run.
  recordThrown(change: Change, error: OpleadFailure, first: Reconciliation | undefined): void {
    this.result.requests += (first?.requests ?? 0) + (error.requests ?? 0);
    if (error.code === "aborted") {
      this.skip(change, "aborted");
      return;
    }
    const failed = { step: "user", error, held: false } as const;
    this.noteRoot(change, "failed");
    this.#fail(change, failed);
    this.result.counts.failed += 1;
    const requests = (first?.requests ?? 0) + (error.requests ?? 0);
    this.#tell(change, {
      ...this.#untouched(change, "failed", [failed]),
      requests,
      requestIds: first?.requestIds ?? [],
    });
  }

  // Test mode cannot check a user whose parent was created in this test only: Oplead has forgotten the parent.
  cannotVerify(change: Change, parent: string): void {
    const { accountNumber, record, row } = change.planned;
    this.result.findings.push({ kind: "unverifiable", record, row, accountNumber, step: "user", dependsOn: parent });
    this.#tell(change, this.#untouched(change, "unverifiable"));
  }

  skip(change: Change, reason: FindingDetails["skipped"]["reason"]): void {
    const { accountNumber, record, row } = change.planned;
    this.result.findings.push({ kind: "skipped", record, row, accountNumber, reason });
    this.#tell(change, this.#untouched(change, "skipped"));
  }

  waits(change: Change, parent: string): void {
    const { accountNumber, record, row } = change.planned;
    const root = this.#roots.get(parent) ?? unsent(parent);
    this.#roots.set(accountNumber, root);
    this.result.findings.push({ kind: "waiting", record, row, accountNumber, parent, root });
    this.#tell(change, this.#untouched(change, "skipped"));
  }

  // `waitsFor`: parent that Oplead perhaps lacks. If neither source nor ledger knows it, the users below wait for it.
  noteRoot({ planned, parent }: Change, because: WaitingRoot["because"], waitsFor?: string): void {
    const { accountNumber, record, row } = planned;
    const root: WaitingRoot =
      because === "held" && parent === undefined && waitsFor !== undefined
        ? { ...NO_RECORD, accountNumber: waitsFor, because: "unknown" }
        : { record, row, accountNumber, because };
    this.#roots.set(accountNumber, root);
  }

  #fail(change: Change, { step, error, held = false }: FailedStep): void {
    const { planned } = change;
    const { status } = error;
    this.result.findings.push(failureOf(planned, step, error, held, takenByOf(change, step, status)));
    const what = `${who(planned.accountNumber)} ${step}: ${answerOf(error)}`;
    this.#logger?.warn(`oplead-sdk: ${what}${held ? ", held until its content changes" : ""}`, {
      event: "step_failed",
      accountNumber: showIdentity(planned.accountNumber),
      run: this.#run.runId,
      step,
      code: error.code,
      status: error.status,
      held,
    });
  }

  #untouched(
    { planned }: Change,
    outcome: "failed" | "unverifiable" | "skipped",
    failed: FailedStep[] = [],
  ): UserOutcome {
    const result = {
      accountNumber: planned.accountNumber,
      id: planned.id,
      outcome,
      final: true,
      testMode: this.#run.testMode,
      fields: planned.fields,
      applied: [],
      failed,
      held: [],
      requests: 0,
      requestIds: [],
    };
    return result as unknown as UserOutcome; // Safe: `failed` comes with its step.
  }

  #tell({ planned }: Change, outcome: UserOutcome): void {
    const { record, row, fields, rules } = planned;
    const hasFailed = outcome.failed.length > 0;
    const progress = this.#progress(outcome.outcome === "skipped" ? "skipped" : hasFailed ? "failed" : "arrived");
    this.#onUser?.({ ...outcome, runId: this.#run.runId, record, row, fields, rules, final: true }, progress);
  }
}

// A parent that was left out by `only`, or is still in a queue.
function unsent(accountNumber: string): WaitingRoot {
  return { ...NO_RECORD, accountNumber, because: "not_sent" };
}

function takenByOf({ takenBy }: Change, step: FailedStep["step"], status: number | undefined): PlacedUser | undefined {
  return mayBeConflict(step, status) ? takenBy : undefined;
}

function failureOf(
  { record, row, accountNumber }: PlannedUser,
  step: FailedStep["step"],
  error: OpleadFailure,
  held: boolean,
  takenBy: PlacedUser | undefined,
): Finding<"failed"> {
  const { code, status, requestId, message } = error;
  const advice = adviceFor(caseOfError(error, step));
  const fields = namedFields(error);
  const user = { kind: "failed", record, row, accountNumber } as const;
  const failure = { ...user, step, code, status, requestId, held, fields, takenBy, message, advice };
  return Object.defineProperty(failure, "error", { get: () => error }) as Finding<"failed">;
}

export function progressOf(total: number, now: () => number) {
  const startedAt = now();
  const amounts = { done: 0, failed: 0, skipped: 0 };
  return (outcome: "arrived" | "failed" | "skipped"): SyncProgress => {
    amounts.done += 1;
    if (outcome !== "arrived") amounts[outcome] += 1;
    const elapsed = now() - startedAt;
    const rate = elapsed > 0 ? (amounts.done / elapsed) * 1000 : 0;
    // The first users are sent one at a time.
    const etaMs =
      rate > 0 && amounts.done * 20 >= total ? Math.round(((total - amounts.done) / rate) * 1000) : undefined;
    return { ...amounts, total, rate, etaMs };
  };
}
