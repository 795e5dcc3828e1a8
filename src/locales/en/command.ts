import type { Lists, Numbers, Strings } from "../coded.ts";
import { COMMAND_HELP, LIVE_COMMANDS, RULE_COMMANDS, RUN_COMMANDS, START_COMMANDS } from "./command-help.ts";
import { COMMAND_RUN, COMMAND_SAID } from "./command-run.ts";
import { COMMAND_SETUP } from "./command-setup.ts";
import { LEAD_LABELS } from "./rules.ts";
import { all, counted, duration, listed, number } from "./words.ts";

export const COMMAND_COVERAGE = {
  no_account_number: "(no account number)",
  row: ({ row }: Strings<"row">) => `row ${row}`,
  map_failed: "map failed",
  left_out: ({ count }: Numbers<"count">) =>
    `Left out, because the record is invalid and is not sent (${number(count)})`,
  or: " or ",
  lead_without_place: ({ code, country }: Strings<"code" | "country">) =>
    `${code} is not a known postcode of ${country}: the lead has no place.\n\n`,
  flag_without_other: ({ flag, other }: Strings<"flag" | "other">) => `${flag} does nothing without ${other}.`,
  policies_judged: ({ policies, broken }: Numbers<"policies" | "broken">) =>
    `Policies: ${number(policies)}, broken: ${number(broken)}.`,
  policy_failed: ({ policy, error }: Strings<"policy" | "error">) => `The policy ${policy} failed: ${error}.`,
  only_france_known: ({ countries }: Strings<"countries">) =>
    `Rules name ${countries}, and only France is known here: --online reads countries from Oplead.`,
  countries_unknown: ({ countries }: Strings<"countries">) =>
    `Rules name ${countries}, which the platform does not have.`,
  territories_left_out: ({ names }: Lists<"names">) =>
    `Left out, because no user is there (--all-territories): ${names.join(", ")}.`,
  coverage_counts: ({ users, findings }: Numbers<"users" | "findings">) =>
    `${counted(users, "user")}, ${counted(findings, "finding")}.`,
  assumptions: ({ names }: Strings<"names">) => `Assumptions: ${names}`,
};

