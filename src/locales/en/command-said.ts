import type { Numbers, Strings } from "../coded.ts";
import { counted, duration, number, plural } from "./words.ts";

/** What every command may say, and what `ledger`, `leavers`, `serve`, `worker`, `trigger` and `fake` say. */
export const COMMAND_SAID = {
  no_such_language: ({ language }: Strings<"language">) => `There is no language ${language}: en, fr.`,
  failed_with_code: ({ failure, code }: Strings<"failure" | "code">) => `${failure} (${code}).`,
  interrupted: () => "Interrupted. Nothing was left half done.",
  advice_adopt: () => "\nWith the command: npx oplead ledger adopt",
  advice_token: () =>
    "\nPut the token into the environment or into a file .env beside the config. To try without one: --target fake",
  stopping: () => "Stopping.",
  stopped_at_once: () =>
    "Stopped at once. What Oplead had acknowledged is in the ledger; the next run finds out the rest.",
  warning_label: () => "Warning:",
  error_details: ({ words }: Strings<"words">) => words,
  error_code: ({ code }: Strings<"code">) => `[${code}]`,
  error_code_explained: ({ code }: Strings<"code">) => `[${code}] What to do: npx oplead help ${code}`,
  help_of_code: ({ code, cause, check, remedy }: Strings<"code" | "cause" | "check" | "remedy">) =>
    `${code}\n\nCause: ${cause}\n\nCheck: ${check}\n\nRemedy: ${remedy}`,
  error_label: () => "Error:",
  result_not_written: ({ reason }: Strings<"reason">) => `The result could not be written (${reason}).`,
  disk_full: () => "ENOSPC: the disk is full",
  lines_more: ({ more }: Numbers<"more">) => `  and ${number(more)} more`,
  file_not_written: ({ file }: Strings<"file">) => `${file} could not be written`,
  report_not_written: ({ file }: Strings<"file">) => `The report could not be written to ${file}`,
  target_is_fake: () => "Target fake: a fake Oplead in this process. It and its ledger end with the command.",
  token_needs_pipe: () => "--token-stdin reads a pipe: vault read … | oplead plan --token-stdin",
  token_pipe_empty: () => "--token-stdin was given, and standard input is empty.",
  ledger_in_use_at: ({ path, holder }: Strings<"path" | "holder">) =>
    `Another run has the ledger at ${path}. ${holder} Wait until it has ended.`,
  holder: ({ pid, command, run, time }: Strings<"pid" | "command" | "run" | "time">) =>
    `It is in use by process ${pid}: oplead ${command}, run ${run}, since ${time}.`,
  holder_elsewhere: ({ pid, host, command, run, time }: Strings<"pid" | "host" | "command" | "run" | "time">) =>
    `It is in use by process ${pid} on ${host}: oplead ${command}, run ${run}, since ${time}.`,
  queue_with_fake: () => "A queue reaches other processes, and the target fake does not.",
  queue_option_missing: () => "queue: is missing in the config, and this command needs it",
  queue_needs_shared_ledger: () =>
    "ledger: must be one that processes share if there is a queue, for example redisLedger(redis) of oplead-sdk/redis",
  queue_needs_packages: () => "The queue needs two more packages: npm install bullmq ioredis",
  map_failed_for: ({ records }: Numbers<"records">) =>
    `map failed for ${counted(records, "record")}: npx oplead plan says why.`,
  file_unreadable: ({ file }: Strings<"file">) => `${file} cannot be read`,
  name_and_what: ({ name, what }: Strings<"name" | "what">) => `${name}: ${what}`,
  written: ({ file }: Strings<"file">) => `Written: ${file}`,
  no_audit_file: () => "The config has no audit file (audit: false).",
  no_leavers: () => "No leavers.",
  leaver_line: ({ state, user, id, day, days }: Strings<"state" | "user" | "id" | "day" | "days">) =>
    `${state}  ${user}  id ${id}  missing since ${day}  days ${days}`,
  not_leavers: ({ users }: Strings<"users">) => `No leavers: ${users}.`,
  leavers_done: ({ count }: Numbers<"count">) => `${number(count)} done.`,
  leavers_open_again: ({ count }: Numbers<"count">) => `${number(count)} open again.`,
  no_users: () => "No users.",
  no_ledger_entry: ({ user }: Strings<"user">) => `The ledger has no user ${user}.`,
  forgotten: ({ count, lines }: Numbers<"count" | "lines">) =>
    `${number(count)} forgotten; ${counted(lines, "line")} of the audit changed.`,
  import_row_incomplete: ({ file, row }: Strings<"file" | "row">) =>
    `${file}, row ${row}: an account number and an id are needed. Nothing was imported.`,
  import_conflicts: ({ users }: Strings<"users">) => `The ledger has another id for ${users}: these stay as they are.`,
  imported: ({ imported, kept }: Numbers<"imported" | "kept">) =>
    `${number(imported)} imported, ${number(kept)} known before.`,
  move_still_in_source: ({ users }: Strings<"users">) =>
    `The source still has ${users}. Nothing was moved: these people have not got another number. If the source is not up to date, give --no-check.`,
  move_needs_numbers: () => "Give the old and the new number, or --file: npx oplead ledger move FROM TO",
  move_without_id: ({ from, to }: Strings<"from" | "to">) =>
    `The ledger has no id of ${from}, so nothing was moved to ${to}.`,
  move_conflict: ({ to, from }: Strings<"to" | "from">) =>
    `The ledger has another user under ${to}: ${from} stays as it is.`,
  moved: ({ moved, before }: Numbers<"moved" | "before">) => `${number(moved)} moved, ${number(before)} moved before.`,
  ledger_in_test_mode: () => "In test mode the ledger stays as it is.",
  ledger_adopted: ({ platform }: Strings<"platform">) => `The ledger belongs to ${platform}.`,
  ledger_adopted_from: ({ platform, before }: Strings<"platform" | "before">) =>
    `The ledger belongs to ${platform}, no longer to ${before}.`,
  entry_damaged: () => "damaged",
  entry_without_id: () => "no id",
  entry_held: ({ failure, day }: Strings<"failure" | "day">) => `held: ${failure} since ${day}`,
  entry_missing: ({ day }: Strings<"day">) => `missing since ${day}`,
  entry_id_none: () => "none: Oplead has not accepted it yet",
  entry_id: ({ id }: Strings<"id">) => `  id: ${id}`,
  entry_written: ({ time }: Strings<"time">) => `  last written: ${time}`,
  entry_rules: ({ rules }: Strings<"rules">) => `  rules: ${rules}`,
  entry_version: ({ version }: Strings<"version">) => `  version: ${version}`,
  worker_working: () => "Working. Ctrl-C ends it.",
  worker_working_test_mode: () => "Working in test mode. Ctrl-C ends it.",
  worker_stopping: () => "Stopping: finishing the users under way. Ctrl-C again stops at once.",
  worker_done: ({ users }: Numbers<"users">) => `${counted(users, "user")} worked on.`,
  serve_receiving: ({ address }: Strings<"address">) =>
    `Receiving deliveries at ${address} (probes: /healthz, /readyz). Ctrl-C ends it.`,
  serve_stopping: () => "Stopping: waiting for the deliveries under way. Ctrl-C again stops at once.",
  metrics_at: ({ address }: Strings<"address">) => `Metrics at ${address} (probes: /healthz, /readyz).`,
  cannot_listen: ({ address, code }: Strings<"address" | "code">) => `Cannot listen at ${address} (${code}).`,
  jobs_started_again: ({ jobs }: Numbers<"jobs">) => `${counted(jobs, "job")} started again.`,
  job_waiting: () => "waiting",
  job_active: () => "active",
  job_delayed: () => "delayed",
  job_failed: () => "failed",
  job_completed: () => "completed",
  inbox_users: ({ users }: Numbers<"users">) => `${plural(users, "user", "users")} stored and not acknowledged`,
  failed_job: ({ job, why }: Strings<"job" | "why">) => `  failed  ${job}: ${why}`,
  oldest_job: ({ time }: Numbers<"time">) => `The oldest has waited for ${duration(time)}.`,
  rate_pause_ended: () => "The shared rate has no pause now.",
  rate_not_shared: () => "client.rateLimit of the config is not a redisRate.",
  user_audit_failed: ({ message }: Strings<"message">) => `${message} Users are sent all the same.`,
  user_audit_lacks: ({ lines }: Numbers<"lines">) => `The audit lacks ${counted(lines, "line")}.`,
  fake_listens: ({ url, token }: Strings<"url" | "token">) =>
    `A fake Oplead listens at ${url}\n\n  OPLEAD_BASE_URL=${url}\n  OPLEAD_TOKEN=${token}`,
  fake_ended: ({ users, requests, duplicates }: Numbers<"users" | "requests" | "duplicates">) =>
    `${counted(users, "user")}, ${counted(requests, "request")}, ${counted(duplicates, "duplicate")}.`,
  trigger_unreachable: ({ url, why }: Strings<"url" | "why">) =>
    `${url} cannot be reached (${why}). Start it with: oplead serve`,
  trigger_no_answer: () => "no answer",
  trigger_bad_address: ({ url }: Strings<"url">) => `--to ${url}: is not an address.`,
  event_not_json: ({ file }: Strings<"file">) => `${file} is not JSON.`,
  event_unreadable: ({ file, code }: Strings<"file" | "code">) => `${file} cannot be read (${code}).`,
};
