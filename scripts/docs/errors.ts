/** The pages about error codes: Errors, which lists them, and Runbook, which says what to check and to do. */
import { readFileSync } from "node:fs";
import type { OpleadErrorCode } from "../../src/core/names.ts";
import { ADVICE, REASONS } from "../../src/locales/en/report.ts";

/** The rows of the table in the docstring of `OpleadErrorCode`: code, meaning, whether something was sent. */
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

/** The table of error codes. */
export function errorsPage(rows: ReturnType<typeof readErrorRows>): string {
  return [
    "# Errors",
    "",
    "This page lists every `code` of an `OpleadError`, with the place of its remedy. The table is made from the source.",
    "",
    "Every failure of the package is an `OpleadError`. `error.retryable` says whether the same call can succeed later; `error.docs` says where its section of the [runbook](../operate/runbook.md) is.",
    "",
    "| code | meaning | sent to Oplead? |",
    "| --- | --- | --- |",
    ...rows.map(([code, meaning, sent]) => `| [\`${code}\`](../operate/runbook.md#${code}) | ${meaning} | ${sent} |`),
    "",
    "What an error has, where it exists: `status`, `requestId`, `operation`, `attempts`, `retryAfterMs`, `testMode`, `issues`, `result`, `cause`, and `body`, " +
      "which is what Oplead answered. `body` may hold personal data, so printing, logging and serialising an error leave it out.",
    "",
    "`isOpleadError(error)` narrows a caught value to `OpleadFailure`, a union over `code`. A `switch` over `error.code` then has the facts that errors of a code " +
      "always carry, without a cast: `retryAfterMs` of `rate_limited`, `issues` of `invalid_input` and `invalid_options`, `status` of every code that is an answer, `result` of `incomplete`, `findings` of `sync_refused`. Errors in results are of this type too: `failed[].error`.",
    "",
    "`cause` is what the code of others threw, as it was: your source, your token function, your `fetch`, a store. Printing an `OpleadError` shows the kind, the code and " +
      "the place of its cause only, because messages quote data. A logger that follows `cause` by itself, as pino's `err` serializer does, prints all of it: give it `error.toJSON()`.",
    "",
    "`source_failed` is retryable if its cause is a failure that passes: a connection, a name server, a database that restarts, is full or broke off a transaction, or a " +
      "`TimeoutError`. A file or a table that is missing is not, nor is anything that the package does not know.",
    "",
    "A mistake in a `fetch` of your own, such as reading a field of `undefined`, is `invalid_options` with the issue `fetch_failed`, and is not tried again. The Fetch standard " +
      "makes a failed connection a `TypeError` too. They are told apart by their structure: Node's and Bun's own errors have a code or a cause, and workerd throws a plain `Error`. " +
      "Deno and browsers throw a bare `TypeError` for both; there it counts as a failed connection.",
    "",
    "Next: the [runbook](../operate/runbook.md) has cause, check and remedy of each code.",
    "",
  ].join("\n");
}

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
    "At the end of this page you know what to do about the error in front of you. Look for its `code`; `error.docs` ends with it. `npx oplead help CODE` prints a section of this page.",
    "",
    "In a report a failure says _held_ if it is not sent again until its content changes. Everything else is tried again by the next run, " +
      "so for a single failure in a night there is usually nothing to do. See [read a report](../run/morning-after.md).",
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
    /\b(?:error\.supportReport\(\)|adoptPlatform: true|baseUrl|rateLimit|maxConcurrency|deadlineMs|heldRetryAfterMs: 0|approve|map)(?!\w)/g,
    (name) => `\`${name}\``,
  );
}

