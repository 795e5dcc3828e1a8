import type { Numbers, Strings } from "../coded.ts";

// Texts of the help: summaries, options (`<command>_<option>`), and notes below them (`<command>_notes`).
export const COMMAND_HELP = {
  group_start: "Start:",
  group_runs: "Runs:",
  group_rules: "Rules:",
  group_live: "Webhook and queue:",
  title_usage: "Usage:",
  title_arguments: "Arguments:",
  title_options: "Options:",
  title_commands: "Commands:",
  option_choices: ({ choices }: Strings<"choices">) => `choices: ${choices}`,
  option_default: ({ value }: Strings<"value">) => `default: ${value}`,
  unknown_option: ({ flag, hint }: Strings<"flag" | "hint">) => `unknown option '${flag}'${hint}`,
  unknown_code: ({ code }: Strings<"code">) => `There is no command and no code ${code}.`,
  unknown_command: ({ command, hint }: Strings<"command" | "hint">) => `unknown command '${command}'${hint}`,
  did_you_mean: ({ word }: Strings<"word">) => `\n(Did you mean ${word}?)`,
  did_you_mean_one: ({ words }: Strings<"words">) => `\n(Did you mean one of ${words}?)`,
  argument_missing: ({ name }: Strings<"name">) => `missing required argument '${name}'`,
  option_without_value: ({ flags }: Strings<"flags">) => `option '${flags}' argument missing`,
  too_many_arguments: ({ command, expected, given }: Strings<"command"> & Numbers<"expected" | "given">) =>
    `too many arguments for '${command}'. Expected ${expected} argument${expected === 1 ? "" : "s"} but got ${given}.`,
  value_invalid: ({ flags, value, reason }: Strings<"flags" | "value" | "reason">) =>
    `option '${flags}' argument '${value}' is invalid. ${reason}`,
  choices_allowed: ({ choices }: Strings<"choices">) => `Allowed choices are ${choices}.`,
  program_summary: "Keeps the users of Oplead in step with your own system.",
  program_try: "\nTo try it without a token:",
  option_version: "show the version",
  option_help: "show help",
  help_summary: "show the help of a command, or what to do about the code of an error",
  usage_first_run:
    ". A first run is approved by the hash of its plan, as any plan that was refused: npx oplead-sdk sync prints the command, npx oplead-sdk sync --approve HASH.",
  usage_token:
    ". The token comes from OPLEAD_TOKEN in the environment or in .env, from the config, or from --token-stdin.",
  no_such_command: ({ command, instead }: Strings<"command" | "instead">) =>
    `There is no command ${command}. Instead: ${instead}.`,
  instead_of_undo:
    "npx oplead-sdk sync --source FILE sends what an earlier export says; npx oplead-sdk pause --until TIME keeps the runs until then from sending",
  instead_of_show: "npx oplead-sdk plan FILE, which shows a saved plan",
  instead_of_diff: "npx oplead-sdk plan --only ACCOUNT --all, which shows what would be sent for one user",
  instead_of_verify: "npx oplead-sdk sync --test, which lets Oplead check the plan in test mode",
  instead_of_support: "npx oplead-sdk why ACCOUNT --support, which prints the text for Oplead Care",
  instead_of_rules: "npx oplead-sdk coverage --online, which also compares the rules of all users with the platform",
  instead_of_policies: "npx oplead-sdk coverage, which also judges the policies of the config",
  instead_of_audit: "npx oplead-sdk ledger forget ACCOUNT, which forgets a user in the audit as well",
  instead_of_notify: "npx oplead-sdk doctor --notify, which sends a sample alert to each target",
  instead_of_queue: "npx oplead-sdk worker status and npx oplead-sdk worker retry-failed",
  instead_of_rate: "npx oplead-sdk worker reset-rate, which ends a pause of the shared rate",
  option_json: "write the result as JSON, also a failure",
  option_quiet: "write the result and errors only",
  option_language:
    "the language of all texts; JSON and codes stay as they are (default: OPLEAD_LANGUAGE, language of the config, the locale)",
  option_config: ({ files }: Strings<"files">) => `the config file (default: ${files})`,
  option_target: 'a target of the config; "fake" is a fake Oplead in this process',
  trigger_target: "a target of the config",
  option_token_stdin: "read the API token from standard input",
  option_format: "the form of the result",
  option_report: "also write the report: .csv, .md, .json or .txt (can be repeated)",
  option_html: "also write it as a page for the person who approves; it loads nothing from anywhere",
  option_full: "read the whole source, where the config asks for changes only (incremental)",
  why_account: "the account number of a user",
  plan_all: "show every row, and each change by itself; with --only also what would be sent, by path",
  plan_reveal:
    "with --html, or --only and --all: show new values, and old ones as far as the ledger keeps them; they may be personal data",
  plan_file: "a plan that was saved by: oplead plan --out; it is shown, and the source is not read",
  sync_test: "let Oplead check the changes in test mode: it keeps nothing, and the ledger stays as it is",
  sync_limit: "send at most this many users, for a trial; with --test spread evenly over the plan",
  apply_file: "a plan that was saved by: oplead plan --out",
  plan_out: "save the plan: hashes and account numbers, no personal data",
  plan_only: "plan these users only",
  plan_limit: "plan at most this many users",
  plan_resend: "plan everything again, also what Oplead has according to the ledger",
  plan_detailed_exitcode:
    "end with 2 if there are changes, 3 if the guard would refuse them, 5 if records cannot be sent",
  plan_notes:
    "Writes nothing to Oplead.\nExit codes: 0 success; 1 error. --detailed-exitcode exits with the first that applies: 3 refused; 5 some records cannot be sent; 2 changes pending.",
  apply_approve: "the hash of the plan that was read",
  option_only: "send these users only, for a trial",
  apply_limit: "send at most this many users, for a trial",
  apply_notes:
    "Reads the source again and compares it with the plan. Without a plan it shows one and asks, on a terminal only.\nExit codes: 0 success; 3 the plan is not the one that was read; 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.",
  sync_resend: "send everything again, also what Oplead has according to the ledger",
  sync_approve: "carry out the plan with this hash, and no other, although it was refused",
  sync_ignore_known: "leave problems that the last run had as well out of the exit code",
  sync_queue: "let the workers of the config's queue send the users, and wait for them",
  sync_notes:
    "With --test, what depends on a user that only the run itself would create cannot be verified.\nExit codes: 0 success; 3 stopped by the guard (read the plan, then: oplead sync --approve HASH); 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.",
  option_source: "read this CSV, Excel or JSON file in place of the config's source, to take back a bad run",
  pause_until: "when it is over: 2d, 36h, 2026-01-31 08:00, or ISO 8601; at most 30 days",
  pause_reason: "why, for those who find the runs paused",
  pause_off: "end the pause now",
  pause_notes:
    "sync, apply and retry send nothing until then: they say who paused, and end with 0. A run under way ends before its next user. Webhooks and workers go on, and so does test mode. Can be given while a run is under way.",
  time_expected:
    "It must be a length of time (2d, 36h, 90m), a local time (2026-01-31 08:00), or ISO 8601 with its zone.",
  retry_accounts: "only these users",
  retry_held: "also send what Oplead has refused, although nothing in it has changed",
  retry_notes:
    "Without account numbers: the users that the last run of the audit file could not send.\nExit codes: 0 success, or nothing to send; 3 stopped by the guard; 4 partly failed; 5 records cannot be sent; 1 error; 130 interrupted.",
  why_reveal: "show the values that tonight's run would send, which may be personal data",
  history_limit: "list this many runs",
  history_run: "a run: what became of each of its users",
  history_notes: "Reads the audit file only, so it can be asked while a run is under way.",
  why_no_plan: "do not read the source, so do not say what tonight's run would do",
  why_notes:
    "Tells it from the audit file, the ledger and the plan. While a run has the ledger, from the audit file alone. Writes nothing.",
  why_support: "print the text for Oplead Care about the last failure of the user; no personal data, no token",
  doctor_notify: "also send a sample to each target of the config's notify; a heartbeat gets one of success",
  status_max_age: "end with 1 unless a night has ended well in this time: 90m, 26h, 2d",
  status_check: "print one line for a monitor, and end with 0, 1, 2 or 3 (--max-age: default 26h)",
  status_notes:
    "Reads the audit file, whether runs are paused, and the queue if the config has one. Opens no ledger in a folder, so it can be asked while a run is under way.\nA night is a run of sync or apply with all users, whatever came of it. Exit codes: 0 success; 1 error, no night within --max-age or one that did not do its work, or the queue cannot be asked.\nWith --check: 0 the newest night ended well and is younger than --max-age; 1 some of its rows could not be sent, or runs are paused; 2 it failed, was refused, or is older; 3 the audit cannot be read.",
  duration_expected: "It must be a whole number of minutes, hours or days: 90m, 26h, 2d.",
  ledger_list_held: "only users with a held step",
  ledger_export_full:
    "write all that the ledger knows, without its key, to this file, for: ledger import FILE; not while a run is under way",
  ledger_move_no_check: "do not ask the source of the config whether it still has the old numbers",
  ledger_move_file: "a CSV file with the columns from and to",
  ledger_list_summary: "list what is known of the users",
  ledger_get_summary: "show what is known of one user",
  ledger_forget_summary:
    "forget users here and in every file of the audit; the next run looks up those that the source still has, and sends them again",
  ledger_export_summary: "write accountNumber,id lines",
  ledger_import_summary: "read a CSV file with the columns accountNumber and id, of users that Oplead already has",
  ledger_move_summary: "give users the account numbers that they have now: the next run updates them by their ids",
  ledger_adopt_summary: "give the ledger to the platform of the config, after it moved to a new address",
  leavers_due: "only those whose grace period is over; ends with 5 if there are any",
  leavers_csv: "write the list as CSV",
  leavers_done_summary: "note that these were dealt with in Oplead",
  leavers_undo_summary: "take that back",
  leavers_notes: "Oplead documents no way to remove a user: deal with each of them there, then tick it off here.",
  fake_config: "a config whose profiles (fake.profiles) the fake has",
  option_port: "the port; 0 is a free one",
  fake_users: "how many users it has at the start",
  fake_faults: "the share of calls that fail, in all known ways, for example 5%",
  fake_notes: "Its state is in memory and ends with the command. It listens at 127.0.0.1 only.",
  share_expected: "It must be a share, for example 5% or 0.05.",
  doctor_notes:
    "Reads the profiles of Oplead and writes nothing.\nExit codes: 0 nothing is broken, perhaps with warnings; 1 something is broken.",
  init_ts: "write oplead.config.ts (default where there is a tsconfig.json; else oplead.config.mjs)",
  init_from: "write a config for this CSV file or workbook, and show the plan against a fake Oplead",
  init_sheet: "with --from: the sheet of a workbook (default: the first that is not hidden)",
  init_deploy:
    "write what runs the nights by this scheduler into ./deploy/, with the paths of this machine; also beside a config that exists",
  init_notes: "Replaces no file.",
  probe_as: "a user of the source that Oplead has as it is; it is sent unchanged, in test mode",
  probe_allow_test_create: "create users in test mode too, once an answer shows that test mode arrives",
  probe_auth: 'a further way for the token: a header\'s name, or "bearer"; can be repeated',
  probe_dry_run: "list the requests and send none",
  probe_compare: "say what changed since the file was written, and leave it as it is",
  probe_trust: "go on without a sign of test mode, because the platform documents it",
  probe_out: "the file (default: facts of the config, else platform.json)",
  probe_notes:
    "Writes nothing to Oplead.\nExit codes: 0 the facts are written, or nothing changed; 1 it failed; with --compare also 2 something changed, and 3 something that the package relies on changed.",
  auth_expected: 'It must be the name of a header, or "bearer".',
  types_out: "the file that is written",
  types_document: "the OpenAPI document, or the Swagger page that shows it: an address or a file",
  types_notes: "For a page behind a login, set OPLEAD_SCHEMA_AUTH to a header line: Authorization: Basic …",
  worker_lock: "after how long without a sign of life its users go to another worker (default: 30000)",
  worker_port: "a port with /healthz, /readyz and /metrics; 0 is a free one",
  worker_host: "the address of that port",
  worker_notes:
    "Runs until SIGTERM or Ctrl-C, and then finishes the users under way. Start as many workers as you like, on any number of machines, with one ledger that all of them share.",
  worker_reset_rate_summary: "end the pause that Oplead asked all machines for",
  worker_reset_rate_notes:
    "For the shared rate (redisRate) in client.rateLimit. Clients also forget what 429s taught them about the limit. A pause of more than a minute ends by itself, within ten minutes of Oplead being well.",
  worker_status_summary: "count the jobs by state, and show why the failed ones failed",
  worker_retry_failed_summary: "start every job again that is out of attempts",
  serve_host: "the address to listen at",
  serve_queue: "store users in the config's queue, for oplead worker, instead of sending them to Oplead",
  serve_metrics_port: "a second port, with /metrics, /healthz and /readyz",
  serve_metrics_host: "the address of the second port",
  serve_drain: "how long deliveries are still received after a signal, while /readyz answers 503",
  serve_notes:
    "Receives deliveries with POST at any path. GET /healthz answers 200 while it runs; GET /readyz 503 with the reason if the ledger, the queue or the token cannot be used. SIGTERM and Ctrl-C end it after the deliveries under way.",
  trigger_to: "where the delivery goes",
  trigger_event: 'the event: a JSON file ("-": standard input)',
  trigger_notes:
    "Signs with the config's `trigger`: the scheme and the secrets of the source.\nExit codes: 0 accepted (2xx); 1 refused or not reached.",
  kinds_expected: ({ kinds }: Strings<"kinds">) => `There are ${kinds}.`,
  number_expected: ({ min, max }: Strings<"min" | "max">) => `It must be a whole number from ${min} to ${max}.`,
  ending_expected: ({ endings }: Strings<"endings">) => `The name must end in ${endings}.`,
  explain_postcode: "the lead's postcode",
  explain_country: "its country, two capital letters",
  explain_code: ({ name }: Strings<"name">) => `the lead's ${name}`,
  explain_notes:
    "How rules combine is not documented: each user is eligible or not under assumptions, and the answer names the assumptions that would change it.",
  coverage_csv: "also write the findings as CSV",
  coverage_html: "also write a report with a map",
  coverage_names: "show names in the report, not account numbers only",
  coverage_fail_on: ({ kinds }: Strings<"kinds">) => `end with 1 if there are such findings: ${kinds}`,
  coverage_without: "judge the users without these, and say what would change",
  coverage_with: "judge the users with those of this file in place of the same ones, and say what would change",
  coverage_all_territories: "also the overseas territories without any user",
  coverage_online: "read the countries from Oplead instead of the map of France in this package",
  coverage_notes:
    "Sends no user: it reads the source, compares the rules with the map and judges them by the policies of the config. Exit codes: 0 success; 1 error, or findings of --fail-on; 3 a policy is broken.",
};

