import type { Lists, Numbers, Perhaps, Strings } from "../coded.ts";
import { joinParts } from "../grammar.ts";
import { all, counted, duration, listed, number, people, plural } from "./words.ts";

export const COMMAND_RUN = {
  progress_done: ({ done, total }: Numbers<"done" | "total">) => `${number(done)} of ${number(total)} users`,
  progress_failed: ({ count }: Numbers<"count">) => `${number(count)} failed`,
  progress_skipped: ({ count }: Numbers<"count">) => `${number(count)} skipped`,
  progress_left: ({ time }: Numbers<"time">) => `${duration(time)} left`,
  plan_file_wrong: ({ file, problem }: Strings<"file" | "problem">) =>
    `${file} ${problem}. Save one with: npx oplead-sdk plan --out ${file}`,
  plan_file_not_json: ({ file }: Strings<"file">) =>
    `${file} is not a plan: it is not JSON. Save one with: npx oplead-sdk plan --out ${file}`,
  no_such_plan: ({ file }: Strings<"file">) => `There is no plan ${file}.`,
  plan_unreadable: ({ file, code }: Strings<"file" | "code">) => `The plan ${file} cannot be read (${code}).`,
  github_not_written: ({ code }: Strings<"code">) => `The outputs for GitHub Actions could not be written (${code}).`,
  finishing_requests: "Finishing the requests in flight. Ctrl-C again stops at once.",
  run_done_but: ({ failure, code }: Strings<"failure" | "code">) => `The run is done, but ${failure} (${code}).`,
  mark_not_written: "the mark of its ledger could not be written",
  columns_not_written: "the note of the file's columns could not be written",
  support_not_written: "the texts for Oplead Care could not be written",
  run_report_not_written: ({ file }: Strings<"file">) => `its report could not be written to ${file}`,
  run_noted: ({ file }: Strings<"file">) => `Audit: ${file}`,
  pause_needs_time:
    "Say until when: npx oplead-sdk pause --until 2d --reason TEXT. To end a pause: npx oplead-sdk pause --off.",
  pause_over: ({ pause }: Strings<"pause">) => `The pause is over: ${pause}. The next run sends again.`,
  not_paused: "Runs are not paused.",
  paused_until: ({ until, time }: Strings<"until"> & Numbers<"time">) =>
    `Runs are paused until ${until}, for ${duration(time)}. Webhooks and workers go on.`,
  pause_replaces: ({ pause }: Strings<"pause">) => `It replaces this pause: ${pause}.`,
  pause_end_sooner: "To end it sooner: npx oplead-sdk pause --off",
  pause_terms: ({ until, by, since }: Strings<"until" | "by" | "since">) => `until ${until}, by ${by} since ${since}`,
  send_again_same_command: "To send again what failed, give the same command again.",
  waits_for_answer: ({ what, silentMs, leftMs, mostMs }: Wait) =>
    `No answer from Oplead for ${duration(silentMs)}. ${what} may take ${duration(leftMs)} more, and with its repetitions ${duration(mostMs)}.`,
  waits_to_repeat: ({ what, silentMs, leftMs, mostMs }: Wait) =>
    `No answer from Oplead for ${duration(silentMs)}. ${what} is tried again in ${duration(leftMs)}, for ${duration(mostMs)} at most.`,
  send_again_retry: "To send again what failed: npx oplead-sdk retry",
  audit_ended_run: ({ message }: Strings<"message">) => `${message} The run was ended: what it does must be on record.`,
  interrupted_with_left: ({ users }: Numbers<"users">) =>
    `Interrupted with ${counted(users, "user")} left. Run the same command again to continue.`,
  interrupted_resend: ({ users }: Numbers<"users">) =>
    `Interrupted with ${counted(users, "user")} left. Run the same command again: with --resend it begins anew.`,
  plan_not_written: ({ file }: Strings<"file">) => `The plan could not be written to ${file}`,
  nothing_to_send: "\nNothing to send.",
  to_carry_out: ({ command }: Strings<"command">) => `\nTo carry it out: ${command}`,
  to_approve: ({ command }: Strings<"command">) => `\nIf these reasons are expected, approve the plan:\n${command}`,
  read_and_approve: ({ lines, read, command }: Strings<"lines" | "read"> & Perhaps<"command">) =>
    `\n${lines}\n\nTo read the plan: ${read}${command === undefined ? "" : `\nIf these reasons are expected, approve it:\n${command}`}`,
  plan_refused: ({ plan, reasons, approval }: Strings<"plan" | "reasons" | "approval">) =>
    `The plan ${plan} was refused. Nothing was sent.\n${reasons}\n${approval}`,
  not_as_approved: ({ users }: Strings<"users">) => `Not as approved, and left to the next run:\n${users}`,
  approval_unknown: ({ hash, command }: Strings<"hash" | "command">) =>
    `No plan with the hash ${hash} is known here, and the present one has another: the source or the ledger has changed, or the plan was made elsewhere. Nothing was sent.\nRead the present plan: ${command}`,
  approval_reasons_changed: ({ plan, command }: Strings<"plan" | "command">) =>
    `The plan ${plan} is out of date: it would send the same, but what speaks against it has changed. Nothing was sent.\nRead the new plan: ${command}`,
  coverage_nothing_to_compare: "Coverage: nothing to compare with yet: the ledger knows no user that Oplead has.",
  coverage_unknown: ({ users }: Numbers<"users">) =>
    `  Of ${counted(users, "user")} the ledger keeps no rules yet: before this plan they cover nothing here.`,
  coverage_leavers: "  Users that left do not count, although Oplead still has their rules.",
  coverage_would_change: "With this change:",
  not_in_source: ({ users }: Lists<"users">) => `The source has no user ${listed(users)}.`,
  coverage_title: "Coverage:",
  columns_not_used: ({ columns, more }: Lists<"columns"> & Numbers<"more">) =>
    `Columns of the file that nothing takes: ${columns.map((column) => JSON.stringify(column)).join(", ")}${more === 0 ? "" : `, and ${counted(more, "other")}`}.`,
  coverage_no_change: "Coverage: no change.",
  approve_other_plan: "--approve names another plan than the file.",
  apply_needs_plan:
    "Name the plan: npx oplead-sdk apply plan.json, or --approve HASH. Without reading it first: npx oplead-sdk sync.",
  difference_added: "is new in the plan",
  difference_removed: "has nothing to send any more",
  difference_changed: "would get something else",
  difference_missing: "is missing from the source now",
  difference_back: "is in the source again",
  and_nothing_sent: ({ message }: Strings<"message">) => `${message} Nothing was sent.`,
  user_and_what: ({ user, what }: Strings<"user" | "what">) => `  ${user}: ${what}`,
  plan_out_of_date: ({ plan, lines, command }: Strings<"plan" | "lines" | "command">) =>
    `The plan ${plan} is out of date: the source or the ledger has changed. Nothing was sent.\n${lines}\nRead the new plan: ${command}`,
  confirm_question: '\nSend this to Oplead? Type "yes": ',
  not_confirmed: "The plan was not confirmed. Nothing was sent.",
  retry_without_audit:
    "The config has audit: false, so nothing says what failed. Name the users: npx oplead-sdk retry ACCOUNT …; or send everything that is open: npx oplead-sdk sync; or what Oplead has refused: npx oplead-sdk retry --held",
  retry_without_run: ({ file }: Strings<"file">) =>
    `There is no run in the audit file ${file}, so nothing says what failed. Name the users: npx oplead-sdk retry ACCOUNT …; or send everything that is open: npx oplead-sdk sync; or what Oplead has refused: npx oplead-sdk retry --held`,
  nothing_to_send_again: "Nothing to send again.",
  refused_before: ({ count }: Numbers<"count">) =>
    ` Oplead has refused ${number(count)} of them before: --held sends them all the same.`,
  to_send_again: ({ users }: Numbers<"users">) => `${counted(users, "user")} to send again.`,
  to_send_again_from_run: ({ users, run }: Strings<"run"> & Numbers<"users">) =>
    `${counted(users, "user")} to send again (from run ${run}).`,
  all_new_values: "All new values: the same command with --reveal",
  user_cannot_be_sent: ({ user, lines }: Strings<"user" | "lines">) => `${user} cannot be sent:\n${lines}`,
  held_retry: ({ user }: Strings<"user">) => `To send it again: npx oplead-sdk retry --held ${user}`,
  no_user_to_send: ({ user }: Strings<"user">) => `The source has no user ${user} that can be sent.`,
  user_unchanged_full: ({ user }: Strings<"user">) =>
    `${user} has no change to send, as far as the source was read: --full reads all of it.`,
  user_unchanged: ({ user }: Strings<"user">) => `${user} has no change to send.`,
  flag_for_new_plan: ({ flag }: Strings<"flag">) => `${flag} is for a new plan, not for one that is read from a file.`,
  test_without_queue: "--test sends from this process: leave out --queue.",
  oplead_not_asked: ({ code }: Strings<"code">) => `Nothing had to be sent, and Oplead could not be asked (${code}).`,
  no_other_user: ({ postcodes }: Numbers<"postcodes">) => `no other user for ${counted(postcodes, "postcode")}`,
  no_other_user_inhabitants: ({ postcodes, inhabitants }: Numbers<"postcodes" | "inhabitants">) =>
    `no other user for ${counted(postcodes, "postcode")} (${people(inhabitants)})`,
};

