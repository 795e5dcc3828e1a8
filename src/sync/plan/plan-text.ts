import type { RateLimitOptions } from "../../options.ts";
import type { PlanCounts, PlanFacts, SavedPlan } from "../plan.ts";
import {
  amounts,
  counted,
  day,
  duration,
  firstDuplicates,
  firstFew,
  firstProblems,
  number,
  tally,
  userAt,
  who,
} from "../text.ts";

/** A plan for people: how much, how long, and what to look at before it is approved. */
export function planText(plan: PlanFacts, rate: RateLimitOptions | false): string {
  const { counts, estimate, changes } = plan;
  const fields = tally(changes.flatMap(({ kind, fields }) => (kind === "changed" ? fields : [])));
  const rules = tally(changes.flatMap(({ rules }) => rules));
  const time = rate && estimate.requests > 0 ? ` (${atRate(estimate.durationMs ?? 0, rate)})` : "";
  return [
    `Plan ${plan.hash}: ${counted(counts.records, "record")}${plan.testMode ? " (test mode: a rehearsal)" : ""}`,
    ...amounts(planAmounts(counts, fields)),
    ...(rules === "" ? [] : [`  rules to set: ${rules}`]),
    `  needs ${counted(estimate.requests, "request")}${time}`,
    ...firstFew("Refused by the guard", plan.refusals, ({ message }) => message),
    ...firstFew(
      "New",
      changes.filter(({ kind }) => kind === "new"),
      userAt,
    ),
    ...firstFew(
      "Changed",
      changes.filter(({ kind }) => kind === "changed"),
      ({ accountNumber, fields, rules }) => {
        return `${who(accountNumber)}  ${[...fields, ...rules.map((rule) => `rule ${rule}`)].join(", ")}`;
      },
    ),
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

/** How many users, or records, of each kind. `fields`: which fields changed how often. */
export function planAmounts(counts: PlanCounts, fields = ""): [amount: number, what: string][] {
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

/** `31 s at 10 per second`. */
function atRate(ms: number, { requests, perMs }: RateLimitOptions): string {
  const time = ms < 1000 ? "less than 1 s" : duration(ms);
  return `${time} at ${number(requests)} per ${perMs === 1000 ? "second" : duration(perMs)}`;
}
