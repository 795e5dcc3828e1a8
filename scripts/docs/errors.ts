import { readFileSync } from "node:fs";
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
    "At the end of this page you know what to do about the error in front of you. Look for its `code`, with which `error.docs` ends. `npx oplead-sdk help CODE` prints one section.",
    "",
    "A failure that a report calls _held_ is not sent again until its content changes. The next run tries everything else again, so a single failure needs nothing. " +
      "A job that only shows an exit code: see [when to act](./monitoring.md#when-to-act).",
    ...sections,
    "",
    "## A rule that is refused",
    "",
    `**Cause.** ${REASONS.rule_not_enabled()} (403, 404 or 405.) Or: ${REASONS.rule_refused()} (400 or 422.)`,
    "",
    "**Check.** `npx oplead-sdk coverage --online --fail-on dead` compares all rules with the platform's countries, counties and postcodes.",
    "",
    `**Remedy.** ${withCode(`${ADVICE.rule_not_enabled()} ${ADVICE.rule_refused()}`)}`,
    "",
    "## job_stalled",
    "",
    "**Cause.** This is an event in a worker's log: another worker was killed, or stood still, while it worked on users. A run that waits for such a user logs `lease_waiting`.",
    "",
    "**Check.** Exit code 137 is SIGKILL: out of memory, or a deployment that did not wait. Otherwise: was the machine suspended, or the event loop blocked for longer than `lockMs`?",
    "",
    "**Remedy.** Start the worker again; another one has taken its users. Let deployments wait for longer than `lockMs` after SIGTERM, and give the process more memory or less `concurrency`.",
    "",
    "## Escalate to Oplead Care",
    "",
    "If a 500 stays unclear, contact Oplead Care through your platform administrator, as the integration guide says. `supportReport()` of an error writes what they need: " +
      "time, operation, method, path, host, status, request id, attempts, and the structure of the answer without its values.",
    "",
    ESCALATION,
    "",
    "The command keeps this text for each user that failed, beside the audit file, and prints the last one:",
    "",
    "<!-- not executed: it needs a run that failed -->",
    "```sh",
    "npx oplead-sdk why DLR-1 --support",
    "```",
    "",
    "Next: [the morning after](../run/morning-after.md) reads a report; [errors](../reference/errors.md) lists what an error carries.",
    "",
  ].join("\n");
}

const ESCALATION = `**\`escalate.mjs\`**

\`\`\`js
import { createOplead, isOpleadError } from "oplead-sdk";
import { createFakeOplead } from "oplead-sdk/testing";

const fake = createFakeOplead();
fake.fail({ as: { status: 500 }, times: 4 });
const oplead = createOplead({
  token: "fake-token",
  fetch: fake.fetch,
  retry: { baseMs: 1 },
});
await oplead.listCountries().catch((error) => {
  if (isOpleadError(error) && error.code === "server_error")
    console.log(error.supportReport());
});
\`\`\`

<!-- prints: status:\\s+500 -->
\`\`\`sh
node escalate.mjs
\`\`\``;

function causeOf(reason: string, meaning: string): string {
  const detail = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
  if (/^(?:the|a) /.test(meaning)) return detail;
  return `${reason} ${/^\d/.test(meaning) ? `The answer is ${meaning}.` : detail}`;
}

// Names of the API as code.
function withCode(text: string): string {
  return text.replace(
    /`[^`]*`|\b(?:error\.supportReport\(\)|adoptPlatform: true|baseUrl|rateLimit|maxConcurrency|deadlineMs|heldRetryAfterMs: 0|approve|map)(?!\w)/g,
    (name) => (name.startsWith("`") ? name : `\`${name}\``),
  );
}

