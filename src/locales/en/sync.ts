import { type Lists, type Numbers, type Perhaps, type Strings, type Teller, tellerOf } from "../coded.ts";
import { isToRepair, localTime, namesOf } from "../grammar.ts";
import { counted, duration, number, percent, plural, some } from "./words.ts";

export const SYNC_OPTIONS = {
  not_mark: "must be the ledgerMark of a report",
  not_records: "must be an iterable, an async iterable, or a function that returns one",
  several_sources:
    "is a list of sources: append their records with concatSources(a, b), or look up one in the other with joinSources(a, { with: b, on, as })",
  not_since: "asks a source for changes, so source must be a function: ({ since }) => …",
  first_run_gone:
    "is not an option any more: a first run is approved by the hash of its plan, as any plan that was refused. npx oplead-sdk sync prints the " +
    "command, npx oplead-sdk sync --approve HASH; in a program: plan.apply({ approve })",
  not_plan_hash: "must be the hash of a plan, or a plan as it was saved",
  not_time: "must be a Date",
  time_over: "must be later than now",
  time_too_far: "must be at most 30 days ahead",
  not_account_numbers: "must be a list of account numbers",
  not_policies: "must be a list of policies: { name, judge }",
  needs_coverage: "needs coverage, which says where users are and which leads exist",
  policy_failed: ({ error, at }: Strings<"error"> & Perhaps<"at">) =>
    `threw ${error}${at === undefined ? "" : ` (at ${at})`}`,
};

export const tellSyncOption: Teller<typeof SYNC_OPTIONS> = /* @__PURE__ */ tellerOf(SYNC_OPTIONS);

export const SAVED = {
  not_saved_plan: "must be the JSON of a plan, as JSON.stringify(plan) writes it",
  other_form: ({ version, current }: Strings<"version" | "current">) =>
    `was saved in form ${version}, and this version of the package reads form ${current}: make the plan again`,
  altered_plan: "was altered after it had been saved: make the plan again",
};

export const tellSaved: Teller<typeof SAVED> = /* @__PURE__ */ tellerOf(SAVED);

// `examples`: at most five.
export interface Users {
  readonly count: number;
  readonly examples: readonly string[];
}

export interface RowsOf {
  readonly column: string;
  readonly count: number;
  /** The first rows, as a spreadsheet counts them; empty for a source without rows. */
  readonly rows: readonly number[];
  /** Rows that `rows` does not list. */
  readonly more: number;
}

const inColumn = ({ column }: RowsOf): string => `Column ${JSON.stringify(column)}`;

function rowsNamed({ rows, more }: RowsOf): string {
  if (rows.length === 0) return "";
  return `, ${plural(rows.length + more, "row", "rows")} ${some(rows, more)}`;
}

