import type { Numbers, Strings } from "../coded.ts";
import { counted, duration, number } from "./words.ts";

/** What `plan`, `apply`, `sync`, `retry` and `pause` say. */
export const COMMAND_RUN = {
  progress_done: ({ done, total }: Numbers<"done" | "total">) => `${number(done)} of ${number(total)} users`,
  progress_failed: ({ count }: Numbers<"count">) => `${number(count)} failed`,
  progress_skipped: ({ count }: Numbers<"count">) => `${number(count)} skipped`,
  progress_left: ({ time }: Numbers<"time">) => `${duration(time)} left`,
  plan_file_wrong: ({ file, problem }: Strings<"file" | "problem">) =>
    `${file} ${problem}. Save one with: npx oplead plan --out ${file}`,
  plan_file_not_json: ({ file }: Strings<"file">) =>
    `${file} is not a plan: it is not JSON. Save one with: npx oplead plan --out ${file}`,
  no_such_plan: ({ file }: Strings<"file">) => `There is no plan ${file}.`,
  plan_unreadable: ({ file, code }: Strings<"file" | "code">) => `The plan ${file} cannot be read (${code}).`,
  github_not_written: ({ code }: Strings<"code">) => `The outputs for GitHub Actions could not be written (${code}).`,
  finishing_requests: () => "Finishing the requests in flight. Ctrl-C again stops at once.",
  run_done_but: ({ failure, code }: Strings<"failure" | "code">) => `The run is done, but ${failure} (${code}).`,
  mark_not_written: () => "the mark of its ledger could not be written",
  support_not_written: () => "the texts for Oplead Care could not be written",
  run_report_not_written: ({ file }: Strings<"file">) => `its report could not be written to ${file}`,
  run_named: ({ run }: Strings<"run">) => `Run ${run}`,
  run_named_in_file: ({ run, file }: Strings<"run" | "file">) => `Run ${run}, written to ${file}`,
  pause_needs_time: () =>
    "Say until when: npx oplead pause --until 2d --reason TEXT. To end a pause: npx oplead pause --off.",
  pause_over: ({ pause }: Strings<"pause">) => `The pause is over: ${pause}. The next run sends again.`,
  not_paused: () => "Runs are not paused.",
  paused_until: ({ until, time }: Strings<"until"> & Numbers<"time">) =>
    `Runs are paused until ${until}, for ${duration(time)}. Webhooks and workers go on.`,
  pause_replaces: ({ pause }: Strings<"pause">) => `It replaces this pause: ${pause}.`,
  pause_end_sooner: () => "To end it sooner: npx oplead pause --off",
  pause_terms: ({ until, by, since }: Strings<"until" | "by" | "since">) => `until ${until}, by ${by} since ${since}`,
  pause_terms_with_reason: ({ until, by, since, reason }: Strings<"until" | "by" | "since" | "reason">) =>
    `until ${until}, by ${by} since ${since}: ${reason}`,
  send_again_same_command: () => "To send again what failed, give the same command again.",
  waits_for_answer: ({ what, silentMs, leftMs, mostMs }: Wait) =>
    `No answer from Oplead for ${duration(silentMs)}. ${what} may take ${duration(leftMs)} more, and with its repetitions ${duration(mostMs)}.`,
  waits_to_repeat: ({ what, silentMs, leftMs, mostMs }: Wait) =>
    `No answer from Oplead for ${duration(silentMs)}. ${what} is tried again in ${duration(leftMs)}, for ${duration(mostMs)} at most.`,
  send_again_retry: () => "To send again what failed: npx oplead retry",
  audit_ended_run: ({ message }: Strings<"message">) => `${message} The run was ended: what it does must be on record.`,
  interrupted_with_left: ({ users }: Numbers<"users">) =>
    `Interrupted with ${counted(users, "user")} left. Run the same command again to continue.`,
  interrupted_resend: ({ users }: Numbers<"users">) =>
    `Interrupted with ${counted(users, "user")} left. Run the same command again: with --resend it begins anew.`,
  plan_not_written: ({ file }: Strings<"file">) => `The plan could not be written to ${file}`,
  nothing_to_send: () => "\nNothing to send.",
  to_carry_out: ({ command }: Strings<"command">) => `\nTo carry it out: ${command}`,
  to_approve: ({ command }: Strings<"command">) => `\nIf these reasons are expected, approve the plan:\n${command}`,
  plan_refused: ({ plan, reasons, approval }: Strings<"plan" | "reasons" | "approval">) =>
    `The plan ${plan} was refused. Nothing was sent.\n${reasons}\n${approval}`,
  not_as_approved: ({ users }: Strings<"users">) => `Not as approved, and left to the next run:\n${users}`,
  approval_unknown: ({ hash }: Strings<"hash">) =>
    `No plan with the hash ${hash} is known here, and the present one has another: the source or the ledger has changed, or the plan was made elsewhere. Nothing was sent.\nRead the present plan: npx oplead plan`,
  approval_reasons_changed: ({ plan }: Strings<"plan">) =>
    `The plan ${plan} is out of date: it would send the same, but what speaks against it has changed. Nothing was sent.\nRead the new plan: npx oplead plan`,
  coverage_nothing_to_compare: () => "Coverage: nothing to compare with yet: the ledger knows no user that Oplead has.",
  coverage_uncertain: ({ users }: Numbers<"users">) =>
    `  Uncertain: of ${counted(users, "user")} the ledger keeps no rules yet.`,
  coverage_leavers: () => "  Users that left do not count, although Oplead still has their rules.",
  coverage_title: () => "Coverage:",
  coverage_no_change: () => "Coverage: no change.",
  approve_other_plan: () => "--approve names another plan than the file.",
  apply_needs_plan: () =>
    "Name the plan: npx oplead apply plan.json, or --approve HASH. Without reading it first: npx oplead sync.",
  difference_added: () => "is new in the plan",
  difference_removed: () => "has nothing to send any more",
  difference_changed: () => "would get something else",
  difference_missing: () => "is missing from the source now",
  difference_back: () => "is in the source again",
  and_nothing_sent: ({ message }: Strings<"message">) => `${message} Nothing was sent.`,
  user_and_what: ({ user, what }: Strings<"user" | "what">) => `  ${user}: ${what}`,
  plan_out_of_date: ({ plan, lines }: Strings<"plan" | "lines">) =>
    `The plan ${plan} is out of date: the source or the ledger has changed. Nothing was sent.\n${lines}\nRead the new plan: npx oplead plan`,
  confirm_question: () => '\nSend this to Oplead? Type "yes": ',
  not_confirmed: () => "The plan was not confirmed. Nothing was sent.",
  retry_without_audit: () =>
    "The config has audit: false, so nothing says what failed. Name the users: npx oplead retry ACCOUNT …; or send everything that is open: npx oplead sync; or what Oplead has refused: npx oplead retry --held",
  retry_without_run: ({ file }: Strings<"file">) =>
    `There is no run in the audit file ${file}, so nothing says what failed. Name the users: npx oplead retry ACCOUNT …; or send everything that is open: npx oplead sync; or what Oplead has refused: npx oplead retry --held`,
  nothing_to_send_again: () => "Nothing to send again.",
  refused_before: ({ count }: Numbers<"count">) =>
    ` Oplead has refused ${number(count)} of them before: --held sends them all the same.`,
  to_send_again: ({ users }: Numbers<"users">) => `${counted(users, "user")} to send again.`,
  to_send_again_from_run: ({ users, run }: Strings<"run"> & Numbers<"users">) =>
    `${counted(users, "user")} to send again (from run ${run}).`,
  all_new_values: () => "All new values: the same command with --reveal",
  in_several_records: () => "belongs to several records",
  is_that_of: ({ other }: Strings<"other">) => `is that of ${other}`,
  waits_for: ({ root, state }: Strings<"root" | "state">) => `waits for ${root}, which is ${state}`,
  user_cannot_be_sent: ({ user, lines }: Strings<"user" | "lines">) => `${user} cannot be sent:\n${lines}`,
  no_user_to_send: ({ user }: Strings<"user">) => `The source has no user ${user} that can be sent.`,
  user_held: ({ user, failure }: Strings<"user" | "failure">) =>
    `${user} is held (${failure}); to send it again: npx oplead retry --held ${user}.`,
  user_unchanged_full: ({ user }: Strings<"user">) =>
    `${user} has no change to send, as far as the source was read: --full reads all of it.`,
  user_unchanged: ({ user }: Strings<"user">) => `${user} has no change to send.`,
  flag_for_new_plan: ({ flag }: Strings<"flag">) => `${flag} is for a new plan, not for one that is read from a file.`,
  test_without_queue: () => "--test sends from this process: leave out --queue.",
  oplead_not_asked: ({ code }: Strings<"code">) => `Nothing had to be sent, and Oplead could not be asked (${code}).`,
  no_other_user: ({ postcodes }: Numbers<"postcodes">) => `no other user for ${counted(postcodes, "postcode")}`,
  no_other_user_inhabitants: ({ postcodes, inhabitants }: Numbers<"postcodes" | "inhabitants">) =>
    `no other user for ${counted(postcodes, "postcode")} (${counted(inhabitants, "inhabitant")})`,
};

type Wait = Strings<"what"> & Numbers<"silentMs" | "leftMs" | "mostMs">;