// The list of all commands, in the order of the help. Each has a file of its name in `src/command/commands/`.

export const START_COMMANDS = {
  init_summary: "write a config: a sample, or one made from your CSV file or workbook",
  doctor_summary: "check Node, the config, the token, the address, the ledger",
  probe_summary: "find out what the platform is like; writes nothing to Oplead",
  types_summary: "write types and `platform` settings from your platform's OpenAPI document",
  fake_summary: "run a fake Oplead",
};

export const RUN_COMMANDS = {
  plan_summary: "show what a run would do, or a saved plan; writes nothing to Oplead",
  apply_summary: "carry out a plan that was read",
  sync_summary: "plan and apply within the guard, for cron",
  retry_summary: "send again what failed or is held",
  pause_summary: "keep runs from sending until a time, or end that",
  ledger_summary: "show, export, import and repair what is known of users",
  leavers_summary: "list the users that left the source, and tick them off",
  history_summary: "list the runs, or say what became of one",
  why_summary: "tell what happened to one user, and what tonight's run would do",
  status_summary: "show the last run, open problems, leavers and the queue",
};

export const RULE_COMMANDS = {
  explain_summary: "say who is eligible for a lead, and why",
  coverage_summary: "find gaps, and places with only one user",
};

export const LIVE_COMMANDS = {
  serve_summary: "receive the webhook of the config",
  worker_summary: "bring the users of the queue to Oplead, or look after the queue",
  trigger_summary: "sign and send a webhook delivery, as the source would",
};