export const COMMAND_HISTORY = {
  names_unknown: ({ why }: Strings<"why">) =>
    `Labels and segments are left out, because the source cannot be read: ${why}`,
  label: "label",
  segment: "segment",
  runs_paused_line: ({ pause }: Strings<"pause">) => `paused: ${pause}`,
  pause_unknown: ({ why }: Strings<"why">) => `Whether runs are paused is not known: ${why}`,
  no_failure_noted: ({ user }: Strings<"user">) =>
    `No run has noted a failure of ${user}. Runs note them beside the audit file.`,
  last_run: ({ run }: Strings<"run">) => `last run: ${run}`,
  last_night: ({ run }: Strings<"run">) => `last night: ${run}`,
  last_complete: ({ run }: Strings<"run">) => `last full send: ${run}`,
  the_same: "the same",
  run_open: ({ run, time }: Strings<"run" | "time">) => `not ended: ${run}, since ${time}`,
  run_open_with_amounts: ({ run, time, amounts }: Strings<"run" | "time" | "amounts">) =>
    `not ended: ${run}, since ${time}, ${amounts}`,
  problems_unknown: "open problems: not known",
  problems_open: ({ fresh, known }: Strings<"known"> & Numbers<"fresh">) =>
    `open problems: ${number(fresh)} new, ${known} known`,
  problems_still: ({ known }: Numbers<"known">) => `nothing new; still ${number(known)} not sent`,
  problems_of_kind: ({ kind, fresh, known }: Strings<"kind"> & Numbers<"fresh" | "known">) =>
    `  ${kind}: ${number(fresh)} new, ${number(known)} known`,
  leavers_due_count: ({ count }: Strings<"count">) => `leavers due: ${count}`,
  oldest_confirmation: ({ time }: Numbers<"time">) => `oldest confirmation: ${duration(time)} ago`,
  ledger_entries: ({ count }: Strings<"count">) => `ledger entries: ${count} after the last run`,
  amount: ({ value }: Numbers<"value">) => number(value),
  not_known: "not known",
  none: "none",
  exit_code: ({ code }: Strings<"code">) => `exit ${code}`,
  run_state: ({ status, how, time, origin, run }: Strings<"status" | "how" | "origin" | "run"> & Numbers<"time">) =>
    `${status}${how}, ${time < 0 ? "later than this clock" : `${duration(time)} ago`}, ${origin} ${run}`,
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
  no_runs: "No runs.",
  no_such_run: ({ run }: Strings<"run">) => `The audit has no run ${run}.`,
  not_ended: "not ended",
  requests_made: ({ requests }: Numbers<"requests">) => counted(requests, "request"),
  lasted: ({ time }: Numbers<"time">) => duration(time),
  in_test_mode: ", test mode",
  by_operator: ({ operator }: Strings<"operator">) => `by ${operator}`,
  run_host: ({ host, version }: Strings<"host" | "version">) => `  on ${host}, oplead-sdk ${version}`,
  run_plan: ({ plan, platform, changes }: Strings<"plan" | "platform"> & Numbers<"changes">) =>
    `  plan ${plan} for ${platform}: ${counted(changes, "change")}`,
  run_source_file: ({ file }: Strings<"file">) => `  read ${file} in place of the source`,
  run_past_guard: ({ ways }: Lists<"ways">) => `  past the guard by ${all(ways)}`,
  run_findings: ({ findings }: Lists<"findings">) => `  the guard found: ${all(findings)}`,
  run_problems: ({ fresh, known }: Numbers<"fresh" | "known">) =>
    `  problems: ${number(fresh)} new, ${number(known)} known`,
  run_ended_by: ({ code }: Strings<"code">) => `  ended by: ${code}`,
  ledger_left_out: ({ message }: Strings<"message">) => `The answer leaves out the ledger. ${message}`,
  not_asked: "not asked",
  ledger_is_in_use: "the ledger is in use",
  user_unknown: ({ user }: Strings<"user">) => `Nothing is known of ${user}.`,
  user_unknown_similar: ({ user, others }: Strings<"user"> & Lists<"others">) =>
    `Nothing is known of ${user}. Did you mean ${listed(others, "or")}?`,
  moved_from: ({ user }: Strings<"user">) => `moved from ${user}`,
  move_still_to_tell: ", which the next run tells Oplead",
  by_how: ({ how }: Strings<"how">) => `, by ${how}`,
  user_without_id: ({ user }: Strings<"user">) => `${user}: no Oplead ID`,
  user_with_id: ({ user, id }: Strings<"user" | "id">) => `${user}: Oplead ID ${id}`,
  not_in_ledger: ", not in the ledger",
  moved_to: ({ user }: Strings<"user">) => `  moved to ${user}: npx oplead-sdk why ${user}`,
  held_since_or_until: ({ since, until, failure }: Strings<"since" | "until" | "failure">) =>
    `  held since ${since} until it changes, or ${until} (${failure})`,
  missing_from_source_since: ({ time }: Strings<"time">) => `  missing from the source since ${time}`,
  dealt_with_on: ({ time }: Strings<"time">) => `  dealt with in Oplead, as was said on ${time}`,
  may_arrive: ({ at, until }: Strings<"at" | "until">) =>
    `  a request of ${at} may still arrive; everything is sent once more after ${until}`,
  tonight: ({ what }: Strings<"what">) => `  tonight: ${what}`,
  times_until: ({ count, time }: Strings<"time"> & Numbers<"count">) => `; ${number(count)} times until ${time}`,
  step_test_mode: " (test mode)",
  step_of_next_run: " (written by the next run)",
  not_known_because: ({ why }: Strings<"why">) => `not known: ${why}`,
  config_without_source: "the config has no source, or no map",
  source_without_user: "the source has no such user",
  refreshed_every: ({ days }: Numbers<"days">) =>
    `The config sends each user again every ${counted(days, "day")} (refreshAfterDays).`,
  refreshed_never: "With refreshAfterDays, the config would send each user again every so many days.",
  tonight_unchanged: ({ user, refresh }: Strings<"user" | "refresh">) =>
    `nothing: according to the ledger, Oplead has what the source says. It does not see an edit by hand in Oplead. ${refresh} To send it now: npx oplead-sdk sync --only ${user} --resend`,
  tonight_guard_refuses: ({ what }: Strings<"what">) =>
    `${what}, but the guard would refuse the run: npx oplead-sdk plan`,
  unknown_fields: "fields that are not known",
  tonight_create: "create it, or update it if Oplead has it",
  tonight_update: "update",
  tonight_leaver_rules: "send the rules of leavers",
  tonight_nothing: ({ why }: Strings<"why">) => `nothing: ${why}`,
  tonight_once_more: "send it once more, which Oplead refused before",
  tonight_refresh: "confirm it: it is sent again, although nothing changed",
  tonight_stale: "nothing: the ledger has a newer version",
  tonight_missing: ({ state, days }: Strings<"state"> & Numbers<"days">) =>
    `nothing: missing from the source ${days === 0 ? "since today" : `for ${counted(days, "day")}`} (${state})`,
  outcome_count: ({ count, outcome }: Strings<"outcome"> & Numbers<"count">) => `${number(count)} ${outcome}`,
  answer_has_others: ({ fields }: Strings<"fields">) => `the answer has other values: ${fields}`,
  separator: "; ",
};