export const CHECKS: Readonly<Record<OpleadErrorCode, string>> = {
  invalid_options:
    "`error.issues` lists every problem with its path and a code. `npx oplead-sdk doctor` checks the config file, the token and the address.",
  invalid_input:
    "`error.issues` lists every problem with its path and a code, without the value, which may be personal. `npx oplead-sdk plan --only ACCOUNT --all` shows one user.",
  token_unavailable:
    "`error.cause` is what the token function threw. Without a cause it took longer than `timeoutMs`, or `error.issues` says what is wrong with the token. Does the vault answer from the same machine, and is it unsealed?",
  unauthorized:
    "`npx oplead-sdk doctor` reads the profiles with the token. Does the job's environment have `OPLEAD_TOKEN`, for this platform, without white space around it?",
  forbidden:
    "All calls fail: the token lacks a right. One rule fails: the platform has probably not enabled it, see [below](#a-rule-that-is-refused).",
  not_found:
    "`updateUser` and `setRules` answer 404 for a user that Oplead does not know: use `upsertUser`. If `listUserProfiles` fails too, the base URL is wrong; `npx oplead-sdk doctor` says so.",
  conflict:
    "`error.body` holds Oplead's own words, which usually name the field. `plan.suspicious` lists records of the source that share a login.",
  refused:
    "`error.body`, or Oplead's answer in the CSV report (`npx oplead-sdk sync --report problems.csv`). Frequent reasons: a profile code of another platform, a parent whose profile is not above the user's, an e-mail address that Oplead does not accept.",
  rate_limited:
    "`error.retryAfterMs` says how long Oplead asked to wait. Do other programs use the same token? Several machines need one [shared rate](../run/several-machines.md).",
  server_error:
    "One user: look at its data first. All users: Oplead has an outage. `error.requestId` names the request to Oplead.",
  unexpected_response:
    "`error.status` and `error.fromOplead`. HTML, an empty answer or a redirect comes from a proxy, a gateway or a login page: `curl -I` the base URL from the same machine.",
  connection:
    "The message names the reason: host not found, connection refused, certificate not trusted. `npx oplead-sdk doctor` checks the address and the proxy variables.",
  timeout:
    "Is Oplead slow, or is the limit short? The defaults are 30 seconds for a request (`timeoutMs`) and 120 seconds for a call (`deadlineMs`).",
  deadline:
    "Nothing of this request was sent. Were more calls started at once than `rateLimit` and `maxConcurrency` let through in `deadlineMs`, or did the call wait for earlier work on the same user?",
  aborted: "A signal of your program, Ctrl-C, or a scheduler that stopped the job?",
  ambiguous_creation: "Nothing. The next `upsertUser` with the same account number asks Oplead first.",
  incomplete:
    "`error.result` has `id`, `applied`, `failed` with the error of each step, and `notSent`. `error.cause` is the first of these errors; look up its code here.",
  sync_refused:
    "`error.findings` says what [the guard](../run/guard.md) found, with numbers. `other_plan`: the source has changed since the plan was read. `first_run`, `ledger_shrunk`: look for the [ledger](./ledger.md#a-lost-ledger) before you approve. `mass_invalid`: a column was probably renamed.",
  source_failed:
    "`error.cause`: the file is not readable, the query failed, or the service did not answer. Nothing was sent.",
  ledger_unavailable:
    "`fileLedger`: is another run under way (the message names its process), is the disk full, may the folder be written? Otherwise: does the store answer?",
  queue_unavailable:
    "The message names the reason, such as ECONNREFUSED. Does `redis` of `userQueue` lead to the right server, and does `redis-cli ping` answer from the same machine? `npx oplead-sdk worker status` asks the same way.",
  state_lost:
    "Is `maxmemory-policy` of Redis `noeviction`? Were keys deleted, or was a job older than `inboxTtlMs` started again?",
  ledger_mismatch:
    "The message names both platforms: the ledger's and the client's. Is this the config of staging with the ledger of production?",
  audit_unavailable:
    "The message has the path and the system's code: `ENOSPC` is a full disk, `EACCES` a missing right, `ENOENT` a missing folder. A run ends rather than send what is not on record.",
  ledger_conflict:
    "Two processes work on the same user without leases, which a ledger of your own may lack. `redisLedger` prevents it, and so does a `version` for each user.",
};
