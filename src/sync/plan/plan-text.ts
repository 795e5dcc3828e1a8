import { counted, day, duration, number } from "../../base/words.ts";
import type { RateLimitOptions } from "../../options.ts";
import {
  amounts,
  amountsTable,
  escapeMarkdown,
  firstDuplicates,
  firstFew,
  firstProblems,
  foldedTable,
  problemTable,
  tally,
  userAt,
  who,
} from "../text.ts";
import type { PlanCounts, PlanFacts, SavedPlan } from "../types/plan.ts";
import type { PlannedUser } from "../types/records.ts";

/** A plan for people: how much, how long, and what to look at before it is approved. */
export function planText(plan: PlanFacts, rate: RateLimitOptions | false): string {
  const { counts, estimate, changes } = plan;
  const created = changes.filter(({ kind }) => kind === "new");
  const changed = changes.filter(({ kind }) => kind === "changed");
  const fields = tally(changed.flatMap(({ fields }) => fields));
  const rules = tally(changes.flatMap(({ rules }) => rules));
  const time = rate && estimate.requests > 0 ? ` (${atRate(estimate.durationMs ?? 0, rate)})` : "";
  return [
    `Plan ${plan.hash}: ${counted(counts.records, "record")}${plan.testMode ? " (test mode: a rehearsal)" : ""}`,
    ...amounts(planAmounts(counts, fields)),
    ...(rules === "" ? [] : [`  rules to set: ${rules}`]),
    `  needs ${counted(estimate.requests, "request")}${time}`,
    ...firstFew("Refused by the guard", plan.refusals, ({ message }) => message),
    ...firstFew("New", created, userAt),
    ...firstFew("Changed", changed, (user) => `${who(user.accountNumber)}  ${contentOf(user.fields, user)}`),
    ...firstProblems("Invalid", plan.invalid),
    ...firstDuplicates(plan.duplicates),
    ...firstFew("Held", plan.held, (user) => {
      return `${userAt(user)}  ${user.step}: ${user.code} since ${day(user.since)}`;
    }),
    ...firstFew("Waiting", plan.waiting, (user) => {
      return `${userAt(user)}  its parent ${who(user.parent)} is ${user.because}`;
    }),
    ...firstFew("Missing", plan.missing, ({ accountNumber, since }) => {
      return `${who(accountNumber)}${since === undefined ? "" : `  since ${day(since)}`}`;
    }),
    ...firstProblems("Suspicious data", plan.suspicious),
    ...firstFew("Warnings", plan.warnings, (warning) => warning),
  ].join("\n");
}

/** A saved plan for a terminal or a log, as the plan itself prints it but for the client's rate. */
export function savedPlanText(plan: SavedPlan): string {
  return planText(plan, false);
}

/** A plan for a pull-request comment or the summary of a CI job. */
export function planMarkdown(plan: PlanFacts): string {
  const { counts, estimate, changes } = plan;
  return [
    `### Oplead plan \`${plan.hash}\``,
    "",
    `${counted(counts.records, "record")}, ${counted(estimate.requests, "request")} needed.` +
      (plan.testMode ? " Test mode: applying it is a rehearsal." : ""),
    ...plan.refusals.map(({ message }) => `\n**Refused by the guard:** ${escapeMarkdown(message)}`),
    "",
    ...amountsTable(planAmounts(counts)),
    ...foldedTable("Changes", ["user", "what", "sent"], changes, (user) => {
      const { accountNumber, kind, fields } = user;
      return [who(accountNumber), kind, contentOf(kind === "new" ? ["the whole user"] : fields, user)];
    }),
    ...problemTable("Invalid", "problems", plan.invalid),
    ...foldedTable("Held", ["user", "step", "code", "since"], plan.held, ({ accountNumber, step, code, since }) => {
      return [who(accountNumber), step, code, day(since)];
    }),
    ...foldedTable("Missing", ["user"], plan.missing, ({ accountNumber }) => [who(accountNumber)]),
    ...foldedTable("Warnings", ["warning"], plan.warnings, (warning) => [warning]),
    "",
  ].join("\n");
}

/** How many users, or records, of each kind. `fields`: which fields changed how often. */
function planAmounts(counts: PlanCounts, fields = ""): [amount: number, what: string][] {
  return [
    [counts.new, "new"],
    [counts.changed, `changed${fields === "" ? "" : `: ${fields}`}`],
    [counts.unchanged, "unchanged"],
    [counts.held, "held: refused before, and not changed since"],
    [counts.waiting, "waiting for a parent that is not in Oplead"],
    [counts.invalid, "invalid"],
    [counts.duplicates, "with an account number that several records have"],
    [counts.stale, "older than what Oplead has"],
    [counts.ignored, "left out"],
    [counts.missing, "missing from the source (no user is removed)"],
  ];
}

function contentOf(fields: readonly string[], { rules }: PlannedUser): string {
  return [...fields, ...rules.map((rule) => `rule ${rule}`)].join(", ");
}

/** `31 s at 10 per second`. */
function atRate(ms: number, { requests, perMs }: RateLimitOptions): string {
  const time = ms < 1000 ? "less than 1 s" : duration(ms);
  return `${time} at ${number(requests)} per ${perMs === 1000 ? "second" : duration(perMs)}`;
}
