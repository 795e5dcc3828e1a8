import { planText } from "./plan/plan-text.ts";
import type { SavedPlan } from "./plan.ts";
import { number, who } from "./text.ts";

/** A saved plan for a terminal or a log, as the plan itself prints it but for the client's rate. */
export function savedPlanText(plan: SavedPlan): string {
  return planText(plan, false);
}

/** A table row names so many users; a comment on a pull request has a limit. */
const ROWS = 50;

/** A plan as GitHub's Markdown, for a comment on a pull request or the summary of a job. No personal data. */
export function planMarkdown(plan: SavedPlan): string {
  const { counts, changes, refusals, warnings, estimate } = plan;
  const rows = changes.slice(0, ROWS).map(({ accountNumber, kind, fields, rules }) => {
    return `| ${cell(who(accountNumber))} | ${kind} | ${cell([...fields, ...rules.map((rule) => `rule ${rule}`)].join(", "))} |`;
  });
  const amounts = (["new", "changed", "unchanged", "held", "waiting", "invalid", "duplicates", "missing"] as const)
    .filter((name) => counts[name] > 0 || name === "new" || name === "changed")
    .map((name) => `${number(counts[name])} ${name}`);
  return [
    `### Oplead plan \`${plan.hash}\`${plan.testMode ? " (test mode: a rehearsal)" : ""}`,
    "",
    `${amounts.join(", ")}; ${number(estimate.requests)} requests.`,
    ...refusals.flatMap(({ message }) => ["", `> **Refused by the guard:** ${cell(message)}`]),
    ...(rows.length === 0
      ? ["", "Nothing to send."]
      : ["", "| user | | what is sent |", "| --- | --- | --- |", ...rows]),
    ...(changes.length > ROWS ? ["", `… and ${number(changes.length - ROWS)} more.`] : []),
    ...invalidLines(plan),
    ...warnings.flatMap((warning) => ["", `> ${cell(warning)}`]),
    "",
  ].join("\n");
}

function invalidLines({ invalid }: SavedPlan): string[] {
  if (invalid.length === 0) return [];
  const lines = invalid.slice(0, ROWS).map(({ accountNumber, record, row, issues }) => {
    const name = accountNumber === undefined ? `record ${record}` : who(accountNumber);
    const problems = issues.map(({ path, message }) => (path === "" ? message : `${path} ${message}`)).join("; ");
    return `| ${cell(name)}${row === undefined ? "" : `, row ${cell(String(row))}`} | ${cell(problems)} |`;
  });
  return ["", "| invalid | |", "| --- | --- |", ...lines];
}

/** Text of others inside a table: nothing in it may end the cell or be read as Markdown or HTML. */
function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#@!~]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, " ");
}
