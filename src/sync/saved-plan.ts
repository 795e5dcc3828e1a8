import * as z from "zod/mini";
import { invalid } from "../base/errors.ts";
import { canonicalJson, quote } from "../base/hash/canonical-json.ts";
import { hashOf, hashText } from "../base/hash/hash.ts";
import { issueBy, type OpleadIssue } from "../base/issues.ts";
import { codedBy } from "../base/texts/coded.ts";
import { SAVED } from "../base/texts/en/sync/saved.ts";
import { inParts, type Slice } from "../base/time/time-slice.ts";
import { isObject } from "../base/validation/is-object.ts";
import { boolean, issueFinder, options, optionsCheck, type Schema, withMethods } from "../base/validation/validate.ts";
import { asLines, asMarkdown, asText, type TextLine } from "./overview/overview.ts";
import { planOverview } from "./overview/plan-overview.ts";
import { printable } from "./printable.ts";
import { language } from "./report/problems.ts";
import type { PlanFacts, RenderPlanOptions, SavedChange, SavedPlan } from "./types/plan.ts";

/** The form that is written. A major number other than its own cannot be read. */
const VERSION = "3.3";

export function savedPlan(facts: PlanFacts, changes: readonly SavedChange[]): SavedPlan {
  const form = printable({ version: VERSION, ...facts, changes } as const);
  return { ...form, checksum: hashOf(form) };
}

const issue = issueBy(SAVED);
const wrong = codedBy(SAVED);

/** The fields of a saved plan that are read. Later versions of its form may have more. */
const findIssues = issueFinder(() => {
  const text = z.string();
  const texts = z.array(text);
  const listOf = (fields: Record<string, z.ZodMiniType>) => z.array(z.object(fields));
  const user = { accountNumber: text };
  const problems = { issues: listOf({ path: text, message: text }) };
  return z.object({
    hash: text,
    testMode: z.boolean(),
    platform: z.object({ baseUrl: text }),
    changedSince: z.optional(text),
    selection: z.object({
      resend: z.boolean(),
      full: z.optional(z.boolean()),
      only: z.optional(texts),
      limit: z.optional(z.number()),
      newUsers: z.optional(texts),
    }),
    counts: z.record(text, z.number()),
    estimate: z.object({ requests: z.number(), durationMs: z.optional(z.number()) }),
    changes: listOf({ ...user, hash: text, kind: text, fields: texts, rules: texts }),
    waiting: listOf({ ...user, parent: text, because: text }),
    held: listOf({ ...user, step: text, code: text, since: text }),
    invalid: listOf({ accountNumber: z.optional(text), ...problems }),
    duplicates: listOf({ ...user, records: z.array(z.number()), rows: z.array(z.unknown()) }),
    missing: listOf({ ...user, id: text, missingSince: text, days: z.number(), state: text }),
    suspicious: listOf({ ...user, ...problems }),
    moves: z.optional(listOf({ from: text, to: text, problem: z.optional(z.enum(["unknown", "occupied"])) })),
    refusals: listOf({ message: text }),
    limits: z.optional(
      listOf({ option: text, users: z.number(), most: z.number(), among: z.number(), segment: z.optional(text) }),
    ),
    areas: z.optional(
      listOf({
        ...{ kind: z.enum(["lost", "gained"]), certain: z.boolean(), country: text, name: text, zipCodes: texts },
        ...{ places: z.number(), inhabitants: z.optional(z.number()), kinds: texts },
      }),
    ),
    warnings: listOf({ message: text }),
  });
});

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
  const issues = issuesOf(value);
  if (issues.length > 0) throw invalid("invalid_input", "The saved plan cannot be used.", issues);
  // The schema describes what is read of it, and its checksum says that a plan wrote the rest.
  return value as SavedPlan;
}

function issuesOf(value: unknown): OpleadIssue[] {
  const formIssues = issuesOfForm(value);
  if (formIssues.length > 0) return formIssues;
  const { checksum, ...form } = value as SavedPlan;
  return checksum === hashOf(form) ? findIssues(value) : [issue("", "altered_plan")];
}

function issuesOfForm(value: unknown): OpleadIssue[] {
  if (!isObject(value) || !("version" in value && "hash" in value && "changes" in value)) {
    return [issue("", "not_saved_plan")];
  }
  const version = String(value.version);
  if (version.split(".")[0] === VERSION.split(".")[0]) return [];
  return [issue("version", "other_form", { version, current: VERSION })];
}

/** {@link readSavedPlan}, in time slices. */
export async function readPlanInSlices(value: unknown, slice: Slice): Promise<SavedPlan> {
  if (issuesOfForm(value).length > 0) return readSavedPlan(value);
  const { checksum, ...form } = value as SavedPlan;
  const emptied = Object.fromEntries(
    Object.entries(form).map(([name, field]) => [name, Array.isArray(field) ? [] : field]),
  );
  let isRight = findIssues(emptied).length === 0;
  const fields: string[] = [];
  for (const [name, field] of Object.entries(form).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (field === undefined) continue;
    const items: string[] = [];
    for await (const part of inParts(Array.isArray(field) ? field : [], slice)) {
      isRight &&= findIssues({ ...emptied, [name]: part }).length === 0;
      items.push(canonicalJson(part).slice(1, -1));
    }
    fields.push(`${quote(name)}:${Array.isArray(field) ? `[${items}]` : canonicalJson(field)}`);
  }
  await slice.next();
  // What is wrong, if something is.
  return isRight && checksum === hashText(`{${fields}}`) ? (value as SavedPlan) : readSavedPlan(value);
}

const checkRenderOptions = optionsCheck<RenderPlanOptions>("renderPlan", () => renderShape());

const checkLinesOptions = optionsCheck<RenderPlanOptions>("planLines", () => renderShape());

function renderShape(): Schema {
  return options({ language, all: boolean(), leaverNotes: withMethods(["get"], wrong("not_map")) });
}

/**
 * A saved plan for a terminal or a log, or as Markdown for a pull-request comment: what the plan itself printed.
 *
 * @throws {@link OpleadError} `invalid_input`, as {@link readSavedPlan}; `invalid_options`.
 */
export function renderPlan(saved: SavedPlan, format: "text" | "markdown", given: RenderPlanOptions = {}): string {
  checkRenderOptions(given);
  const { overview, most } = readOverview(saved, given);
  return format === "markdown" ? asMarkdown(overview, most) : asText(overview, most);
}

/**
 * The lines of {@link renderPlan} as text, with the tone of headings and counts: for a terminal with colours.
 *
 * @throws {@link OpleadError} `invalid_input`, as {@link readSavedPlan}; `invalid_options`.
 */
export function planLines(saved: SavedPlan, given: RenderPlanOptions = {}): readonly TextLine[] {
  checkLinesOptions(given);
  const { overview, most } = readOverview(saved, given);
  return asLines(overview, most);
}

function readOverview(saved: SavedPlan, given: RenderPlanOptions) {
  return {
    overview: planOverview(readSavedPlan(saved), given),
    most: given.all ? Number.POSITIVE_INFINITY : undefined,
  };
}
