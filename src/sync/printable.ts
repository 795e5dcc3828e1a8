import { showIdentity } from "../base/redact.ts";
import type { SavedPlan, UserDiff } from "./types/plan.ts";
import type { SavedReport } from "./types/report.ts";

/** Fields that are printed with everything in them: parameters hold no more than a message does, counts are numbers, and rules hold no name. */
type Whole = "parameters" | "counts" | "problems" | "columns" | "areas" | "ruleChanges";

/** Every name of a field in a printed form, at any depth outside of {@link Whole}. */
type FieldsOf<T> = T extends readonly (infer Item)[]
  ? FieldsOf<Item>
  : T extends object
    ? {
        [Field in keyof T & string]: T[Field] extends () => unknown
          ? never
          : Field | (Field extends Whole ? never : FieldsOf<T[Field]>);
      }[keyof T & string]
    : never;

/** The values of a diff are personal data: they are shown only where they were asked for, and then the diff is not printed by this. */
type PrintedField = FieldsOf<SavedPlan> | FieldsOf<SavedReport> | Exclude<FieldsOf<UserDiff>, "value" | "was">;

/** `identity`: names a user, and is not shown if it is an e-mail address. `whole`: shown with everything in it. */
type How = "shown" | "identity" | "whole";

/** The only fields that plans, reports and diffs print. A field of theirs that is not here is a compile error. */
const PRINTED: Readonly<Record<string, How>> = {
  ...each(
    "identity",
    "accountNumber",
    "id",
    "parent",
    "after",
    "dependsOn",
    "stale",
    "movedFrom",
    "from",
    "to",
    "newUsers",
    "of",
  ),
  ...each("whole", "parameters", "counts", "problems", "columns", "areas", "ruleChanges"),
  ...each(
    "shown",
    "platform",
    "baseUrl",
    "name",
    "selection",
    "resend",
    "full",
    "sourceFile",
    "changedSince",
    "only",
    "limit",
  ),
  ...each("shown", "ledgerMark", "runs", "lastRunId", "position", "offset", "previousId", "previousOffset", "host"),
  ...each(
    "shown",
    "version",
    "checksum",
    "hash",
    "testMode",
    "runId",
    "status",
    "exitCode",
    "newProblems",
    "knownProblems",
    "startedAt",
    "durationMs",
  ),
  ...each("shown", "estimate", "requests", "retries", "throttledMs", "refusals", "stopReason", "warnings"),
  ...each("shown", "changes", "failures", "skipped", "unverifiable", "held", "invalid", "duplicates", "waiting"),
  ...each("shown", "twins", "by", "inSource", "root"),
  ...each(
    "shown",
    "suspicious",
    "missing",
    "moves",
    "problem",
    "record",
    "records",
    "row",
    "rows",
    "kind",
    "fields",
    "fieldsUnknown",
    "rules",
    "doubted",
  ),
  ...each(
    "shown",
    "step",
    "code",
    "message",
    "advice",
    "since",
    "missingSince",
    "days",
    "state",
    "certain",
    "requestId",
    "reason",
    "because",
    "issues",
    "path",
  ),
  ...each("shown", "lines", "change", "limits", "option", "users", "most", "among", "segment"),
} satisfies Record<PrintedField, How>;

function each<Field extends PrintedField, As extends How>(how: As, ...fields: Field[]): Record<Field, As> {
  return Object.fromEntries(fields.map((field) => [field, how])) as Record<Field, As>;
}

/**
 * A copy of facts that may be printed or stored. Some companies use e-mail addresses as account numbers: those are replaced.
 * The original keeps them, since a program has to find its users again.
 */
export function printable<T>(facts: T): T {
  return copy(facts, "shown") as T;
}

function copy(value: unknown, how: How): unknown {
  if (typeof value === "string") return how === "identity" ? showIdentity(value) : value;
  if (typeof value !== "object" || value === null || how === "whole") return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, how));
  // A loop, because a plan has hundreds of thousands of fields.
  const printed: Record<string, unknown> = {};
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(PRINTED, field)) continue;
    printed[field] = copy((value as Record<string, unknown>)[field], PRINTED[field] as How);
  }
  return printed;
}
