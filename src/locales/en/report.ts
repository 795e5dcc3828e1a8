import type { OpleadErrorCode } from "../../core/names.ts";
import { type Lists, type Numbers, type Perhaps, type Strings, type Teller, type ToldBy, tellerOf } from "../coded.ts";
import type { ALERT_FAILURES } from "./failures.ts";
import { OVERVIEW, type WaitedFor } from "./overview.ts";
import { all, counted, listed, number, plural } from "./words.ts";

export const REASONS = {
  invalid_options: "The options are wrong.",
  invalid_input: "The record is not valid.",
  token_unavailable: "The token function of the client gave no API token.",
  unauthorized: "Oplead does not accept the API token.",
  forbidden: "The API token may not do this.",
  not_found: "Oplead has no such user, or the base URL is wrong.",
  conflict: "Another user in Oplead has the same login, e-mail or account number.",
  refused: "Oplead refused the user.",
  rate_limited: "Oplead asked for fewer requests.",
  server_error: "Oplead had an internal error.",
  unexpected_response: "The answer did not come from Oplead, or could not be read.",
  connection: "Oplead could not be reached.",
  timeout: "Oplead did not answer in time.",
  deadline: "The call took longer than its deadline.",
  aborted: "The run was aborted.",
  ambiguous_creation: "It is not known whether Oplead created the user.",
  incomplete: "Oplead accepted a part of the call.",
  sync_refused: "The plan was refused.",
  source_failed: "The source could not be read.",
  ledger_unavailable: "The ledger could not be read or written.",
  state_lost: "The queue's Redis has lost what was stored of the user.",
  queue_unavailable: "The queue's Redis failed or did not answer.",
  ledger_mismatch: "The ledger belongs to another platform.",
  audit_unavailable: "The audit file could not be read or written.",
  ledger_conflict: "Another process sent another state of the user at the same time.",
  rule_not_enabled: "The rule is probably not enabled for the platform.",
  rule_refused: "Oplead refused the rule.",
  another_user: "The Oplead ID in the ledger belongs to another user, whose data may be overwritten now.",
  run_stopped: "The run stopped before sending it.",
  run_handed_over: "The run was aborted. A worker of the queue has the user and may still send it.",
  run_paused: "The runs were paused before it was sent.",
  run_aborted: "The run was aborted before sending it.",
  parent_missing: ({ root, because, count, examples }: WaitedFor & Strings<"root">) =>
    `${root} ${OVERVIEW.waited_for({ because, count, examples })}.`,
  duplicate: ({ rows }: { readonly rows: readonly (number | string)[] }) =>
    `${rows.every(Number.isFinite) ? "Rows " : ""}${all(rows.map(String))} have the same account number and different content.`,
  possible_twin: ({ of, by }: Strings<"of"> & { readonly by: "login" | "email" | "exchange" }) =>
    by === "exchange"
      ? `It has the login and the e-mail address of ${of}, which has others now: their account numbers were probably exchanged in the source.`
      : `It has the ${by === "login" ? "login" : "e-mail address"} of ${of}, which Oplead has: perhaps it is the same person, who would be created a second time.`,
  leaver_grace: "The user is no longer in the source; the grace period is not over.",
  leaver_due: "The user is no longer in the source, and the grace period is over.",
  leaver_perhaps:
    "The user is no longer in the source, or is one of its records without an account number, or has another number now.",
} satisfies Record<OpleadErrorCode, string> & Record<string, unknown>;

export const REPORT = {
  refused_before: "It was refused before and has not changed since.",
  refused_fields: ({ fields, reason, takenBy }: Strings<"fields" | "reason"> & Perhaps<"takenBy">) =>
    `${fields === "" ? "" : `${fields}: `}${reason}${takenBy === undefined ? "" : ` According to the ledger it is ${takenBy}.`}`,
  unknown_value: "If the value is right, add it to the config; otherwise correct the cells.",
  sent_before: "It was sent like this before.",
  twin_advice: (twin: Strings<"accountNumber" | "of" | "by"> & { readonly inSource: boolean }) =>
    `${
      twin.by === "exchange"
        ? "If so, give each its own number again in the source."
        : twin.inSource
          ? "If it is the same person, take one of the two rows out of the source."
          : `If it is the same person: npx oplead-sdk ledger move ${twin.of} ${twin.accountNumber}.`
    } If they are two people, add a line to the config: newUsers: ${JSON.stringify([twin.accountNumber])}`,
  user: "user",
  rule: ({ name }: Strings<"name">) => `rule ${name}`,
  failed: "failed",
  held: "refused",
  invalid: "invalid",
  duplicate: "duplicate",
  twin: "perhaps known",
  skipped: "skipped",
  suspicious: "suspicious",
  leaver: "left",
  run_refused: "run refused",
  run_failed: "run failed",
  run_not_made: "Nothing was sent.",
  see_log: "The log of the run says more.",
};

