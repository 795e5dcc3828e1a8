import type { Lists, Numbers, Strings } from "../coded.ts";
import { all, counted, number, plural } from "./words.ts";

export const COMMAND_SETUP = {
  file_exists: ({ file }: Strings<"file">) => `${file} is there already; nothing was written.`,
  init_install: "\nInstall the package here, so that the config can import it:\n\n  npm install oplead-sdk\n",
  init_try: "\nNo token is needed to try it:\n\n  npx oplead-sdk plan --target fake\n",
  init_deploy_steps: "To start the nights, once, as root:",
  deploy_files_missing: "The folder deploy of the package is missing. Install oplead-sdk again.",
  nothing_written: "nothing",
  init_deploy_differs: ({ files, command }: Lists<"files"> & Strings<"command">) =>
    `Kept, and different from this version: ${all(files)}. To renew: rm ${files.join(" ")} && ${command}`,
  init_written: ({ files }: Strings<"files">) => `Written: ${files}\n`,
  init_read: ({ people }: Numbers<"people">) => `\nRead: ${counted(people, "row of people", "rows of people")}\n`,
  init_read_others: ({ people, others }: Numbers<"people" | "others">) =>
    `\nRead: ${counted(people, "row of people", "rows of people")}, ${counted(others, "other row")}, which the config leaves out\n`,
  init_not_recognised: "Not recognised, so not used",
  init_recognised: "Recognised",
  init_to_do: "To decide in the config before anything is sent to Oplead",
  init_decision: ({ number: at, line, what }: Strings<"what"> & Numbers<"number" | "line">) =>
    `${number(at)}. line ${line}: ${what}`,
  title: ({ title }: Strings<"title">) => `${title}:`,
  by_cells: " (by its cells)",
  sample_language: 'The language of texts, alerts, pages and CSVs: "en" or "fr".',
  sample_client:
    "Where Oplead is and how to log in. Put OPLEAD_TOKEN into the environment or into a file .env beside this one.",
  sample_source:
    "Where the users come from: csvSource, excelSource, jsonSource, restSource, any (async) iterable, or a function that returns one.",
  sample_key: "The account number of a row. It must be unique and never change.",
  sample_prefix:
    "The prefix keeps it apart from Oplead IDs: a number of digits only could be the ID of another user, and is refused.",
  sample_map:
    "What Oplead shall have. Return null to leave a row out. What throws here makes this row invalid, and the others go on.",
  sample_rules: "The rules decide which leads a user gets. Rules that are left out stay as they are.",
  sample_ledger_key:
    "The secret of the ledger, which init has written into .env. Keep both; give it to each machine that uses this config.",
  sample_ledger: "What Oplead has accepted so far. Keep this folder from run to run.",
  sample_refresh:
    "Sends each unchanged user again once in so many days, so that an edit made in Oplead does not stay for ever. Leave it out while anybody keeps data in Oplead that the source does not have: who edits a user there loses the edit.",
  sample_policy:
    "A policy, to be uncommented together with the import of maxLost above: a plan that takes the last user from postcodes with more people than this is refused.",
  sample_receives:
    "Who gets leads at all. Without this line, users without rules, such as managers, do not count where others have rules.",
  sample_guard: "A run that would change more than this is stopped before it sends anything.",
  sample_targets: 'Other platforms, chosen by --target. "fake" is always there: a fake Oplead that needs no token.',
  config_targets: "Other platforms, chosen by --target.",
  config_made:
    '"oplead init --from" made this. It is yours: correct what is wrong. NOT FOUND marks what it could not find in the file.',
  config_source: "Where the users come from. Every cell is text, so 01000 keeps its zero.",
  config_max_age:
    "A file that nobody has renewed for this long is refused, so that a broken export does not look like a night without changes.",
  config_labels: "Columns that name a person in lists, status and why. Plans and reports store none of it.",
  config_empty_rule:
    "An emptied cell leaves the rule in Oplead as it is. To clear a rule, ask your platform's administrator, or send another value.",
  config_map:
    "Which column fills which field. A value that a list does not have makes its row invalid, and the others are sent. A run ends if the file lacks a column.",
  config_notify: "Tells a channel of nights that are not well: put its address into .env and take away the //.",
  config_titles: "The rows above hold titles.",
  column_by_cells: ({ name }: Strings<"name">) => `The column ${name}, recognised by its cells.`,
  column_by_name: ({ name }: Strings<"name">) => `The column ${name}, recognised by its name.`,
  not_found: ({ what }: Strings<"what">) => `NOT FOUND: ${what}.`,
  column_not_mapped: ({ name }: Strings<"name">) =>
    `NOT MAPPED: the column ${name} holds something else than account numbers of this file.`,
  config_no_people: ({ rows }: Strings<"rows">) =>
    `Rows that are no people, such as totals (in the file: ${rows}), have at most one of these cells; a number is no name.`,
  config_no_accounts: 'Jobs without an account in Oplead: put their words between these brackets, such as "Assistant".',
  config_no_logins: "The login is the e-mail address, which is unique too.",
  config_no_countries: "No column of countries: all are in France.",
  config_email_as_key: "The e-mail address stands in for it, and can change.",
  lacks_key: "a column that is unique for a person and never changes",
  lacks_parent: "a column with the account number of the user above",
  lacks_role: "a column of roles. Everyone gets one profile",
  lacks_title: "the form of address. Everyone gets this one",
  lacks_last_name: "the column of last names",
  lacks_email: "the column of e-mail addresses",
  lacks_postcode: "the column of postcodes",
  lacks_town: "the column of towns",
  to_do_lacks: ({ field, what }: Strings<"field" | "what">) => `NOT FOUND: ${field}: ${what}.`,
  to_do_leavers: ({ gone, kept }: Strings<"gone" | "kept">) =>
    `Rows with ${gone} are left out, because these people seem to have left; rows with ${kept} are sent. Move a word to the other list if that is wrong.`,
  to_do_states: ({ kept }: Strings<"kept">) =>
    `Rows with ${kept} are sent. Put words that say that a person has left into skip; any other word makes its row invalid.`,
  to_do_civility: 'Assumed: Oplead documents no list of forms of address. Ask whether it takes "M." and "Mme".',
  to_do_civility_unknown: ({ values, count }: Strings<"values"> & Numbers<"count">) =>
    `Assumed: Oplead takes "M." and "Mme". Add ${values} to one of the lists, or ${plural(count, "its rows are", "their rows are")} invalid.`,
  to_do_profiles: ({ codes }: Strings<"codes">) =>
    `Put the profile codes of your platform in the place of ${codes}: these are invented. Its administrator knows them. If several jobs have one profile, put their words into one list.`,
  to_do_end_date: ({ name }: Strings<"name">) =>
    `Rows whose day in ${name} is over are left out: these people seem to have left. Take the line out if it is another day.`,
  to_do_ranges:
    'The cells must hold codes of your platform, separated by commas; for words, give a table: cell.codes(column, { CODE: ["word"] }).',
  to_do_unused: ({ names }: Strings<"names">) => `Not used: ${names}. Map what Oplead should get.`,
  to_do_roles: ({ count }: Numbers<"count">) =>
    `${counted(count, "other value")} of this column ${plural(count, "is", "are")} not in the list: the plan names them. Is it the right column?`,
  to_do_countries: ({ countries }: Strings<"countries">) =>
    `No countries: ${countries}. Correct these cells, or their rows are invalid.`,
  to_do_parents:
    "parentUserIdentifier: name the column with the account number of the user above, where a profile needs one.",
  probe_of_fake: "A fake has no facts of its own: probe a platform.",
  probe_nothing_to_compare: ({ file }: Strings<"file">) => `There is no ${file} to compare with.`,
  nothing_sent: "Nothing was sent.",
  probe_creates_users: "Users are created in test mode, if an answer shows that it arrives.",
  probe_no_answer: ({ requests }: Numbers<"requests">) =>
    `The API stopped answering after ${counted(requests, "request")}. Nothing was written: probe again.`,
  probe_other_platform: ({ file, before, now }: Strings<"file" | "before" | "now">) =>
    `${file} is of ${before}, and this is ${now}.`,
  probe_would_forget: ({ file, names }: Strings<"file" | "names">) =>
    `${file} stays: this probe did not find out what it knows of ${names}. Ask with the same options as before, or remove the file.`,
  probe_written: ({ requests, file }: Strings<"file"> & Numbers<"requests">) =>
    `${counted(requests, "request")}. Written: ${file}`,
  probe_takes_anything:
    "The platform accepts what is no user, so nothing that it answers can be trusted, nor that its test mode writes nothing. Check the " +
    "address, and ask its administrator about ?test=true.",
  probe_not_shown:
    "Nothing shows that this platform has a test mode: it answers ?test=true and ?test=oplead-probe alike. Nothing that it could write was " +
    "sent. If it documents that ?test=true writes nothing, add --trust-test-mode.",
  probe_proposes: ({ line, value, evidence }: Strings<"line" | "value" | "evidence">) =>
    `+ platform.${line}: "${value}"  from ${evidence}`,
  probe_perhaps: ({ line, value, evidence }: Strings<"line" | "value" | "evidence">) =>
    `? platform.${line}: "${value}"  perhaps, from ${evidence}: write it yourself if it is right`,
  probe_use: '\nUse it: put platform: "./platform.json" into the config.',
  probe_create_not_allowed:
    "--allow-test-create creates users in test mode. Without a terminal it also needs probe.allowTestCreate: true in the config.",
  probe_no_user: ({ user }: Strings<"user">) => `The source has no user ${user}.`,
  relied_on: " (the package relies on it)",
  compared_same: "Nothing changed.",
  compared_compatible: "Changed, and nothing that the package relies on. Probe without --compare to keep it.",
  compared_broken: "Something that the package relies on changed. Read the lines with ✗, then probe without --compare.",
  gap_no_existing_user: "name a user that Oplead has: --as ACCOUNT",
  gap_existing_user_unknown: "Oplead does not find the user named by --as",
  gap_rule_not_in_source: "the user named by --as has no such rule",
  gap_creation_not_allowed: "only a creation in test mode shows it: --allow-test-create",
  gap_test_mode_not_seen: "no answer showed that test mode arrives; --allow-test-create asks more",
  gap_not_authorized: "Oplead does not accept the token this way; name another with --auth",
  gap_no_answer: "the API did not answer",
  gap_one_sample: "only one answer showed it, and a fact needs two; probe again",
  gap_samples_differ: "two answers at different times did not agree; probe again",
  gap_may_be_gateway: "the 404 may be a gateway's; name a user that Oplead has: --as ACCOUNT",
  gap_content_refused: "Oplead refused the content",
  gap_no_path_found: "the path of this rule was not found",
  gap_not_shown: "no answer showed it",
  gap_requests_used_up: "the requests were used up",
  gap_cut_off: "the API stopped answering in the middle",
  sends_unreadable: "  JSON that breaks off",
  sends_empty_object: "  an empty object",
  sends_made_up_user: "  a made-up user with random identifiers",
  sends_unchanged_user: "  the user as the source has it",
  sends_part_of_user: "  the last name of the user, unchanged",
  sends_user_with_wrong_email: "  the user with a wrong e-mail address",
  sends_user_with_taken_account_number: "  a made-up user with the account number of the user",
  sends_unchanged_rule: "  the rule as the source has it",
  sends_changed_radius: "  a radius that is 1 km longer, and the old one again if that shows",
  sent_if_still_open: ", if the answers before leave something open",
  sent_if_test_mode_arrives: ", only once an answer has shown that test mode arrives",
  types_need_packages: ({ install }: Strings<"install">) =>
    `The types are made by two packages that are not installed: ${install}`,
  types_file_of_others: ({ file }: Strings<"file">) => `${file} was not made by this command; nothing was written.`,
  types_not_a_module: ({ file }: Strings<"file">) =>
    `Types and settings are one TypeScript module: give a name that ends in .ts, .mts or .cts instead of ${file}.`,
  types_missing: ({ missing }: Lists<"missing">) =>
    `Not found in the document, to ask or to probe: ${missing.join(", ")}`,
  quoted: ({ how }: Strings<"how">) => `${how}`,
  nothing_broken: "Nothing is broken.",
  checks_failed: ({ checks }: Numbers<"checks">) => `${counted(checks, "check")} failed.`,
  check_node: "Node",
  check_config: "Config",
  check_config_part: ({ part }: Strings<"part">) => `Config, ${part}`,
  check_package: ({ name }: Strings<"name">) => `Package ${name}`,
  check_source: "Source",
  check_field: ({ field }: Strings<"field">) => `Field ${field}`,
  check_columns: "Columns",
  check_facts: "Facts",
  check_base_url: "Base URL",
  check_proxy: "Proxy",
  check_ledger: "Ledger",
  check_pause: "Pause",
  check_notify: "Notify",
  check_notify_target: ({ target }: Strings<"target">) => `Notify, ${target}`,
  check_queue: "Queue",
  check_oplead: "Oplead",
  check_clock: "Clock",
};
