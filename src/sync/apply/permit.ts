import { OpleadError } from "../../core/errors.ts";
import { canonicalJson } from "../../core/hash.ts";
import { describe } from "../../ledger/bind.ts";
import { tellGuard } from "../../locales/en/sync.ts";
import { type FigureKind, GUARD_FIGURES } from "../plan/guard.ts";
import { findingsNow } from "../plan/guard-plan.ts";
import type { PreparedPlan } from "../plan/planning.ts";
import { policiesOnPlan } from "../plan/policies.ts";
import type { SavedPlan, SyncPlan } from "../types/plan.ts";
import type { GuardFinding } from "../types/records.ts";
import type { Run } from "./open-run.ts";

/** The plan that was approved: by its hash, or as it was saved. */
export type Approved = string | SavedPlan | undefined;

/**
 * Lets a run pass, or throws. Gives the reasons against the run: all of them are approved, or the run is a test.
 *
 * @throws {@link SyncGuardError}
 */
export async function permit(
  plan: SyncPlan,
  prepared: PreparedPlan,
  run: Run,
  approved: Approved,
  ledgerWasJustRead: boolean,
): Promise<readonly GuardFinding[]> {
  const { testMode, options, selection } = run;
  const findings = [
    ...(await findingsNow(prepared.guard, selection, ledgerWasJustRead ? undefined : options.ledger)),
    ...(await policyFindings(prepared, run)),
  ];
  const mismatch = mismatchOf(approved, plan);
  if (mismatch) throw new SyncGuardError(plan, testMode ? [mismatch] : [mismatch, ...findings]);
  if (testMode) return findings;
  const shown = approved === undefined ? undefined : typeof approved === "object" ? approved : plan;
  const unseen = findings.filter(
    (finding) => !shown || !(isCovered(finding, shown.refusals) || isSameLoss(finding, shown)),
  );
  if (unseen.length > 0) throw new SyncGuardError(plan, unseen);
  return findings;
}

/** The findings of policies about a run. They are those of the plan, unless the run sends only a part of it. */
async function policyFindings(
  { policies }: PreparedPlan,
  { options, selection }: Run,
): Promise<readonly GuardFinding[]> {
  if (!policies) return [];
  if (!selection.isPartial) return policies.refusals;
  return (await policiesOnPlan(options.policies, policies.basis, selection)).refusals;
}

/** Why an approval does not belong to this plan; undefined if it does. */
function mismatchOf(approved: Approved, { hash, platform, testMode }: SyncPlan): GuardFinding | undefined {
  if (typeof approved !== "object") {
    return approved === undefined || approved === hash ? undefined : tellGuard("other_plan");
  }
  const [saved, current] = [describe(approved.platform), describe(platform)];
  if (saved !== current) return tellGuard("other_platform", { saved, current });
  return approved.testMode === testMode ? undefined : tellGuard("other_test_mode", { saved: approved.testMode });
}

/**
 * Whether the new users are those of a lost ledger that the plan has shown. Once an event has written a user into such
 * a ledger, the finding has another code, because the guard compares with the few users in it.
 */
function isSameLoss(finding: GuardFinding, { refusals, counts }: Pick<SavedPlan, "refusals" | "counts">): boolean {
  const wasLost = refusals.some(({ code }) => code === "first_run" || code === "ledger_shrunk");
  return wasLost && finding.code === "mass_new" && finding.parameters.added <= counts.new;
}

/**
 * Whether one of the reasons that a person has seen covers a reason that is found now: it is the same, or fewer users
 * are concerned, because a trial sends some of them and another process may have sent others.
 */
export function isCovered(finding: GuardFinding, seen: readonly GuardFinding[]): boolean {
  // A policy may find another loss in a part of the changes, so only the same finding is covered.
  const kinds: Readonly<Record<string, FigureKind>> = finding.code === "policy" ? {} : GUARD_FIGURES[finding.code];
  const now = Object.entries(finding.parameters);
  return seen.some(({ code, parameters }) => {
    const before: Readonly<Record<string, unknown>> = Object(parameters);
    return (
      code === finding.code && now.every(([name, value]) => isFigureCovered(kinds[name] ?? "same", value, before[name]))
    );
  });
}

function isFigureCovered(kind: FigureKind, now: unknown, before: unknown): boolean {
  switch (kind) {
    case "fewer":
      return Number(now) <= Number(before);
    case "more":
      return Number(now) >= Number(before);
    case "any":
      return true;
    case "same":
      return canonicalJson(now) === canonicalJson(before);
  }
}

/** A plan that was refused before anything was sent. */
export class SyncGuardError extends OpleadError {
  override readonly name: string = "SyncGuardError";
  /** Every reason against the plan. */
  readonly findings: readonly GuardFinding[];
  /** The plan's hash, which an approval names after the plan has been read. */
  readonly hash: string;
  /** The plan, to look at or to apply after all. Not enumerable. */
  declare readonly plan: SyncPlan;

  constructor(plan: SyncPlan, findings: readonly GuardFinding[]) {
    const why = findings.map(({ message }) => `  - ${message}`).join("\n");
    super("sync_refused", `The plan was not applied; nothing was sent.\n${why}\n\n${plan}`, {
      testMode: plan.testMode,
    });
    this.findings = findings;
    this.hash = plan.hash;
    Object.defineProperty(this, "plan", { value: plan, enumerable: false });
    Object.defineProperty(this, "name", { enumerable: false });
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), findings: this.findings, hash: this.hash };
  }
}