export const COLUMNS = {
  row: "row",
  accountNumber: "account number",
  label: "label",
  segment: "segment",
  problem: "problem",
  step: "step",
  field: "field",
  reason: "reason",
  advice: "advice",
  opleadAnswer: "Oplead's answer",
  code: "code",
  status: "HTTP status",
  since: "since",
  requestId: "request id",
};

export const ALERTS = {
  title_refused: "The run was refused, and nothing was sent",
  title_stopped: "The run ended early",
  title_failed: "The run failed",
  title_rows: "Not everything could be sent",
  title_paused: "Runs are paused",
  title_leavers: "People have left",
  title_sample: "This is a sample",
  titled: ({ name, title, state }: Titled) => {
    const shown = { begun: title, continues: `Still: ${title}`, over: "The nights are well again", sample: title };
    return `${name}: ${shown[state]}`;
  },
  sample: "Nothing has happened: this asks whether messages arrive here.",
  aborted: "The run was ended by a signal. The next one continues.",
  nothing_arrived: "Nothing of what was to be sent has arrived.",
  no_report: ({ code }: Strings<"code">) => `The run has no report (${code}). Its log says more.`,
  part: ({ part, detail }: Strings<"part" | "detail">) => `${part}: ${detail}`,
  rows: ({ reason, names, count }: Rows) =>
    `${count === 1 ? "Not sent" : `${number(count)} not sent`}: ${listed(names, "and", count)}. ${reason}`,
  // The message of an error in `map` may hold personal data.
  record_failed: "The record could not be read: the report says why.",
  duplicate: "Several rows have this account number and different content.",
  twin: "They have the login or the e-mail address of a user that Oplead has: perhaps the same people. If they are others, the report has the line for the config (newUsers).",
  leavers_due: ({ names, count }: Omit<Rows, "reason">) =>
    `Left, and to be dealt with in Oplead: ${listed(names, "and", count)}. Then tick them off: npx oplead-sdk leavers done ACCOUNT`,
  manager_left: ({ name, team }: Strings<"name"> & Numbers<"team">) =>
    `${name} has left, and ${counted(team, "user")} still ${plural(team, "names", "name")} it as the parent.`,
  more: ({ count }: Numbers<"count">) => `There ${plural(count, "is", "are")} ${counted(count, "more reason")}.`,
  why_over: "They were not well because:",
  times: ({ since, until }: Strings<"since"> & Perhaps<"until">) =>
    until === undefined ? `Since: ${since}` : `From ${since} to ${until}`,
  plan: ({ plan }: Strings<"plan">) => `Plan: ${plan}`,
  files: ({ files }: Lists<"files">) => `Files: ${files.join(", ")}`,
  more_by: ({ command }: Strings<"command">) => `More: ${command}`,
};

interface Rows {
  readonly reason: string;
  // The first few account numbers, or rows of records that have none.
  readonly names: readonly string[];
  readonly count: number;
}

interface Titled {
  readonly name: string;
  readonly title: string;
  readonly state: "begun" | "continues" | "over" | "sample";
}

type AlertReason = ToldBy<typeof ALERT_FAILURES>;

export const ALERT_PROBLEMS = {
  alert_not_sent: ({ target, reason }: Strings<"target"> & { readonly reason: AlertReason }) =>
    `${target}: the alert was not sent (${reason.message}).`,
  alerts_not_remembered: ({ reason }: Strings<"reason">) =>
    `The ledger cannot remember what was told (${reason}), so the next run may tell it again.`,
};

export const tellAlertProblem: Teller<typeof ALERT_PROBLEMS> = /* @__PURE__ */ tellerOf(ALERT_PROBLEMS);
