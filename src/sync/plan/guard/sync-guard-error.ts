import { OpleadError } from "../../../base/errors.ts";
import type { SyncPlan } from "../../types/plan.ts";
import type { GuardFinding } from "../../types/records.ts";

/** A plan that was refused before anything was sent. */
export class SyncGuardError extends OpleadError {
  override readonly name: string = "SyncGuardError";
  /** Everything that speaks against the plan. */
  readonly findings: readonly GuardFinding[];
  /** The plan's hash: what an approval names after the plan has been read. */
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
