import type { Numbers, Strings } from "../coded.ts";
import { counted, duration, number } from "./words.ts";

/** What `status`, `history` and `why` say. */
export const COMMAND_HISTORY = {
  runs_paused_line: ({ pause }: Strings<"pause">) => `paused: ${pause}`,
  pause_unknown: ({ why }: Strings<"why">) => `Whether runs are paused is not known: ${why}`,
  no_failure_noted: ({ user }: Strings<"user">) =>
    `No run has noted a failure of ${user}. Runs note them beside the audit file.`,
  last_run: ({ run }: Strings<"run">) => `last run: ${run}`,
  last_night: ({ run }: Strings<"run">) => `last night: ${run}`,
  last_complete: ({ run }: Strings<"run">) => `last complete: ${run}`,
  the_same: () => "the same",
  run_open: ({ run, time }: Strings<"run" | "time">) => `not ended: ${run}, since ${time}`,
  run_open_with_amounts: ({ run, time, amounts }: Strings<"run" | "time" | "amounts">) =>
    `not ended: ${run}, since ${time}, ${amounts}`,
  problems_unknown: () => "open problems: not known",
  problems_open: ({ fresh, known }: Strings<"known"> & Numbers<"fresh">) =>
    `open problems: ${number(fresh)} new, ${known} known`,
  problems_of_kind: ({ kind, fresh, known }: Strings<"kind"> & Numbers<"fresh" | "known">) =>
    `  ${kind}: ${number(fresh)} new, ${number(known)} known`,
  leavers_due_count: ({ count }: Strings<"count">) => `leavers due: ${count}`,
  ledger_entries: ({ count }: Strings<"count">) => `ledger entries: ${count}`,
  amount: ({ value }: Numbers<"value">) => number(value),
  not_known: () => "not known",
  none: () => "none",
  exit_code: ({ code }: Strings<"code">) => `exit ${code}`,
  run_state: ({ status, how, time, origin, run }: Strings<"status" | "how" | "origin" | "run"> & Numbers<"time">) =>
    `${status}${how}, ${duration(time)} ago, ${origin} ${run}`,
  queue_unknown: ({ code }: Strings<"code">) => `queue: not known (${code})`,
  queue_jobs: ({
    jobs,
    oldest,
    active,
    delayed,
    failed,
  }: Strings<"oldest"> & Numbers<"jobs" | "active" | "delayed" | "failed">) =>
    `queue: ${counted(jobs, "job")} waiting${oldest}; ${number(active)} active, ${number(delayed)} delayed, ${number(failed)} failed`,
  queue_oldest: ({ time }: Numbers<"time">) => `, the oldest has waited for ${duration(time)}`,
  no_night_within: ({ time }: Numbers<"time">) => `No night has ended within ${duration(time)}.`,
  night_failed: ({ run }: Strings<"run">) => `The last night did not do its work: ${run}`,
  queue_not_asked: ({ why }: Strings<"why">) => `The queue cannot be asked: ${why}`,
  no_runs: () => "No runs.",
  no_such_run: ({ run }: Strings<"run">) => `The audit has no run ${run}.`,
  not_ended: () => "not ended",
  requests_made: ({ requests }: Numbers<"requests">) => counted(requests, "request"),
  lasted: ({ time }: Numbers<"time">) => duration(time),
  in_test_mode: () => ", test mode",
  by_operator: ({ operator }: Strings<"operator">) => `by ${operator}`,
  run_host: ({ host, version }: Strings<"host" | "version">) => `  on ${host}, oplead-sdk ${version}`,
  run_plan: ({ plan, platform, changes }: Strings<"plan" | "platform"> & Numbers<"changes">) =>
    `  plan ${plan} for ${platform}: ${counted(changes, "change")}`,
  run_source_file: ({ file }: Strings<"file">) => `  read ${file} in place of the source`,
  run_past_guard: ({ ways }: Strings<"ways">) => `  past the guard by ${ways}`,
  run_findings: ({ findings }: Strings<"findings">) => `  the guard found: ${findings}`,
  run_problems: ({ fresh, known }: Numbers<"fresh" | "known">) =>
    `  problems: ${number(fresh)} new, ${number(known)} known`,
  run_ended_by: ({ code }: Strings<"code">) => `  ended by: ${code}`,
  ledger_left_out: ({ message }: Strings<"message">) => `${message} The ledger and the plan are left out.`,
  not_asked: () => "not asked",
  ledger_is_in_use: () => "the ledger is in use",
  user_unknown: ({ user }: Strings<"user">) => `Nothing is known of ${user}.`,
  user_unknown_similar: ({ user, others }: Strings<"user" | "others">) =>
    `Nothing is known of ${user}. Did you mean: ${others}?`,
  moved_from: ({ user }: Strings<"user">) => `moved from ${user}`,
  move_still_to_tell: () => ", which the next run tells Oplead",
  by_how: ({ how }: Strings<"how">) => `, by ${how}`,
  user_without_id: ({ user }: Strings<"user">) => `${user}: no Oplead ID`,
  user_with_id: ({ user, id }: Strings<"user" | "id">) => `${user}: Oplead ID ${id}`,
  not_in_ledger: () => ", not in the ledger",
  moved_to: ({ user }: Strings<"user">) => `  moved to ${user}: npx oplead why ${user}`,
  held_since: ({ since, failure }: Strings<"since" | "failure">) =>
    `  held since ${since} until it changes (${failure})`,
  held_since_or_until: ({ since, until, failure }: Strings<"since" | "until" | "failure">) =>
    `  held since ${since} until it changes, or ${until} (${failure})`,
  missing_from_source_since: ({ time }: Strings<"time">) => `  missing from the source since ${time}`,
  dealt_with_on: ({ time }: Strings<"time">) => `  dealt with in Oplead, as was said on ${time}`,
  tonight: ({ what }: Strings<"what">) => `  tonight: ${what}`,
  times_until: ({ count, time }: Strings<"time"> & Numbers<"count">) => `; ${number(count)} times until ${time}`,
  step_test_mode: () => " (test mode)",
  step_of_next_run: () => " (written by the next run)",
  not_known_because: ({ why }: Strings<"why">) => `not known: ${why}`,
  config_without_source: () => "the config has no source, or no map",
  source_without_user: () => "the source has no such user",
  tonight_unchanged: () => "nothing: Oplead has what the source says",
  tonight_guard_refuses: ({ what, codes }: Strings<"what" | "codes">) =>
    `${what}, but the guard would refuse the run (${codes})`,
  unknown_fields: () => "fields that are not known",
  tonight_create: () => "create it, or update it if Oplead has it",
  tonight_update: () => "update",
  tonight_leaver_rules: () => "send the rules of leavers",
  tonight_nothing: ({ why }: Strings<"why">) => `nothing: ${why}`,
  tonight_once_more: () => "send it once more, which Oplead refused before",
  tonight_twin: ({ other }: Strings<"other">) =>
    `nothing: it has the login or the e-mail address of ${other}, so it is perhaps a second row of one person`,
  tonight_duplicate: () => "nothing: several records of the source have this account number",
  tonight_waiting: ({ root, state }: Strings<"root" | "state">) => `nothing: it waits for ${root}, which is ${state}`,
  tonight_held: ({ failure, user }: Strings<"failure" | "user">) =>
    `nothing: it is held (${failure}); to send it again: npx oplead retry --held ${user}`,
  tonight_stale: () => "nothing: the ledger has a newer version",
  tonight_missing: ({ state, days }: Strings<"state"> & Numbers<"days">) =>
    `nothing: the source does not have it (${state}, ${counted(days, "day")})`,
  outcome_count: ({ count, outcome }: Strings<"outcome"> & Numbers<"count">) => `${number(count)} ${outcome}`,
  separator: () => "; ",
};
