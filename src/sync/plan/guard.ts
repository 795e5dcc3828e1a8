import { OpleadError, type OpleadIssue } from "../../errors.ts";
import type { GuardOptions } from "../options.ts";
import type { SyncPlan } from "../plan.ts";
import type { GuardFinding, PlannedUser } from "../records.ts";
import { number } from "../text.ts";

/** A plan that was refused before anything was sent. */
export class SyncGuardError extends OpleadError {
  override readonly name: string = "SyncGuardError";
  /** Everything that speaks against it. */
  readonly findings: readonly GuardFinding[];
  /** The plan's hash. Who has read the plan and wants it approves this. */
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

/** What the guard looks at. */
export interface GuardFacts {
  /** Users that the ledger has and that were not missing before. */
  readonly population: number;
  /** Users in the source, those that cannot be sent included. */
  readonly inSource: number;
  readonly changes: readonly PlannedUser[];
  /** Users missing for the first time. */
  readonly newlyMissing: number;
  readonly incremental: boolean;
}

/** Every sign of an accident. An empty ledger is a first run, not an accident. */
export function guardFindings(options: GuardOptions | false, facts: GuardFacts): GuardFinding[] {
  const { population, inSource, changes, newlyMissing, incremental } = facts;
  if (options === false || population === 0) return [];
  const { maxChanged = 0.2, maxMoved = 0.05, minUsers = 100, allowEmptySource = false } = options;
  const findings: GuardFinding[] = [];
  if (inSource === 0 && !incremental && !allowEmptySource) {
    const message = `The source gave no user, and the ledger has ${number(population)}.`;
    findings.push({ code: "empty_source", message });
  }
  if (population < minUsers) return findings;

  const known = changes.filter(({ kind }) => kind === "changed");
  const moved = known.filter(({ fields }) => fields.includes("profile") || fields.includes("parentUserIdentifier"));
  const touched = known.length + newlyMissing;
  if (touched / population > maxChanged) {
    findings.push({
      code: "mass_change",
      message:
        `${percent(touched, population)} of ${number(population)} users would change or are missing ` +
        `(${number(known.length)} changed, ${number(newlyMissing)} missing); up to ${percent(maxChanged, 1)} is usual.`,
    });
  }
  if (moved.length / population > maxMoved) {
    findings.push({
      code: "mass_move",
      message:
        `${percent(moved.length, population)} of ${number(population)} users would get another profile or parent ` +
        `(${number(moved.length)}); up to ${percent(maxMoved, 1)} is usual.`,
    });
  }
  return findings;
}

/** What is wrong with the thresholds. */
export function guardIssues(options: GuardOptions | false): OpleadIssue[] {
  if (options === false) return [];
  const issues: OpleadIssue[] = [];
  for (const name of ["maxChanged", "maxMoved"] as const) {
    const share = options[name];
    if (share !== undefined && !(share >= 0 && share <= 1)) {
      issues.push({ path: `guard.${name}`, message: "must be a share from 0 to 1" });
    }
  }
  if (options.minUsers !== undefined && !(options.minUsers >= 0)) {
    issues.push({ path: "guard.minUsers", message: "must be 0 or more" });
  }
  return issues;
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toLocaleString("en", { maximumFractionDigits: 1 })} %`;
}
