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

/** The plan that was approved: by its hash, or as it was saved. */
export type Approved = string | SavedPlan | undefined;

/**
 * Allows a run, or throws. Returns the reasons against the run: each is approved, or the run is in test mode.
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

/** The findings of policies about a run. If the run sends the whole plan, they are the findings of the plan. */
async function policyFindings(
  { policies }: PreparedPlan,
  { options, selection }: Run,
): Promise<readonly GuardFinding[]> {
  if (!policies) return [];
  if (!selection.isPartial) return policies.refusals;
  // Loaded since the plan was made: a plan with policies was judged by them.
  const { policiesOnPlan } = await import("../plan/policies.ts");
  return (await policiesOnPlan(options.policies, policies.basis, selection)).refusals;
}

/** Why an approval does not fit this plan; undefined if it fits. */
function mismatchOf(approved: Approved, { hash, platform, testMode }: SyncPlan): GuardFinding | undefined {
  if (typeof approved !== "object") {
    return approved === undefined || approved === hash ? undefined : tellGuard("other_plan");
  }
  const [saved, current] = [describe(approved.platform), describe(platform)];
  if (saved !== current) return tellGuard("other_platform", { saved, current });
  return approved.testMode === testMode ? undefined : tellGuard("other_test_mode", { saved: approved.testMode });
}

/**
 * Whether a `mass_new` finding reports the same loss of the ledger that the approved plan reported under another code.
 * The code changes once a webhook writes a user into the lost ledger: from then on the guard compares with the few
 * users in the ledger.
 */
function isSameLoss(finding: GuardFinding, { refusals, counts }: Pick<SavedPlan, "refusals" | "counts">): boolean {
  const wasLost = refusals.some(({ code }) => code === "first_run" || code === "ledger_shrunk");
  return wasLost && finding.code === "mass_new" && finding.parameters.added <= counts.new;
}

/**
 * Whether a reason that a person has seen covers a reason that is found now. It does if both are the same, or if fewer
 * users are concerned now: a run of some users sends only a part, and another process may have sent other users.
 */
export function isCovered(finding: GuardFinding, seen: readonly GuardFinding[]): boolean {
  // A policy may find a different loss if only a part of the changes is sent. So its finding must equal the finding
  // that was approved.
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
    // The message does not contain the plan's full text. The code that writes this text is imported only when it is
    // needed, and an error must not wait for the import.
    const read = `The plan in full: await error.plan.toText()`;
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
