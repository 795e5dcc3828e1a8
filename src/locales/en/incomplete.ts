import type { RuleName, SyncStep } from "../../rules/types.ts";
import { counted } from "./words.ts";

export interface Steps {
  // The id as it may be shown.
  readonly id: string;
  readonly isNew: boolean;
  readonly applied: readonly SyncStep[];
  readonly unverifiable: readonly RuleName[];
  readonly failed: readonly {
    readonly step: SyncStep;
    readonly code: string;
    readonly status?: number | undefined;
  }[];
  readonly notSent: readonly SyncStep[];
}

export const INCOMPLETE = {
  arrived_in_part: ({ id, isNew, applied, unverifiable, failed, notSent }: Steps) => {
    const rules = counted(failed.length, "rule");
    const lines = [
      applied.includes("user")
        ? `the user was ${isNew ? "created" : "updated"} (ID ${id}), and ${rules} could not be set.`
        : `${rules} could not be set.`,
      `  applied: ${applied.join(", ") || "none"}`,
      "  failed:",
      ...failed.map(({ step, code, status }) => {
        const hint = step === "user" ? "" : ruleHint(status);
        return `    - ${step}: ${code}${status === undefined ? "" : ` (${status})`}${hint && `. ${hint}`}`;
      }),
    ];
    if (notSent.length > 0) lines.push(`  not sent: ${notSent.join(", ")}`);
    if (unverifiable.length > 0) lines.push(`  not verifiable in test mode: ${unverifiable.join(", ")}`);
    return lines.join("\n");
  },
};

// Says what a refusal of a rule probably means. A rule applies only where the platform has enabled it (guide). How
// Oplead answers for a rule that is not enabled is not documented.
export function ruleHint(status: number | undefined): string {
  if (status === 403 || status === 405)
    return "Probably this rule is not enabled for your Oplead platform: ask its administrator";
  if (status === 404) return "Oplead does not know the user, or this rule is not enabled for your platform";
  if (status !== 400 && status !== 422) return "";
  return "Oplead refuses the content, or this rule is not enabled for your platform. Its words are in the body of this error";
}