// Words for values of the data, such as `outcome: "created"`: the value is the code.
export const COMMAND_WORDS = {
  invalid: "invalid",
  held: "held",
  duplicate: "duplicate",
  twin: "twin",
  stale: "stale",
  accountNumber: "accountNumber",
  id: "id",
  missingSince: "missingSince",
  days: "days",
  state: "state",
  grace: "grace",
  due: "due",
  done: "done",
  perhaps: "perhaps",
  complete: "complete",
  partial: "partial",
  stopped: "stopped",
  paused: "paused",
  aborted: "aborted",
  refused: "refused",
  killed: "killed",
  created: "created",
  updated: "updated",
  refreshed: "confirmed",
  sent: "sent",
  unchanged: "unchanged",
  incomplete: "incomplete",
  failed: "failed",
  skipped: "skipped",
  unverifiable: "unverifiable",
  ignored: "ignored",
  notSelected: "notSelected",
  notApproved: "notApproved",
  queued: "queued",
  repeated: "repeated",
  gap: "gap",
  thin: "thin",
  not_counted: "not_counted",
  kind: "kind",
  certain: "certain",
  finding: "finding",
  inhabitants: "inhabitants",
  accountNumbers: "accountNumbers",
  zipCodes: "zipCodes",
  true: "true",
  false: "false",
};

// The tables are not merged into one object, because merging takes as long as loading.
export const COMMAND = {
  start: START_COMMANDS,
  runs: RUN_COMMANDS,
  rules: RULE_COMMANDS,
  live: LIVE_COMMANDS,
  help: COMMAND_HELP,
  said: COMMAND_SAID,
  run: COMMAND_RUN,
  history: COMMAND_HISTORY,
  setup: COMMAND_SETUP,
  coverage: COMMAND_COVERAGE,
  words: COMMAND_WORDS,
  leads: LEAD_LABELS,
};

type Tables = typeof COMMAND;

// Each code is in only one of the tables.
export type CommandTexts = Tables["start"] &
  Tables["runs"] &
  Tables["rules"] &
  Tables["live"] &
  Tables["help"] &
  Tables["said"] &
  Tables["run"] &
  Tables["history"] &
  Tables["setup"] &
  Tables["coverage"] &
  Tables["words"] &
  Tables["leads"];
