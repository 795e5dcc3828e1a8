import { amountsTable, escapeMarkdown, foldedTable } from "../markdown.ts";
import type { PlanFacts } from "../plan.ts";
import { counted, day, problemsOf, userAt, who } from "../text.ts";
import { planAmounts } from "./plan-text.ts";

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
    ...foldedTable("Changes", ["user", "what", "sent"], changes, ({ accountNumber, kind, fields, rules }) => [
      who(accountNumber),
      kind,
      [...(kind === "new" ? ["the whole user"] : fields), ...rules.map((rule) => `rule ${rule}`)].join(", "),
    ]),
    ...foldedTable("Invalid", ["record", "problems"], plan.invalid, (record) => [userAt(record), problemsOf(record)]),
    ...foldedTable("Held", ["user", "step", "code", "since"], plan.held, ({ accountNumber, step, code, since }) => {
      return [who(accountNumber), step, code, day(since)];
    }),
    ...foldedTable("Missing", ["user"], plan.missing, ({ accountNumber }) => [who(accountNumber)]),
    ...foldedTable("Warnings", ["warning"], plan.warnings, (warning) => [warning]),
    "",
  ].join("\n");
}
