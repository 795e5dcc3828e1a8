import type { OpleadErrorCode } from "../../src/base/oplead-error-code.ts";

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
    "`error.retryAfterMs` says how long Oplead asked to wait. Do other programs use the same token? Several machines need one [shared rate](../guides/several-machines.md).",
  server_error:
    "`error.requestId` and `error.supportReport()`. Is it one user or all of them? One user: look at its data first. All: Oplead has an outage.",
  unexpected_response:
    "`error.status` and `error.fromOplead`. A page of HTML, an empty answer or a redirect comes from a proxy, a gateway or a login page. `curl -I` the base URL from the same machine.",
  connection:
    "The message names the reason: host not found, connection refused, certificate not trusted. `npx oplead doctor` checks the address and the proxy variables.",
  timeout:
    "Is Oplead slow, or is the limit short? The defaults are 30 seconds for a request (`timeoutMs`) and 120 seconds for a call (`deadlineMs`).",
  aborted: "What ended the call: a signal of your program, Ctrl-C, or a scheduler that stopped the job?",
  ambiguous_creation:
    "There is nothing to check. The next `upsertUser` with the same account number asks Oplead first and creates the user only if it is not there.",
  sync_refused:
    "`error.findings` says what the guard found, with numbers. See [the guard stopped my run](./guard.md). `other_plan`: the source has changed since the plan was read. `first_run`, `ledger_shrunk`: the [ledger](./guard.md#a-ledger-that-is-not-there) is empty or has lost entries; look for it before you approve. `mass_invalid`: a column was probably renamed.",
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
