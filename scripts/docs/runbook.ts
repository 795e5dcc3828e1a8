import type { OpleadErrorCode } from "../../src/base/oplead-error-code.ts";
import { ADVICE, REASONS } from "../../src/locales/en/report.ts";
import { CHECKS } from "./runbook-checks.ts";

/** A section for each error code: cause and remedy as reports give them, and what to check. */
export function runbookPage(meanings: ReadonlyMap<string, string>): string {
  const codes = Object.keys(CHECKS) as OpleadErrorCode[];
  const sections = codes.flatMap((code) => [
    "",
    `## ${code}`,
    "",
    `**Cause.** ${causeOf(REASONS[code](), meanings.get(code) ?? "")}`,
    "",
    `**Check.** ${CHECKS[code]}`,
    "",
    `**Remedy.** ${withCode(ADVICE[code]())}`,
  ]);
  return [
    "<!-- Made by scripts/docs/generate.ts. -->",
    "",
    "# Runbook",
    "",
    "At the end of this page you know what to do about the error in front of you. Look for its `code`; `error.docs` ends with it.",
    "",
    "In a report a failure says _held_ if it is not sent again until its content changes. Everything else is tried again by the next run, " +
      "so for a single failure in a night there is usually nothing to do. See [read a report](./report.md).",
    "",
    "A job that failed without an error in front of you: its exit code says what kind of night it was. See [when to act](./when-to-act.md).",
    ...sections,
    "",
    "## A rule that is refused",
    "",
    `**Cause.** ${REASONS.rule_not_enabled()} (A rule is answered 403, 404 or 405.) Or: ${REASONS.rule_refused()} (400 or 422)`,
    "",
    "**Check.** `npx oplead coverage --online --fail-on dead` compares all rules with the platform's countries, counties and postcodes.",
    "",
    `**Remedy.** ${withCode(`${ADVICE.rule_not_enabled()} ${ADVICE.rule_refused()}`)}`,
    "",
    "## job_stalled",
    "",
    "**Cause.** A worker of the queue was killed, or stood still, while it worked on users. The log of another worker has the event `job_stalled` for each of them. A run that waits for such a user has `lease_waiting`.",
    "",
    "**Check.** How did the process end? Exit code 137 is SIGKILL: out of memory, or stopped by a deployment that did not wait. Without an end: was the machine suspended, or the event loop blocked for longer than `lockMs`?",
    "",
    "**Remedy.** Nothing to correct: another worker has taken the users, and each is in Oplead once. Start the worker again. Let a deployment wait for longer than `lockMs` after SIGTERM, and give the process more memory or less `concurrency`.",
    "",
    "Next: [escalate to Oplead Care](./escalate.md), if an error stays unclear.",
    "",
  ].join("\n");
}

/** The words of reports, and when the code is given; where that is a sentence, it says both. */
function causeOf(reason: string, meaning: string): string {
  const detail = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
  if (/^(?:the|a) /.test(meaning)) return detail;
  return `${reason} ${/^\d/.test(meaning) ? `The answer is ${meaning}.` : detail}`;
}

/** Reports are plain text; here names of the API are shown as code. */
function withCode(text: string): string {
  return text.replace(
    /\b(?:error\.supportReport\(\)|adoptPlatform: true|baseUrl|rateLimit|heldRetryAfterMs: 0|approve|map)(?!\w)/g,
    (name) => `\`${name}\``,
  );
}
