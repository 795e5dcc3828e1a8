import { readFileSync } from "node:fs";
import { EXIT } from "../../src/command/exit.ts";
import type { OpleadErrorCode } from "../../src/core/names.ts";
import { ADVICE } from "../../src/locales/en/advice.ts";
import { REASONS } from "../../src/locales/en/report.ts";

// From the table in the docstring of `OpleadErrorCode`.
export function readErrorRows(errorsPath: string): readonly (readonly [code: string, meaning: string, sent: string])[] {
  const source = readFileSync(errorsPath, "utf8");
  const rows = [...source.matchAll(/^ \* \| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(
    ([, code = "", meaning = "", sent = ""]) => {
      const text = meaning.replace(/\{@link (?:[\w.]*\.)?(\w+)\}/g, "`$1`");
      return [code, text, sent] as const;
    },
  );
  if (rows.length < 5) throw new Error(`${errorsPath} has no table of error codes in a docstring.`);
  return rows;
}

export function errorsPage(rows: ReturnType<typeof readErrorRows>): string {
  return [
    "# Errors",
    "",
    "Every `code` of an `OpleadError`, made from the source.",
    "",
    "Every failure of the package is an `OpleadError`. `error.retryable` says whether the same call can succeed later; `error.docs` is the address of its section of the [runbook](../operate/runbook.md).",
    "",
    "| code | meaning | sent to Oplead? |",
    "| --- | --- | --- |",
    ...rows.map(([code, meaning, sent]) => `| [\`${code}\`](../operate/runbook.md#${code}) | ${meaning} | ${sent} |`),
    "",
    "What an error has, where it exists: `status`, `requestId`, `operation`, `requests`, `retryAfterMs`, `testMode`, `issues`, `result`, `cause`, `body` and `thrown`. " +
      "`body` is what Oplead answered, and `thrown` what the code of others threw: your source, your token function, your `fetch`, a store. Both may hold personal data.",
    "",
    "`isOpleadError(error)` narrows a caught value to `OpleadFailure`, a union over `code`. A `switch` over `error.code` then has the facts that errors of a code " +
      "always carry, without a cast: `retryAfterMs` of `rate_limited`, `issues` of `invalid_input`, `invalid_options`, `refused` and `conflict`, `status` of every code that is an answer, `result` of `incomplete`, `findings` of `sync_refused`. Errors in results are of this type too: `failed[].error`.",
    "",
    "`issues` of `refused` and `conflict` are the fields that Oplead names, under the names that this package gives them; the list is empty if it names none. `issue.said` is what " +
      "Oplead says about the field. It may hold personal data, so it is not printed either.",
    "",
    "pino, winston, bunyan, `console.error`, `JSON.stringify` and `util.inspect` show the same: everything but `body` and `thrown`. `cause` is the printable part of `thrown`: its kind, its " +
      "code, its place in the code, and its message where that cannot quote data.",
    "",
    '`textOf(error, { language: "fr" })` of `oplead-sdk/text` gives the text of an error, an issue, a finding or a warning for people, without personal data: in English its `message`, in French a text made ' +
      'from its code and parameters. The issues of `userSchema` and `ruleSchemas` have both. A program that seldom needs it loads it late: `await import("oplead-sdk/text")`.',
    "",
    "`source_failed` and `token_unavailable` are retryable if your function threw: the package does not know why. A source of the package says itself whether its failure may pass.",
    "",
    "A mistake in a `fetch` of your own, such as reading a field of `undefined`, is `invalid_options` with the issue `fetch_failed`, and is not tried again. The Fetch standard " +
      "makes a failed connection a `TypeError` too. They are told apart by their structure: Node's and Bun's own errors have a code or a cause, and workerd throws a plain `Error`. " +
      "Deno and browsers throw a bare `TypeError` for both; there it counts as a failed connection.",
    "",
    "Next: the [runbook](../operate/runbook.md) has cause, check and remedy of each code.",
    "",
  ].join("\n");
}

export function runbookPage(meanings: ReadonlyMap<string, string>): string {
  const codes = Object.keys(CHECKS) as OpleadErrorCode[];
  const sections = codes.flatMap((code) => [
    "",
    `## ${code}`,
    "",
    `**Cause.** ${causeOf(REASONS[code], meanings.get(code) ?? "")}`,
    "",
    `**Check.** ${CHECKS[code]}`,
    "",
    `**Remedy.** ${withCode(ADVICE[code].replace(/; the next run (?:tries again|continues from here)\b/, ""))}`,
  ]);
  return [
    "<!-- Made by scripts/docs/generate.ts. -->",
    "",
    "# Runbook",
    "",
    "What to do about an exit code, or about the error in front of you: look for its `code`. `npx oplead-sdk help CODE` prints one section.",
    "",
    "## Exit codes",
    "",
    "| code | the run | act |",
    "| --- | --- | --- |",
    ...Object.entries(EXIT).map(([name, code]) => `| exit code ${code} | ${EXITS[name as keyof typeof EXIT]} |`),
    "",
    "`--detailed-exitcode` of `plan` exits with the first that applies: 3 refused, 5 some records cannot be sent, 2 changes pending. " +
      "`sync --ignore-known` counts a row that is wrong every night once, and exits with 0 from then on.",
    "",
    "A failure that a report calls _held_ is not sent again until its content changes. The next run tries everything else again.",
    ...sections,
    "",
    "## A rule that is refused",
    "",
    `**Cause.** ${REASONS.rule_not_enabled} (403, 404 or 405.) Or: ${REASONS.rule_refused} (400 or 422.)`,
    "",
    "**Check.** `npx oplead-sdk coverage --online --fail-on dead` compares all rules with the platform.",
    "",
    `**Remedy.** ${withCode(`${ADVICE.rule_not_enabled} ${ADVICE.rule_refused}`)}`,
    "",
    "## job_stalled",
    "",
    "**Cause.** A log event: another worker was killed, or stood still, while it worked on users. A run that waits for such a user logs `lease_waiting`.",
    "",
    "**Check.** Exit code 137 is SIGKILL: out of memory, or a deployment that did not wait. Otherwise: was the machine suspended, or the event loop blocked for longer than `lockMs`?",
    "",
    "**Remedy.** Start the worker again. Let deployments wait for longer than `lockMs` after SIGTERM, and give the process more memory or a lower `maxConcurrency`.",
    "",
    "## Escalate to Oplead Care",
    "",
    "If a 500 stays unclear, contact Oplead Care through your platform administrator. `error.supportReport()` writes what they need: times, request ids, and the structure of the answer without values. " +
      "The command keeps it for each user that failed: `npx oplead-sdk why DLR-1 --support`.",
    "",
    "Next: [the morning after](../run/morning-after.md), [errors](../reference/errors.md).",
    "",
  ].join("\n");
}

const EXITS: Readonly<Record<keyof typeof EXIT, string>> = {
  success: "every user is in Oplead, or [runs are paused](./bad-run.md#pause-the-nights) | nothing",
  error:
    "an error, wrong usage, a run that ended early, or nothing arrived | today, if it happens twice: the token, the network or Oplead; look up the `code` below",
  changesPending: "changes are pending (`plan --detailed-exitcode` only) | read the plan",
  guard:
    "refused by [the guard](../run/guard.md) or a [policy](../rules/policies.md), or not the plan that was approved; nothing was sent | today: correct the source, or approve the plan",
  partly: "some users arrived and some failed | in working hours: read the report",
  unsendable:
    "everything that can be sent was sent; some records are invalid, duplicate, held or waiting | in working hours: send the CSV report to the people who maintain the data",
  interrupted: "ended by Ctrl-C or SIGTERM | run it again: it continues",
};

function causeOf(reason: string, meaning: string): string {
  if (/^\d+$/.test(meaning)) return reason.replace(/\.$/, ` (${meaning}).`);
  if (/^\d/.test(meaning)) return `The answer is ${meaning}.`;
  const detail = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
  return /^HTML/.test(meaning) ? `${reason.replace(/\.$/, ":")} ${detail}` : detail;
}

// Names of the API as code.
function withCode(text: string): string {
  return text.replace(
    /`[^`]*`|\b(?:error\.supportReport\(\)|adoptPlatform: true|baseUrl|rateLimit|maxConcurrency|deadlineMs|retryHeld: true|approve|map)(?!\w)/g,
    (name) => (name.startsWith("`") ? name : `\`${name}\``),
  );
}

export const CHECKS: Readonly<Record<OpleadErrorCode, string>> = {
  invalid_options: "`error.issues` has each path and code. `npx oplead-sdk doctor` checks config, token and address.",
  invalid_input:
    "`error.issues` has each path and code, without the value. `npx oplead-sdk plan --only ACCOUNT --all` shows one user.",
  token_unavailable:
    "`error.thrown` is what the function threw. Without one it took longer than `timeoutMs`, or `error.issues` says what is wrong. Does the vault answer from this machine?",
  unauthorized:
    "Is the token wrong, expired, or of another platform? `npx oplead-sdk doctor` tries it. Does the job's environment have `OPLEAD_TOKEN`, without white space around it?",
  forbidden: "All calls fail: the token lacks a right. One rule fails: see [below](#a-rule-that-is-refused).",
  not_found:
    "`updateUser` and `setRules` get it for an unknown user: use `upsertUser`. If `listUserProfiles` fails too, the base URL is wrong.",
  conflict: "`error.body` usually names the field. Findings of kind `suspicious` share a login.",
  refused:
    "`error.body`, or the CSV report (`npx oplead-sdk sync --report problems.csv`). Frequent: a profile code of another platform, a parent whose profile is not above the user's, an e-mail address that Oplead does not accept.",
  rate_limited:
    "`error.retryAfterMs` is the wait that Oplead asked for. Do other programs use the token? Several machines need one [shared rate](../run/several-machines.md#one-rate).",
  server_error: "One user: look at its data. All users: an outage. `error.requestId` names the request to Oplead.",
  unexpected_response:
    "`error.status`, `error.fromOplead`, and `curl -I` of the base URL from the same machine: a proxy, a gateway or a login page?",
  connection: "The message names the reason. `npx oplead-sdk doctor` checks the address and the proxy variables.",
  timeout: "Is Oplead slow, or the limit short? Default: 30 seconds for a request (`timeoutMs`).",
  deadline:
    "With `error.requests` 0 nothing was sent. Were too many calls started at once, or did it wait for earlier work on the same user? Else Oplead is slow, or the limit short (`deadlineMs`, default 120 seconds).",
  aborted: "A signal of your program, Ctrl-C, or a scheduler?",
  ambiguous_creation: "Nothing: the next `upsertUser` with the account number asks Oplead first.",
  incomplete:
    "`error.result` has `id`, `applied`, `notSent`, and `failed` with the error of each step; look up its code here.",
  sync_refused:
    "`error.findings` has what [the guard](../run/guard.md) found. `other_plan`: the source has changed since. `first_run`, `ledger_shrunk`: look for the [ledger](./ledger.md#a-lost-ledger) first.",
  source_failed: "`error.thrown`: an unreadable file, a failed query, a service that did not answer. Nothing was sent.",
  ledger_unavailable:
    "`fileLedger`: is another run under way (the message names it), the disk full, the folder writable? Otherwise: does the store answer?",
  queue_unavailable:
    "Does `redis` of `userQueue` lead to the right server? `npx oplead-sdk worker status` asks the same way.",
  state_lost: "Is `maxmemory-policy` of Redis `noeviction`? Was a job older than `inboxTtlMs` started again?",
  ledger_mismatch: "The message names both platforms. Is this the config of staging with the ledger of production?",
  audit_unavailable:
    "The message has the path and the system's code (`ENOSPC`, `EACCES`, `ENOENT`). A run ends rather than send what is not on record.",
  ledger_conflict:
    "Two processes work on one user without leases. `redisLedger` prevents it, and so does a `version` for each user.",
};
