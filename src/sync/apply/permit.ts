import { OpleadError } from "../../core/errors.ts";
import { canonicalJson } from "../../core/hash.ts";
import { describe } from "../../ledger/bind.ts";
import { tellGuard } from "../../locales/en/sync.ts";
import { type FigureKind, GUARD_FIGURES } from "../plan/guard.ts";
import { findingsNow } from "../plan/guard-plan.ts";
import type { PreparedPlan } from "../plan/planning.ts";
import type { GuardFinding } from "../types/messages.ts";
import type { SavedPlan, SyncPlan } from "../types/plan.ts";
import type { Run } from "./run.ts";

export type Approved = string | SavedPlan | undefined;

// Returns the reasons against the run, which were approved or do not stop a test. Throws if others remain.
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

async function policyFindings(
  { policies }: PreparedPlan,
  { options, selection }: Run,
): Promise<readonly GuardFinding[]> {
  if (!policies) return [];
  if (!selection.isPartial) return policies.refusals;
  // This module is loaded already: policies have judged the plan.
  const { policiesOnPlan } = await import("../plan/policies.ts");
  return (await policiesOnPlan(options.policies, policies.basis, selection)).refusals;
}

function mismatchOf(approved: Approved, { hash, platform, testMode }: SyncPlan): GuardFinding | undefined {
  if (typeof approved !== "object") {
    return approved === undefined || approved === hash ? undefined : tellGuard("other_plan");
  }
  const [saved, current] = [describe(approved.platform), describe(platform)];
  if (saved !== current) return tellGuard("other_platform", { saved, current });
  return approved.testMode === testMode ? undefined : tellGuard("other_test_mode", { saved: approved.testMode });
}

// Once a webhook writes into a lost ledger, the guard compares with the few users in it, and gives `mass_new` instead.
function isSameLoss(finding: GuardFinding, { refusals, counts }: Pick<SavedPlan, "refusals" | "counts">): boolean {
  const wasLost = refusals.some(({ code }) => code === "first_run" || code === "ledger_shrunk");
  return wasLost && finding.code === "mass_new" && finding.parameters.added <= counts.new;
}

// An approval also covers a finding about fewer users.
export function isCovered(finding: GuardFinding, seen: readonly GuardFinding[]): boolean {
  // A part of the changes may lose something else: the findings must be equal.
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

/** Thrown if a plan is refused. Nothing was sent. */
export class SyncGuardError extends OpleadError {
  override readonly name: string = "SyncGuardError";
  /** Every reason against the plan. */
  readonly findings: readonly GuardFinding[];
  /** The hash of the plan. A person who has read the plan approves it by this hash. */
  readonly hash: string;
  /** The refused plan, to read or to apply after an approval. Not enumerable. */
  declare readonly plan: SyncPlan;

  constructor(plan: SyncPlan, findings: readonly GuardFinding[]) {
    const why = findings.map(({ message }) => `  - ${message}`).join("\n");
    // The full text is written by code that is imported when needed, and an error must not wait.
    const read = `The plan in full: await error.plan.render("text")`;
    super("sync_refused", `The plan was not applied; nothing was sent.\n${why}\n\n${plan}\n${read}`, {
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
