import type { OpleadErrorCode } from "../../src/base/errors.ts";
import { ENGLISH } from "../../src/sync/report/english.ts";
import { CHECKS } from "./runbook-checks.ts";

/** A section for each error code: cause and remedy as reports give them, and what to check. */
export function runbookPage(meanings: ReadonlyMap<string, string>): string {
  const { reasons, advice } = ENGLISH;
  const codes = Object.keys(CHECKS) as OpleadErrorCode[];
  const sections = codes.flatMap((code) => [
    "",
    `## ${code}`,
    "",
    `**Cause.** ${causeOf(reasons[code], meanings.get(code) ?? "")}`,
    "",
    `**Check.** ${CHECKS[code]}`,
    "",
    `**Remedy.** ${withCode(advice[code])}`,
  ]);
  return [
    "<!-- Made by scripts/docs/generate.ts. -->",
    "",
    "# Runbook",
    "",
    "At the end of this page you know what to do about the error in front of you. Look for its `code`; `error.docs` leads here.",
    "",
    "In a report a failure says _held_ if it is not sent again until its content changes. Everything else is tried again by the next run, " +
      "so for a single failure in a night there is usually nothing to do. See [read a report](./report.md).",
    ...sections,
    "",
    "## A rule that is refused",
    "",
    `**Cause.** ${reasons.rule_not_enabled} (A rule is answered 403, 404 or 405.) Or: ${reasons.rule_rejected} (400 or 422)`,
    "",
    "**Check.** `npx oplead rules check` compares all rules with the platform's countries, counties and postcodes.",
    "",
    `**Remedy.** ${withCode(`${advice.rule_not_enabled} ${advice.rule_rejected}`)}`,
    "",
    "Next: [escalate to Oplead Care](./escalate.md), if an error stays unclear.",
    "",
  ].join("\n");
}

/** The reason that reports give, then the meaning of the code, unless both say the same. */
function causeOf(reason: string, meaning: string): string {
  if (/^\d/.test(meaning)) return `${reason} The answer is ${meaning}.`;
  const detail = meaning.charAt(0).toUpperCase() + meaning.slice(1);
  if (detail === "" || detail.startsWith(reason.replace(/\.$/, ""))) return `${detail || reason.replace(/\.$/, "")}.`;
  return `${reason} ${detail}.`;
}

/** Reports are plain text; here names of the API are shown as code. */
function withCode(text: string): string {
  return text.replace(
    /\b(?:error\.supportReport\(\)|adoptPlatform: true|baseUrl|rateLimit|retryHeld|approve|map)(?!\w)/g,
    (name) => `\`${name}\``,
  );
}