export const WARNINGS = {
  source_file: ({ file }: Strings<"file">) =>
    `This reads ${file} in place of the source: versions are not compared, and no user counts as missing. The next run without it sends what the source ` +
    "says again: mend the source first, or pause the runs.",
  value_not_in_config: (found: RowsOf & Strings<"value">) =>
    `${inColumn(found)}: ${JSON.stringify(found.value)} ${counted(found.count, "time")}${rowsNamed(found)}: not in the config.`,
  rows_left_out: (found: RowsOf) =>
    `${counted(found.count, "row")} ${plural(found.count, "was", "were")} left out by \`skip\`${found.column === "" ? "" : `, column ${JSON.stringify(found.column)}`}${rowsNamed(found)}.`,
  postcodes_completed: (found: RowsOf) =>
    `${inColumn(found)}: ${counted(found.count, "postcode")} completed with a lost zero${rowsNamed(found)}.`,
  postcodes_cleaned: (found: RowsOf) =>
    `${inColumn(found)}: ${counted(found.count, "postcode")} taken without spaces and signs${rowsNamed(found)}.`,
  phones_completed: (found: RowsOf) =>
    `${inColumn(found)}: ${counted(found.count, "phone number")} completed with a lost zero${rowsNamed(found)}.`,
  phones_unified: (found: RowsOf) =>
    `${inColumn(found)}: ${counted(found.count, "phone number")} brought to the form +33612345678${rowsNamed(found)}.`,
  countries_recoded: (found: RowsOf) =>
    `${inColumn(found)}: ${counted(found.count, "country", "countries")} replaced by the code${rowsNamed(found)}.`,
  distances_read: (found: RowsOf) =>
    `${inColumn(found)}: ${counted(found.count, "distance")} read as a number of kilometres${rowsNamed(found)}.`,
  counties_completed: (found: RowsOf) =>
    `${inColumn(found)}: ${counted(found.count, "list")} of departments written with two digits each${rowsNamed(found)}.`,
  profiles_not_checked: ({ code }: Strings<"code">) =>
    `The profiles of users were not checked: \`listUserProfiles\` failed (${code}).`,
  no_profiles: "Oplead lists no profiles, so the profiles of users were not checked.",
  zip_codes_not_checked: ({ country, code }: Strings<"country" | "code">) =>
    `The postcodes of ${country} were not checked: \`getCountry\` failed (${code}).`,
  suspicious_data: ({ count, paths }: Numbers<"count"> & Lists<"paths">) =>
    `${counted(count, "record")} to send ${plural(count, "looks", "look")} wrong (${paths.join(", ")}): see the list of suspicious data.`,
  damaged_entries: (users: Users) =>
    `The ledger entries of ${counted(users.count, "user")} are damaged (${namesOf(users)}). If the source has these users, they are ` +
    "looked up by account number and sent again.",
  unreadable_fingerprints: (users: Users) =>
    `The ledger has fingerprints of ${counted(users.count, "user")} that no known key reads (${namesOf(users)}): which fields of ` +
    "theirs changed is not known. What is sent stays the same, and a full run writes them anew. If you have the key that made them, give it " +
    "as well, after the one that writes (`ledgerKey`), or put its file back.",
  ledger_key_unusable: ({ problem }: { readonly problem: "unreadable" | "damaged" | "not_made" }) =>
    `The ledger has no key that can be used: the file with its key, beside its folder, ${
      { unreadable: "cannot be read", damaged: "is damaged", not_made: "cannot be written" }[problem]
    }. Which fields changed is not known, nor who got another account number. What is sent stays the same. Put the file back, or give a ` +
    "key (`ledgerKey`).",
  incomparable_versions: (users: Users) =>
    `The versions of ${counted(users.count, "user")} cannot be compared with those in the ledger (${namesOf(users)}), for example a ` +
    "number with a time. What the source has now is taken for the newer state.",
  unknown_parents: (users: Users) =>
    `${counted(users.count, "user")} with a parent that neither the source nor the ledger knows: ${namesOf(users)}.`,
  missing_unsure: ({ records }: Numbers<"records">) =>
    `The source has ${counted(records, "record")} without an account number, so each user that looks missing may be one of them: such ` +
    "leavers are listed as perhaps. The option `key` gives account numbers where `map` throws.",
  sent_again: ({ count, at }: Numbers<"count"> & Strings<"at">) =>
    `${counted(count, "user is", "users are")} sent again after the run of ${localTime(at, false)}, which was interrupted or got no answer.`,
  many_left: ({ count, population, segment }: Segment & Numbers<"count" | "population">) =>
    `${inSegment({ segment })}${number(count)} of ${counted(population, "user")} left the source in one night.`,
  read_again:
    "Not everything that was read has arrived, so the next run asks for the changes since the same time again.",
  leaver_rules_stay: (users: Users) =>
    `${counted(users.count, "user")} came back to the source after the grace period, and Oplead has rules of them that the source does ` +
    `not give (${namesOf(users)}). If \`leavers.rules\` set them, give these rules in the source once.`,
  too_soon: ({ agoMs }: Numbers<"agoMs">) =>
    `The last run ended ${duration(agoMs)} ago, and this client has no rate limit. The guide advises one sync a day unless calls ` +
    "are throttled: set the client's `rateLimit`.",
  perhaps_moved: ({ missing, added }: Numbers<"missing" | "added">) =>
    `${counted(missing, "user")} ${plural(missing, "is", "are")} missing and ${number(added)} ${plural(added, "is", "are")} new: if they are the same people, move them first ` +
    "(oplead ledger move). The ledger has no fingerprints of those who are missing, by which they would be recognised.",
  ledger_shrank: ({ now, before }: Numbers<"now" | "before">) =>
    `The ledger has shrunk: ${number(now)} entries, and ${number(before)} after the last run. Users without an entry are looked ` +
    "up by account number and sent again. If entries were not removed on purpose, check the store.",
  first_run_goes_on: ({ at, users }: Strings<"at"> & Numbers<"users">) =>
    `The first night goes on that was approved on ${at.slice(0, 10)}: ${counted(users, "user")} ${plural(users, "is", "are")} as approved, so the guard does not ` +
    "count them.",
  too_few_to_judge: (figures: Numbers<"affected" | "comparable" | "minUsers">) =>
    `${number(figures.affected)} of ${number(figures.comparable)} users would change or are missing. The guard does not judge shares of ` +
    `fewer than ${number(figures.minUsers)} users (guard.minUsers). Read the plan before you apply it.`,
  nothing_to_compare: ({ entries }: Numbers<"entries">) =>
    `The guard has nothing to compare with, because the ledger ${entries === 0 ? "is empty" : "has ids only"}. Read the plan ` +
    "before you apply it.",
  answer_differs: (users: Users & Lists<"fields">) =>
    `Oplead’s answer to ${counted(users.count, "user")} that did not change has other values than were sent (${users.fields.join(", ")}): ${namesOf(users)}. ` +
    "Either Oplead writes such values in its own form, or it does not take them.",
  not_to_send: (users: Users) =>
    `Nothing is to be sent for ${number(users.count)} of the account numbers in \`only\`: ${namesOf(users)}. They are unchanged, ` +
    "or cannot be sent, or the source does not have them.",
  on_missing_failed: (users: Users & Lists<"errors">) =>
    `\`onMissing\` threw for ${counted(users.count, "user")} (${namesOf(users)}): ${users.errors.join(", ")}. The next run calls it again.`,
};