type Wait = Strings<"what"> & Numbers<"silentMs" | "leftMs" | "mostMs">;

export const COMMAND_SAID = {
  no_such_language: ({ language }: Strings<"language">) => `There is no language ${language}: en, fr.`,
  failed_with_code: ({ failure, code }: Strings<"failure" | "code">) => `${failure} (${code}).`,
  config_not_valid: ({ file }: Strings<"file">) => `${file} is not valid.`,
  interrupted: "Interrupted. Nothing was left half done.",
  advice_adopt: "\nIf it is the same platform at a new address: npx oplead-sdk ledger adopt",
  advice_token:
    "\nPut the token into the environment or into a file .env beside the config. To try without one: --target fake",
  stopping: "Stopping.",
  stopped_at_once: "Stopped at once. What Oplead had acknowledged is in the ledger; the next run finds out the rest.",
  warning_label: "Warning:",
  error_details: ({ words }: Strings<"words">) => words,
  request_details: ({ operation, requests, requestId, reason }: RequestDetails) =>
    joinParts([
      `Call: ${operation}`,
      requests > 1 && `${number(requests)} requests`,
      reason,
      requestId !== undefined && `request ${requestId}`,
    ]),
  error_code: ({ code }: Strings<"code">) => `[${code}]`,
  error_code_usage: "[usage] Options: npx oplead-sdk COMMAND --help",
  error_code_explained: ({ code }: Strings<"code">) => `[${code}] What to do: npx oplead-sdk help ${code}`,
  help_of_code: ({ code, cause, check, remedy }: Strings<"code" | "cause" | "check" | "remedy">) =>
    `${code}\n\nCause: ${cause}\n\nCheck: ${check}\n\nRemedy: ${remedy}`,
  error_label: "Error:",
  result_not_written: ({ reason }: Strings<"reason">) => `The result could not be written (${reason}).`,
  disk_full: "ENOSPC: the disk is full",
  lines_more: ({ more }: Numbers<"more">) => `  and ${number(more)} more`,
  file_not_written: ({ file }: Strings<"file">) => `${file} could not be written`,
  report_not_written: ({ file }: Strings<"file">) => `The report could not be written to ${file}`,
  target_is_fake: "Target fake: a fake Oplead in this process. It and its ledger end with the command.",
  token_needs_pipe: "--token-stdin reads a pipe: vault read … | oplead plan --token-stdin",
  token_pipe_empty: "--token-stdin was given, and standard input is empty.",
  ledger_exported: ({ count, file }: Strings<"file"> & Numbers<"count">) =>
    `${counted(count, "entry", "entries")} written to ${file}. It holds account numbers, ids and rules, and not the key: take OPLEAD_LEDGER_KEY along as well.`,
  ledger_imported: ({ count }: Numbers<"count">) =>
    `${counted(count, "entry", "entries")} in the ledger now. The next plan compares with them.`,
  import_other_key:
    "The file was made with another key than this ledger has: set OPLEAD_LEDGER_KEY to that of the old server. Nothing was imported.",
  import_not_empty: ({ user }: Strings<"user">) =>
    `This ledger has users already, and ${user} is not the same in the file. Import into a new ledger. Nothing was imported.`,
  import_other_form: ({ file }: Strings<"file">) =>
    `${file} was exported by another version of oplead-sdk. Export the ledger again with this one. Nothing was imported.`,
  import_other_platform: ({ stored, current }: Strings<"current" | "stored">) =>
    `The file belongs to ${stored}, and this config to ${current}. If the platform has moved: import with the old address, then run npx oplead-sdk ledger adopt with the new one. Nothing was imported.`,
  import_line_differs: ({ file, line }: Strings<"file"> & Numbers<"line">) =>
    `${file}, line ${number(line)}: was changed, moved, added or cut off. Export the ledger again. Nothing was imported.`,
  import_line_twice: ({ file, line, other }: Strings<"file"> & Numbers<"line" | "other">) =>
    `${file}, line ${number(line)}: has the account number or ID of line ${number(other)}. Correct the old ledger and export it again. Nothing was imported.`,
  ledger_in_use_at: ({ path, holder }: Strings<"path" | "holder">) =>
    `Another run has the ledger at ${path}. ${holder} Wait until it has ended.`,
  holder: ({ pid, command, run, time }: Strings<"pid" | "command" | "run" | "time">) =>
    `It is in use by process ${pid}: oplead ${command}, run ${run}, since ${time}.`,
  holder_elsewhere: ({ pid, host, command, run, time }: Strings<"pid" | "host" | "command" | "run" | "time">) =>
    `It is in use by process ${pid} on ${host}: oplead ${command}, run ${run}, since ${time}.`,
  queue_with_fake: "A queue reaches other processes, and the target fake does not.",
  queue_option_missing: "queue: is missing in the config, and this command needs it",
  queue_needs_shared_ledger:
    "ledger: must be one that processes share if there is a queue, for example redisLedger(redis) of oplead-sdk/redis",
  queue_needs_packages: "The queue needs two more packages: npm install bullmq ioredis",
  map_failed_for: ({ records }: Numbers<"records">) =>
    `map failed for ${counted(records, "record")}: npx oplead-sdk plan says why.`,
  file_unreadable: ({ file }: Strings<"file">) => `${file} cannot be read`,
  name_and_what: ({ name, what }: Strings<"name" | "what">) => `${name}: ${what}`,
  written: ({ file }: Strings<"file">) => `Written: ${file}`,
  no_audit_file: "The config has no audit file (audit: false).",
  no_leavers: "No leavers.",
  leaver_id: ({ id }: Strings<"id">) => `ID ${id}`,
  leaver_since: ({ day }: Strings<"day">) => `missing since ${day}`,
  leaver_days: ({ days }: Numbers<"days">) => `days ${number(days)}`,
  not_leavers: ({ users }: Lists<"users">) => `No leavers: ${all(users)}.`,
  leavers_done: ({ count }: Numbers<"count">) => `${number(count)} done.`,
  leavers_open_again: ({ count }: Numbers<"count">) => `${number(count)} open again.`,
  no_users: "No users.",
  no_ledger_entry: ({ users }: Lists<"users">) => `Not in the ledger: ${all(users)}.`,
  forgotten: ({ count, lines }: Numbers<"count" | "lines">) =>
    `${number(count)} forgotten; ${counted(lines, "line")} of the audit changed.`,
  import_row_incomplete: ({ file, row }: Strings<"file" | "row">) =>
    `${file}, row ${row}: an account number and an id are needed. Nothing was imported.`,
  import_conflicts: ({ users }: Lists<"users">) =>
    `The ledger has another id for ${all(users)}: these stay as they are.`,
  imported: ({ imported, kept }: Numbers<"imported" | "kept">) =>
    `${number(imported)} imported, ${number(kept)} known before.`,
  move_still_in_source: ({ users }: Lists<"users">) =>
    `The source still has ${listed(users)}. Nothing was moved: these people have not got another number. If the source is not up to date, give --no-check.`,
  move_needs_numbers: "Give the old and the new number, or --file: npx oplead-sdk ledger move FROM TO",
  move_without_id: ({ from, to }: Strings<"from" | "to">) =>
    `The ledger has no id of ${from}, so nothing was moved to ${to}.`,
  move_conflict: ({ to, from }: Strings<"to" | "from">) =>
    `The ledger has another user under ${to}: ${from} stays as it is.`,
  moved: ({ moved, before }: Numbers<"moved" | "before">) => `${number(moved)} moved, ${number(before)} moved before.`,
  ledger_in_test_mode: "In test mode the ledger stays as it is.",
  ledger_adopted: ({ platform }: Strings<"platform">) => `The ledger belongs to ${platform}.`,
  ledger_adopted_from: ({ platform, before }: Strings<"platform" | "before">) =>
    `The ledger belongs to ${platform}, no longer to ${before}.`,
  entry_damaged: "damaged",
  entry_without_id: "no id",
  entry_held: ({ failure, day }: Strings<"failure" | "day">) => `held: ${failure} since ${day}`,
  entry_id_none: "none: Oplead has not accepted it yet",
  entry_id: ({ id }: Strings<"id">) => `  id: ${id}`,
  entry_written: ({ time }: Strings<"time">) => `  last written: ${time}`,
  entry_rules: ({ rules }: Strings<"rules">) => `  rules: ${rules}`,
  entry_version: ({ version }: Strings<"version">) => `  version: ${version}`,
  worker_working: "Working. Ctrl-C ends it.",
  worker_working_test_mode: "Working in test mode. Ctrl-C ends it.",
  worker_stopping: "Stopping: finishing the users under way. Ctrl-C again stops at once.",
  worker_done: ({ users }: Numbers<"users">) => `${counted(users, "user")} worked on.`,
  serve_receiving: ({ address }: Strings<"address">) =>
    `Receiving deliveries at ${address} (probes: /healthz, /readyz). Ctrl-C ends it.`,
  serve_stopping: "Stopping: waiting for the deliveries under way. Ctrl-C again stops at once.",
  metrics_at: ({ address }: Strings<"address">) => `Metrics at ${address} (probes: /healthz, /readyz).`,
  cannot_listen: ({ address, code }: Strings<"address" | "code">) => `Cannot listen at ${address} (${code}).`,
  jobs_started_again: ({ jobs }: Numbers<"jobs">) => `${counted(jobs, "job")} started again.`,
  job_waiting: "waiting",
  job_active: "active",
  job_delayed: "delayed",
  job_failed: "failed",
  job_completed: "completed",
  inbox_users: ({ users }: Numbers<"users">) => `${plural(users, "user", "users")} stored and not acknowledged`,
  failed_job: ({ job, why }: Strings<"job" | "why">) => `  failed  ${job}: ${why}`,
  oldest_job: ({ time }: Numbers<"time">) => `The oldest has waited for ${duration(time)}.`,
  rate_pause_ended: "The shared rate has no pause now.",
  rate_not_shared: "client.rateLimit of the config is not a redisRate.",
  user_audit_failed: ({ message }: Strings<"message">) => `${message} Users are sent all the same.`,
  user_audit_lacks: ({ lines }: Numbers<"lines">) => `The audit lacks ${counted(lines, "line")}.`,
  fake_listens: ({ url, token }: Strings<"url" | "token">) =>
    `A fake Oplead listens at ${url}\n\n  OPLEAD_BASE_URL=${url}\n  OPLEAD_TOKEN=${token}`,
  fake_ended: ({ users, requests, duplicates }: Numbers<"users" | "requests" | "duplicates">) =>
    `${counted(users, "user")}, ${counted(requests, "request")}, ${counted(duplicates, "duplicate")}.`,
  trigger_unreachable: ({ url, why }: Strings<"url" | "why">) =>
    `${url} cannot be reached (${why}). Start it with: oplead serve`,
  trigger_no_answer: "no answer",
  trigger_bad_address: ({ url }: Strings<"url">) => `--to ${url}: is not an address.`,
  event_not_json: ({ file }: Strings<"file">) => `${file} is not JSON.`,
  event_unreadable: ({ file, code }: Strings<"file" | "code">) => `${file} cannot be read (${code}).`,
};

interface RequestDetails {
  readonly operation: string;
  readonly requests: number;
  readonly requestId: string | undefined;
  readonly reason: string | undefined;
}
