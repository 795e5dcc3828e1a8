import { boolean, type Form, type FormsOf, list, number, object, optional, text, whole, word } from "../core/form.ts";
import type { Outcome } from "../core/outcomes.ts";
import type { LedgerPlatform } from "../ledger/ledger.ts";
import type { StepFailure } from "../reconcile/reconciliation.ts";
import type { RuleName } from "../rules/rules.ts";

export const AUDIT_FORM = 2;

/** The sender of the users: a command that runs a plan, the webhook (`serve`), or a worker of the queue. */
export type AuditOrigin = "sync" | "apply" | "retry" | "test" | "serve" | "worker";

/** The fields of every line of an audit file. */
export interface AuditLineBase {
  /** {@link readAudit} refuses a line of an unknown version. */
  readonly version: 2;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly origin: AuditOrigin;
}

/** A run begins. The line is written before the source is read. */
export interface RunStartedLine extends AuditLineBase {
  readonly event: "run_started";
  /** `runId` of the report. */
  readonly run: string;
  /** The platform of the config. The line `run_planned` has the one that the run confirmed. */
  readonly platform?: LedgerPlatform | undefined;
  /** `OPLEAD_OPERATOR`, else the user of the operating system. */
  readonly operator: string;
  readonly host: string;
  readonly packageVersion: string;
}

/** A run has a plan that passed the guard, and begins to send. A run that ends earlier does not write this line. */
export interface RunPlannedLine extends AuditLineBase {
  readonly event: "run_planned";
  readonly run: string;
  readonly platform: LedgerPlatform;
  /** Hash of the plan. */
  readonly plan: string;
  /** The file that was read in place of the source. */
  readonly sourceFile?: string | undefined;
  /** Users with something to send. */
  readonly changes: number;
  /**
   * Why the plan was applied despite the guard's findings: `--approve`; `earlier approval`, if the run continues an
   * approved first run; `guard: false`.
   */
  readonly approvedBy: readonly string[];
  /** Codes of the guard's findings, also of those that were approved. */
  readonly findings: readonly string[];
}

/** A run has ended, even if it sent nothing. */
export interface RunEndedLine extends AuditLineBase {
  readonly event: "run_ended";
  readonly run: string;
  /**
   * The status of the report, or: `refused`, if the guard refused the plan; `failed`, if there is no report; `killed`,
   * which the next run notes.
   */
  readonly status: "complete" | "partial" | "stopped" | "paused" | "aborted" | "refused" | "failed" | "killed";
  /** Undefined if the run was killed. */
  readonly exitCode?: number | undefined;
  /** Why the run was stopped, refused or failed. */
  readonly code?: string | undefined;
  readonly plan?: string | undefined;
  readonly sourceFile?: string | undefined;
  readonly testMode: boolean;
  /**
   * True if the run was for a part of the users: `--only`, `--limit`, or an older plan that was approved. The ledger
   * does not count such runs.
   */
  readonly part?: boolean | undefined;
  /** Users by outcome; empty if the run sent nothing. */
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  readonly requests: number;
  readonly durationMs: number;
  /** Codes of the guard's findings. */
  readonly findings: readonly string[];
  /** Problems that the run before did not have; `knownProblems`: those that it had. */
  readonly newProblems?: number | undefined;
  readonly knownProblems?: number | undefined;
  readonly problems?: Readonly<Partial<Record<Outcome, { readonly new: number; readonly known: number }>>> | undefined;
  /** Leavers that are certain and not dealt with. Undefined for a source of changes, and without a report. */
  readonly leaversDue?: number | undefined;
  /** Entries of the ledger at the end of its last complete run. */
  readonly entries?: number | undefined;
}

/** The outcome of one user. */
export interface UserLine extends AuditLineBase {
  readonly event: "user";
  /** Undefined for users of a webhook or a queue. */
  readonly run?: string | undefined;
  /** Id of the webhook's delivery. */
  readonly delivery?: string | undefined;
  readonly accountNumber: string;
  /** The Oplead ID. */
  readonly id?: string | undefined;
  readonly outcome: Outcome;
  /** Top-level fields that were sent because they differ. */
  readonly fields: readonly string[];
  readonly rules: readonly RuleName[];
  readonly failed: readonly StepFailure[];
  /** Request ids of Oplead, also of successes. */
  readonly requestIds: readonly string[];
  readonly testMode: boolean;
  /** Problems of an invalid record. */
  readonly issues?: readonly { readonly path: string; readonly code: string }[] | undefined;
  /** True if the sender was killed after Oplead's answer, so that another process wrote the line. */
  readonly killed?: boolean | undefined;
}

/** A line of an audit file. Its only personal data is the account number. */
export type AuditLine = RunStartedLine | RunPlannedLine | RunEndedLine | UserLine;

type LineForms = { readonly [Event in AuditLine["event"]]: Form<Extract<AuditLine, { event: Event }>> };

// Account numbers are not hidden, so that users can be found.
export const AUDIT_LINES: LineForms = /* @__PURE__ */ lineForms();

function lineForms(): LineForms {
  const base: FormsOf<AuditLineBase> = {
    version: number(),
    time: text(),
    origin: word("sync", "apply", "retry", "test", "serve", "worker"),
  };

  const platform = object<LedgerPlatform>({ baseUrl: text(), name: optional(text()) });
  return {
    run_started: object<RunStartedLine>({
      ...base,
      event: word("run_started"),
      run: text(),
      platform: optional(platform),
      operator: text(),
      host: text(),
      packageVersion: text(),
    }),
    run_planned: object<RunPlannedLine>({
      ...base,
      event: word("run_planned"),
      run: text(),
      platform,
      plan: text(),
      sourceFile: optional(text()),
      changes: number(),
      approvedBy: list(text()),
      findings: list(text()),
    }),
    run_ended: object<RunEndedLine>({
      ...base,
      event: word("run_ended"),
      run: text(),
      status: word("complete", "partial", "stopped", "paused", "aborted", "refused", "failed", "killed"),
      exitCode: optional(number()),
      code: optional(text()),
      plan: optional(text()),
      sourceFile: optional(text()),
      testMode: boolean(),
      part: optional(boolean()),
      // numbers only, so no personal data
      counts: whole(),
      requests: number(),
      durationMs: number(),
      findings: list(text()),
      newProblems: optional(number()),
      knownProblems: optional(number()),
      // numbers only, so no personal data
      problems: whole(),
      leaversDue: optional(number()),
      entries: optional(number()),
    }),
    user: object<UserLine>({
      ...base,
      event: word("user"),
      run: optional(text()),
      delivery: optional(text()),
      accountNumber: text(),
      id: optional(text()),
      outcome: text(),
      fields: list(text()),
      rules: list(text()),
      failed: list(
        object<StepFailure>({
          step: text(),
          code: text(),
          status: optional(number()),
          held: boolean(),
          requestId: optional(text()),
        }),
      ),
      requestIds: list(text()),
      testMode: boolean(),
      issues: optional(list(object({ path: text(), code: text() }))),
      killed: optional(boolean()),
    }),
  };
}