export const tellWarning: Teller<typeof WARNINGS> = /* @__PURE__ */ tellerOf(WARNINGS);

export const GUARD = {
  empty_source: ({ population }: Numbers<"population">) =>
    `The source gave no user, and the ledger has ${number(population)}.`,
  mass_new: (figures: NewUsers) =>
    `${inSegment(figures)}${number(figures.added)} users would be created, and the ledger has ${number(figures.population)}; the limit is ` +
    `${percent(figures.limit)} (guard.maxNew), but at least ${number(figures.minUsers)} (guard.min${figures.segment === undefined ? "" : "Segment"}Users). Oplead documents no way to ` +
    "remove a user. " +
    (figures.isTrial
      ? "No full run has ended with this ledger: if its users are those of a trial, this is the first night. Then approve the plan."
      : "If they are right, approve the plan."),
  mass_invalid: (figures: Limits & Segment & Numbers<"invalid" | "population"> & Lists<"fields">) =>
    `${inSegment(figures)}The records of ${number(figures.invalid)} of ${number(figures.population)} users that the ledger knows are invalid, or contradict each other; the limit is ` +
    `${percent(figures.limit)} (guard.maxInvalid). ${figures.fields.length === 0 ? "" : `Nearly all of them have a problem in ${figures.fields.join(", ")}. `}Was a column renamed, or emptied?`,
  field_gone: ({ field, users }: Strings<"field"> & Numbers<"users">) =>
    `Each of the ${number(users)} users of the source that Oplead has had the field ${field}, and none has it now: was a column renamed, or emptied? If it is right, ` +
    "approve the plan.",
  older_file: ({ changed, before }: Strings<"changed" | "before">) =>
    `The file was last changed ${changed.slice(0, 10)}, and the last run read one of ${before.slice(0, 10)}: is it an older file? If it is right, approve the plan.`,
  older_values: ({ users, day }: Strings<"day"> & Numbers<"users">) =>
    `${number(users)} users would go back to what they were before ${day}: is it an older file? If it is right, approve the plan.`,
  mass_twins: ({ count, population, examples }: Users & Numbers<"population">) =>
    `${number(count)} new users have the login or the e-mail address of a user that Oplead has, beside ${number(population)} users in the ledger (${namesOf({ count, examples })}); ` +
    "more than 50, and more than 5%, are an accident. Did everybody get a new account number? Then move them first: npx oplead-sdk ledger move --file FILE. If you " +
    "approve the plan, all others are sent and these are left out.",
  move_unknown: (moves: Users) =>
    `The ledger has no Oplead ID of the old account number of ${counted(moves.count, "move")} (${namesOf(moves)}). Correct the moves, or take ` +
    "them out.",
  move_occupied: (moves: Users) =>
    `The ledger has another user under the new account number of ${counted(moves.count, "move")} (${namesOf(moves)}). Correct the moves, or ` +
    "take them out.",
  move_in_source: (moves: Users) =>
    `The source still has the old account number of ${counted(moves.count, "move")} (${namesOf(moves)}): nothing would be sent for these records. ` +
    "Move the users when the source has their new numbers. Has the old number another person now? Then: oplead ledger move, oplead ledger forget.",
  mass_change: (figures: Limits & Compared & Segment & Numbers<"changed" | "missing">) =>
    `${inSegment(figures)}${percent((figures.changed + figures.missing) / figures.comparable)} of ${number(figures.comparable)} users would change or are ` +
    `missing (${number(figures.changed)} changed, ${number(figures.missing)} missing); the limit is ${percent(figures.limit)} (guard.maxChanged).`,
  mass_move: (figures: Limits & Compared & Segment & Numbers<"moved">) =>
    `${inSegment(figures)}${percent(figures.moved / figures.comparable)} of ${number(figures.comparable)} users would get another profile or parent ` +
    `(${number(figures.moved)}); the limit is ${percent(figures.limit)} (guard.maxMoved).`,
  mass_missing: (figures: Limits & Compared & Segment & Numbers<"missing">) =>
    `${inSegment(figures)}${percent(figures.missing / figures.comparable)} of ${number(figures.comparable)} users are missing ` +
    `(${number(figures.missing)}); the limit is ${percent(figures.limit)} (guard.maxMissing).`,
  segment_gone: ({ segment, users }: Strings<"segment"> & Numbers<"users">) =>
    `The source no longer names the segment ${segment}, and Oplead has ${counted(users, "user")} of it: was it left out, or renamed? If it ` +
    "is right, approve the plan.",
  first_run: (figures: Numbers<"added" | "minUsers" | "runsBefore">) =>
    `The ledger knows no user that Oplead has, and ${number(figures.added)} users would be sent; the limit is ${number(figures.minUsers)} (guard.minUsers). ` +
    (figures.runsBefore === 0
      ? ""
      : `Its mark says that ${counted(figures.runsBefore, "run")} ended here: it is probably lost, or another one. `) +
    "Check where it is kept. If this is the first night, approve the plan.",
  ledger_shrunk: ({ now, before }: Numbers<"now" | "before">) =>
    `The ledger has lost entries: ${number(now)} are left of the ${number(before)} after the last run. Users without an entry are ` +
    "sent again, and nothing says how much of them has changed. Check the store.",
  ledger_copied: ({ host }: Strings<"host">) =>
    `A run on ${host} has ended since the last run of this ledger: there are two copies of the ledger, or this one comes from a backup. ` +
    "What it says of a user may be out of date. Let one of them make all runs; if it is this one, send every user again with `resend`.",
  ledger_restored: ({ known, ended }: OlderCopy) =>
    `The ledger ${known < ended ? `knows ${counted(known, "run")}, and ${number(ended)} have ended with it` : "lacks what was written last"}: it is ` +
    "an older copy, from a backup or after a failover. What it says of a user may be out of date. Send every user again with `resend`.",
  other_plan:
    "The approval is for another plan: the source or the ledger has changed since, or it was made for another platform or in " +
    "the other test mode. Read this one.",
  other_platform: ({ saved, current }: Strings<"saved" | "current">) =>
    `The saved plan is for ${saved}, and this client sends to ${current}.`,
  other_test_mode: ({ saved }: { readonly saved: boolean }) =>
    saved
      ? "The saved plan was made in test mode, and this client would write."
      : "The saved plan was made for a real run, and this client is in test mode.",
};

