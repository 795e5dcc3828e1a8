import { number } from "../../../base/words.ts";
import type { GuardOptions } from "../../types/options.ts";
import type { GuardFinding, MissingUser } from "../../types/records.ts";
import type { Change } from "../judge.ts";

/** What the guard looks at. */
export interface GuardFacts {
  /** Users that Oplead has, according to the ledger, and that were not missing before. */
  readonly population: number;
  /** How many of them the ledger can compare. Not those whose ids were imported without their content. */
  readonly comparable: number;
  /** Users in the source, those that cannot be sent included. */
  readonly inSource: number;
  /** Users of which the ledger has no id. */
  readonly new: number;
  /** Users that differ from what Oplead accepted. */
  readonly changed: number;
  /** How many of those get another profile or another parent. */
  readonly moved: number;
  /** Users that are missing for the first time. */
  readonly missing: number;
  readonly incremental: boolean;
  /** Whether the first run was interrupted: the users that it did not reach are new, and no accident. */
  readonly firstRunIsOpen: boolean;
}

/** What a plan is judged by, when it is made and again when it is applied. */
export interface GuardBasis {
  readonly options: GuardOptions | false;
  readonly facts: GuardFacts;
  /** What was found when the plan was made. */
  readonly findings: readonly GuardFinding[];
  /** Users that are missing for the first time. */
  readonly missing: readonly MissingUser[];
}

/** What the guard counts of changes. */
export function countChanges(changes: readonly Change[]): Pick<GuardFacts, "new" | "changed" | "moved"> {
  const created = changes.filter(({ planned }) => planned.kind === "new").length;
  const changed = changes.filter(({ planned, differs }) => planned.kind === "changed" && differs);
  const moved = changed.filter(({ planned: { fields } }) => {
    return fields.includes("profile") || fields.includes("parentUserIdentifier");
  });
  return { new: created, changed: changed.length, moved: moved.length };
}

/** Every sign of an accident. With nothing to compare with there is none: see {@link guardWarnings}. */
export function guardFindings(options: GuardOptions | false, facts: GuardFacts): GuardFinding[] {
  const { population, comparable, inSource, changed, moved, missing, incremental } = facts;
  if (options === false || population === 0) return [];
  const { maxChanged = 0.2, maxMoved = 0.05, minUsers = 100, allowEmptySource = false } = options;
  const { maxNew = maxChanged } = options;
  const findings: GuardFinding[] = [];
  if (inSource === 0 && !incremental && !allowEmptySource) {
    const message = `The source gave no user, and the ledger has ${number(population)}.`;
    findings.push({ code: "empty_source", message });
  }
  // So few new users can be read one by one. More of them are compared with the population, however small it is.
  if (!facts.firstRunIsOpen && facts.new > Math.max(minUsers, maxNew * population)) {
    findings.push({
      code: "mass_new",
      message:
        `${number(facts.new)} users would be created, and the ledger has ${number(population)}; the limit is ` +
        `${percent(maxNew, 1)} (guard.maxNew), but at least ${number(minUsers)} (guard.minUsers). Oplead documents no way to remove a user.`,
    });
  }
  if (comparable < minUsers) return findings;

  if ((changed + missing) / comparable > maxChanged) {
    findings.push({
      code: "mass_change",
      message:
        `${percent(changed + missing, comparable)} of ${number(comparable)} users would change or are missing ` +
        `(${number(changed)} changed, ${number(missing)} missing); the limit is ${percent(maxChanged, 1)} (guard.maxChanged).`,
    });
  }
  if (moved / comparable > maxMoved) {
    findings.push({
      code: "mass_move",
      message:
        `${percent(moved, comparable)} of ${number(comparable)} users would get another profile or parent ` +
        `(${number(moved)}); the limit is ${percent(maxMoved, 1)} (guard.maxMoved).`,
    });
  }
  return findings;
}

/** Among fewer users than this, most of them may well change in one night. */
const WORTH_A_WARNING = 10;

/** What keeps the guard from seeing an accident. */
export function guardWarnings(
  options: GuardOptions | false,
  facts: GuardFacts,
  entries: { readonly now: number; readonly afterLastRun: number | undefined },
): string[] {
  const warnings: string[] = [];
  const { now, afterLastRun } = entries;
  if (afterLastRun !== undefined && now < afterLastRun) {
    warnings.push(
      `The ledger has shrunk: ${number(now)} entries, and ${number(afterLastRun)} after the last run. Users without an ` +
        "entry are looked up by account number and sent again. If entries were not removed on purpose, check the store.",
    );
  }
  if (options !== false && facts.firstRunIsOpen && facts.new > 0) {
    warnings.push(
      "The first run with this ledger has not ended yet, so the guard does not judge the number of new users.",
    );
  }
  const affected = facts.changed + facts.missing;
  const minUsers = options === false ? 0 : (options.minUsers ?? 100);
  if (facts.comparable >= WORTH_A_WARNING && facts.comparable < minUsers && affected > facts.comparable / 2) {
    warnings.push(
      `${number(affected)} of ${number(facts.comparable)} users would change or are missing. The guard does not judge shares of ` +
        `fewer than ${number(minUsers)} users (guard.minUsers). Read the plan before you apply it.`,
    );
  }
  if (options !== false && facts.comparable === 0 && facts.new + facts.inSource > 0) {
    const why = facts.population === 0 ? "the ledger is empty" : "the ledger has ids only";
    warnings.push(`The guard has nothing to compare with, because ${why}. Read the plan before you apply it.`);
  }
  return warnings;
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toLocaleString("en", { maximumFractionDigits: 1 })} %`;
}
