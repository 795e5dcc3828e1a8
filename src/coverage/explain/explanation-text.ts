import { showIdentity } from "../../base/redact.ts";
import { counted } from "../../base/words.ts";
import { checkExplanation, checkTextOptions } from "../read-options.ts";
import { AXES } from "../rules/rules.ts";
import type { Lead, LeadExplanation, RuleAnswer, UserVerdict } from "../types.ts";
import { byVerdict, changesText } from "./verdicts.ts";

const MARKS: { readonly [Result in RuleAnswer["result"]]: string } = {
  pass: "✓",
  fail: "✗",
  uncertain: "?",
  not_set: "·",
};

/** How much of an explanation {@link explanationText} writes. */
export interface ExplanationTextOptions {
  /** How many of the users who are not eligible. The nearest misses come first. Default 5. */
  readonly nearMisses?: number | undefined;
}

/**
 * An explanation as lines for people: the verdict, each eligible and uncertain user with its rules, then the nearest misses
 * with what would have to change, and the assumptions by name. Names users by account number.
 */
export function explanationText(explanation: LeadExplanation, options: ExplanationTextOptions = {}): string {
  checkExplanation({ explanation });
  checkTextOptions(options);
  const { lead, users, assumptions } = explanation;
  const { nearMisses = 5 } = options;
  const { eligible, uncertain, not_eligible: others } = byVerdict(users);
  const lines = [
    `Lead: ${leadText(lead)}`,
    `${counted(eligible.length, "user is", "users are")} eligible, ${uncertain.length} uncertain, ${others.length} not eligible.`,
  ];
  if (eligible.length > 0) lines.push("", "Eligible", ...eligible.flatMap(userLines));
  if (uncertain.length > 0) lines.push("", "Uncertain", ...uncertain.flatMap(userLines));
  const shown = others.slice(0, nearMisses);
  if (shown.length > 0) lines.push("", "Not eligible, nearest first", ...shown.flatMap(userLines));
  if (others.length > shown.length) lines.push(`  and ${counted(others.length - shown.length, "more user")}`);
  lines.push("", `Assumptions: ${assumptions.join(", ")}`);
  return lines.join("\n");
}

/** A lead in one line: only what is known of it. */
export function leadText(lead: Lead): string {
  const { country, zipCode, coordinates } = lead;
  const place = coordinates && `at ${coordinates.join(", ")}`;
  return [country, zipCode, place, ...AXES.map(({ field }) => lead[field])].filter(Boolean).join(" ");
}

function userLines(user: UserVerdict): string[] {
  const lines = [`  ${showIdentity(user.accountNumber)}`];
  for (const [name, { result, message }] of Object.entries(user.rules)) {
    if (result !== "not_set") lines.push(`    ${MARKS[result]} ${name}: ${message}`);
  }
  if (lines.length === 1) lines.push("    · has no rule, so nothing is restricted");
  if (user.changes.length > 0) lines.push(`    ${changesText(user)}`);
  return lines;
}