/** The things to look at, by code. The compiler asks for an entry for each. */
export const CHECKS: Readonly<Record<OpleadErrorCode, string>> = {
  invalid_options:
    "`error.issues` lists every problem with its path and a code to switch on. `npx oplead doctor` checks the config file, the token and the address.",
  invalid_input:
    "`error.issues` lists every problem with its path and a code to switch on; the value itself is not repeated, because it may be personal. In a run, `npx oplead plan --only ACCOUNT --all` shows one user.",
  token_unavailable:
    "`error.cause` is what the token function threw; printing shows its kind, code and place only. Without a cause it did not answer within `timeoutMs`, or `error.issues` says what is wrong with the token. It is asked as often as a request is tried. Does the vault answer from the same machine, and is it unsealed?",
  unauthorized:
    "`npx oplead doctor` reads the profiles with the token. Is `OPLEAD_TOKEN` set in the environment of the job, and is it the token of this platform? Is there white space around it?",
  forbidden:
    "Does it concern all calls or one rule only? All calls: the token lacks a right. One rule: the platform has probably not enabled it, see [below](#a-rule-that-is-refused).",
  not_found:
    "`updateUser` and `setRules` answer 404 for a user that Oplead does not know: use `upsertUser`. If `listUserProfiles` fails too, the base URL is wrong; `npx oplead doctor` says so.",
  conflict:
    "`error.body` holds Oplead's own words, which usually name the field. Two records of the source with the same login are listed in `plan.suspicious`.",
  refused:
    "`error.body`, or the column with Oplead's answer in the CSV report (`npx oplead sync --report problems.csv`). Frequent reasons: a profile code of another platform, a parent whose profile is not above the user's, an e-mail address that Oplead does not accept.",
  rate_limited:
    "`error.retryAfterMs` says how long Oplead asked to wait. Do other programs use the same token? Several machines need one [shared rate](../run/several-machines.md).",
  server_error:
    "`error.requestId` and `error.supportReport()`. Is it one user or all of them? One user: look at its data first. All: Oplead has an outage.",
  unexpected_response:
    "`error.status` and `error.fromOplead`. A page of HTML, an empty answer or a redirect comes from a proxy, a gateway or a login page. `curl -I` the base URL from the same machine.",
  connection:
    "The message names the reason: host not found, connection refused, certificate not trusted. `npx oplead doctor` checks the address and the proxy variables.",
  timeout:
    "Is Oplead slow, or is the limit short? The defaults are 30 seconds for a request (`timeoutMs`) and 120 seconds for a call (`deadlineMs`).",
  deadline:
    "Nothing of this request was sent, so it leaves no doubt. Are more calls started at once than `rateLimit` and `maxConcurrency` let through in `deadlineMs`? Or did the call wait for earlier work on the same user?",
  aborted: "What ended the call: a signal of your program, Ctrl-C, or a scheduler that stopped the job?",
  ambiguous_creation:
    "There is nothing to check. The next `upsertUser` with the same account number asks Oplead first and creates the user only if it is not there.",
  incomplete:
    "`error.result` is what the call would have returned: `id`, `applied`, `failed` with the error of each step, and `notSent`. `error.cause` is the first of these errors; look up its code here. Sending the user again with the same call is safe.",
  sync_refused:
    "`error.findings` says what the guard found, with numbers. See [the guard stopped my run](../run/guard.md). `other_plan`: the source has changed since the plan was read. `first_run`, `ledger_shrunk`: the [ledger](../run/guard.md#a-ledger-that-is-not-there) is empty or has lost entries; look for it before you approve. `mass_invalid`: a column was probably renamed.",
  source_failed:
    "The cause is in `error.cause`: the file is not readable, the query failed, or the service did not answer. Nothing was sent.",
  ledger_unavailable:
    "`fileLedger`: is another run under way (the message names its process), is the disk full, may the folder be written? `keyvLedger` and `redisLedger`: does the store answer?",
  queue_unavailable:
    "The message names the reason, such as ECONNREFUSED. Is `connection` of `userQueue` the address of Redis, and does `redis-cli ping` answer from the same machine? `npx oplead worker status` asks the same way.",
  state_lost:
    "Is `maxmemory-policy` of Redis `noeviction`? Were keys deleted, or was a job older than `inboxTtlMs` started again? The next nightly run sends the user, or enqueue it again.",
  ledger_mismatch:
    "The message names both platforms: the one that the ledger is bound to, and the client's. Is this the config of staging with the ledger of production?",
  audit_unavailable:
    "The message has the path and the code of the system: `ENOSPC` is a full disk, `EACCES` a missing right, `ENOENT` a folder that is not there. The run ends rather than send what is not on record.",
  ledger_conflict:
    "Two processes work on the same user without leases: `keyvLedger`, or a ledger of your own. `redisLedger` prevents it, and so does a `version` for each user.",
};
