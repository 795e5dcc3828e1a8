import { invalid } from "../base/errors.ts";
import { hashOf } from "../base/hash/hash.ts";
import { issueBy } from "../base/issues.ts";
import { SAVED } from "../base/texts/en/saved.ts";
import { isObject } from "../base/validation/is-object.ts";
import { asMarkdown, asText } from "./overview/overview.ts";
import { planOverview } from "./overview/plan-overview.ts";
import { printable } from "./printable.ts";
import type { PlanFacts, SavedChange, SavedPlan } from "./types/plan.ts";

/** The form that is written. A major number other than its own cannot be read. */
const VERSION = "2.0";

/** A plan in the form that is saved. */
export function savedPlan(facts: PlanFacts, changes: readonly SavedChange[]): SavedPlan {
  const form = printable({ version: VERSION, ...facts, changes } as const);
  return { ...form, checksum: hashOf(form) };
}

const issue = issueBy(SAVED);

/**
 * Checks what was read from a file: that it is a plan in a form that this version of the package knows, and as it was saved.
 * Fields that a newer version has added are passed over.
 *
 * @throws {@link OpleadError} `invalid_input`.
 *
 * @example
 * ```ts
 * const saved = readSavedPlan(JSON.parse(await readFile("plan.json", "utf8")));
 * ```
 */
export function readSavedPlan(value: unknown): SavedPlan {
  const problem = problemOf(value);
  if (problem) throw invalid("invalid_input", "The saved plan cannot be used.", [problem]);
  // Its checksum says that a plan wrote it.
  return value as SavedPlan;
}

function problemOf(value: unknown) {
  if (!isObject(value) || !("version" in value && "hash" in value && "changes" in value)) {
    return issue("", "not_saved_plan");
  }
  const { checksum, ...form } = value;
  const version = String(form.version);
  if (version.split(".")[0] !== VERSION.split(".")[0])
    return issue("version", "other_form", { version, current: VERSION });
  return checksum === hashOf(form) ? undefined : issue("", "altered_plan");
}

/**
 * A saved plan for a terminal or a log, or as Markdown for a pull-request comment: what the plan itself printed.
 *
 * @throws {@link OpleadError} `invalid_input`, as {@link readSavedPlan}.
 */
export function renderPlan(saved: SavedPlan, format: "text" | "markdown"): string {
  const overview = planOverview(readSavedPlan(saved));
  return format === "markdown" ? asMarkdown(overview) : asText(overview);
}
