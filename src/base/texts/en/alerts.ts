import { counted, listed, number } from "../../wording/words.ts";

/** The messages about nights that are not well. */
export const ALERTS = {
  title_refused: () => "The run was refused",
  title_stopped: () => "The run ended early",
  title_failed: () => "The run failed",
  title_rows: () => "Not everything could be sent",
  title_paused: () => "Runs are paused",
  title_sample: () => "This is a sample",
  titled: ({ name, title, state }: Titled) => {
    const shown = { begun: title, continues: `Still: ${title}`, over: "The nights are well again", sample: title };
    return `${name}: ${shown[state]}`;
  },
  sample: () => "Nothing has happened: this asks whether messages arrive here.",
  aborted: () => "The run was ended by a signal. The next one continues.",
  nothing_arrived: () => "Nothing of what was to be sent has arrived.",
  no_report: ({ code }: { readonly code: string }) => `The run has no report (${code}). Its log says more.`,
  /** What is wrong with a part of the source, mostly a file. */
  part: ({ part, detail }: { readonly part: string; readonly detail: string }) => `${part}: ${detail}`,
  /** Users or records that could not be sent for the same reason. */
  rows: ({ reason, names, count }: Rows) =>
    `${count === 1 ? "Not sent" : `${number(count)} not sent`}: ${listed(names, "and", count)}. ${reason}`,
  /** Stands for an error in `map`, whose words may hold personal data. */
  record_failed: () => "The record could not be read: the report says why.",
  duplicate: () => "Several rows have this account number and different content.",
  twin: () =>
    "They have the login or the e-mail address of a user that Oplead has: perhaps the same people. If they are others, the report has the line for the config (newUsers).",
  more: ({ count }: { readonly count: number }) =>
    `There ${count === 1 ? "is" : "are"} ${counted(count, "more reason")}.`,
  why_over: () => "They were not well because:",
  times: ({ since, until }: { readonly since: string; readonly until: string | undefined }) =>
    until === undefined ? `Since: ${since}` : `From ${since} to ${until}`,
  more_by: ({ command }: { readonly command: string }) => `More: ${command}`,
};

interface Rows {
  readonly reason: string;
  /** The first few account numbers, or rows of records that have none. */
  readonly names: readonly string[];
  readonly count: number;
}

interface Titled {
  readonly name: string;
  readonly title: string;
  readonly state: "begun" | "continues" | "over" | "sample";
}

/** Why a message has perhaps not arrived. */
export const ALERT_PROBLEMS = {
  alert_not_sent: ({ target, reason }: { readonly target: string; readonly reason: string }) =>
    `${target}: the alert was not sent (${reason}).`,
  alerts_not_remembered: ({ reason }: { readonly reason: string }) =>
    `The ledger cannot remember what was told (${reason}), so the next run may tell it again.`,
};