export const tellGuard: Teller<typeof GUARD> = /* @__PURE__ */ tellerOf(GUARD);

export interface NewUsers extends Limits, Segment {
  readonly added: number;
  readonly population: number;
  readonly minUsers: number;
  /** No full run with this ledger has ended yet. */
  readonly isTrial?: boolean;
}

export interface OlderCopy {
  readonly known: number;
  readonly ended: number;
}

export interface Limits {
  /** Share of users, 0 or more. */
  readonly limit: number;
}

// Undefined if the figures are about all users.
export interface Segment {
  readonly segment?: string | undefined;
}

function inSegment({ segment }: Segment): string {
  return segment === undefined ? "" : `Segment ${segment}: `;
}

export interface Compared {
  /**
   * Users of the ledger that the plan is compared with. A user whose id was imported without its content cannot be
   * compared.
   */
  readonly comparable: number;
}

interface Paused {
  readonly by: string;
  /** When the pause was set, ISO 8601, as `until`. */
  readonly since: string;
  readonly until: string;
}

// Other languages make their text from the issue.
interface StoreFailure {
  readonly problem: string;
  readonly issue?: { readonly code: string; readonly parameters?: unknown } | undefined;
}

export const STOPS = {
  first_failed: ({ message }: Strings<"code" | "message">) =>
    `The run ended before a user was accepted, because all would fail for this reason. ${message}`,
  refused_alike: ({ users, status, fields }: Numbers<"users"> & Strings<"status"> & Lists<"fields">) =>
    `Oplead refused ${counted(users, "user")} in a row for the same reason (${status})${fields.length > 0 ? ` and names ${fields.join(", ")}` : ""}: ` +
    `correct it in the mapping${fields.includes("parentUserIdentifier") ? ": Oplead must have the parent under that account number or ID, with a profile above the user's" : ""}. ` +
    "If the platform calls a field otherwise or wants another one, oplead probe names it for `platform.fields` or " +
    "`platform.customFields`. Then: npx oplead-sdk retry --held.",
  unauthorized: "Oplead does not accept the API token. Renew it and run again.",
  token_unavailable: ({ calls }: Numbers<"calls">) =>
    `${calls} calls in a row got no API token from the token function. Repair the service that it asks, then run again.`,
  connection: ({ calls }: Numbers<"calls">) =>
    `${calls} calls in a row got no answer. Check the network and Oplead, then run again.`,
  server_error: ({ calls }: Numbers<"calls">) =>
    `${calls} calls in a row got a server error: Oplead is down. The next run tries again.`,
  unexpected_response: ({ calls }: Numbers<"calls">) =>
    `${calls} calls in a row were not answered by Oplead but by something in its place, such as a proxy. Check \`baseUrl\` and the ` +
    "network, then run again.",
  runs_paused: ({ by, since, until }: Paused) =>
    `Runs are paused until ${localTime(until, false)}, by ${by} since ${localTime(since, false)}. What was not sent ` +
    "waits until then; webhooks and workers go on. To end it sooner: npx oplead-sdk pause --off.",
  told_to_wait: ({ ms }: Numbers<"ms">) =>
    `Oplead asked for a pause of ${duration(ms)} (429 with Retry-After). The next run asks whether it is over.`,
  too_many_failures: (figures: Numbers<"failed" | "calls"> & Strings<"last">) =>
    `${figures.failed} of the last ${figures.calls} calls failed, the last one with ${figures.last}. Look at the failures, repair what ` +
    "they have in common, and run again.",
  ledger_failed: ({ problem, issue }: StoreFailure) =>
    isToRepair(issue) ? `${problem} Without it nothing can be remembered. Repair it and run again.` : problem,
  queue_unavailable: ({ problem }: StoreFailure) => `${problem} Repair the queue and run again.`,
};

export const tellStop: Teller<typeof STOPS> = /* @__PURE__ */ tellerOf(STOPS);
