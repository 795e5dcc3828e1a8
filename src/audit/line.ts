import {
  boolean,
  coded,
  type Form,
  type FormsOf,
  list,
  number,
  object,
  optional,
  text,
  whole,
  word,
} from "../core/form.ts";
import type { GuardFinding } from "../core/guard-finding.ts";
import type { Outcome } from "../core/outcomes.ts";
import type { LedgerPlatform } from "../ledger/ledger.ts";
import type { StepFailure } from "../reconcile/reconciliation.ts";
import type { RuleName } from "../rules/rules.ts";

export const AUDIT_FORM = 2;

export type AuditOrigin = "sync" | "apply" | "retry" | "test" | "serve" | "worker";

export interface AuditLineBase {
  readonly version: 2;
  readonly time: string;
  readonly origin: AuditOrigin;
}

export interface RunStartedLine extends AuditLineBase {
  readonly event: "run_started";
  readonly run: string;
  readonly platform?: LedgerPlatform | undefined;
  readonly operator: string;
  readonly host: string;
  readonly packageVersion: string;
}

export interface RunPlannedLine extends AuditLineBase {
  readonly event: "run_planned";
  readonly run: string;
  readonly platform: LedgerPlatform;
  readonly plan: string;
  readonly sourceFile?: string | undefined;
  readonly changes: number;
  readonly approvedBy: readonly string[];
  readonly findings: readonly string[];
}

export interface RunEndedLine extends AuditLineBase {
  readonly event: "run_ended";
  readonly run: string;
  readonly status: "complete" | "partial" | "stopped" | "paused" | "aborted" | "refused" | "failed" | "killed";
  readonly exitCode?: number | undefined;
  readonly code?: string | undefined;
  readonly plan?: string | undefined;
  readonly sourceFile?: string | undefined;
  readonly testMode: boolean;
  // True for a run of a part of the users, which the ledger does not count.
  readonly part?: boolean | undefined;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  readonly requests: number;
  readonly durationMs: number;
  readonly findings: readonly string[];
  // The findings with their figures, of a run that was refused.
  readonly refusals?: readonly GuardFinding[] | undefined;
  readonly newProblems?: number | undefined;
  readonly knownProblems?: number | undefined;
  readonly problems?: Readonly<Partial<Record<Outcome, { readonly new: number; readonly known: number }>>> | undefined;
  readonly leaversDue?: number | undefined;
  // Of the users that are sent again unchanged from time to time.
  readonly oldestConfirmedAt?: string | undefined;
  readonly entries?: number | undefined;
}

export interface UserLine extends AuditLineBase {
  readonly event: "user";
  readonly run?: string | undefined;
  readonly delivery?: string | undefined;
  readonly accountNumber: string;
  readonly id?: string | undefined;
  readonly outcome: Outcome;
  readonly fields: readonly string[];
  // Of Oplead's answer, with another value than was sent.
  readonly differs?: readonly string[] | undefined;
  readonly rules: readonly RuleName[];
  readonly failed: readonly StepFailure[];
  readonly requestIds: readonly string[];
  readonly testMode: boolean;
  readonly issues?: readonly { readonly path: string; readonly code: string }[] | undefined;
  readonly killed?: boolean | undefined;
}

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
      refusals: optional(list(coded())),
      newProblems: optional(number()),
      knownProblems: optional(number()),
      // numbers only, so no personal data
      problems: whole(),
      leaversDue: optional(number()),
      oldestConfirmedAt: optional(text()),
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
      differs: optional(list(text())),
      rules: list(text()),
      failed: list(
        object<StepFailure>({
          step: text(),
          code: text(),
          status: optional(number()),
          held: boolean(),
          requestId: optional(text()),
          fields: optional(list(text())),
        }),
      ),
      requestIds: list(text()),
      testMode: boolean(),
      issues: optional(list(object({ path: text(), code: text() }))),
      killed: optional(boolean()),
    }),
  };
}
