import type { Coded } from "../base/texts/coded.ts";
import type { ALERT_PROBLEMS, ALERTS } from "../base/texts/en/alerts.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { FetchLike } from "../options.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";

/** The subject of an alert. Its parameters hold account numbers at most, no personal data. */
export type AlertKind = Coded<typeof ALERTS>;

/** One message: an incident has begun, or is over. */
export interface AlertFacts {
  /** The version of this form. */
  readonly version: 1;
  /** `begun`: it is told for the first time; `over`; `sample`: from `oplead notify test`. */
  readonly state: "begun" | "over" | "sample";
  /** {@link NotifyOptions.name}. */
  readonly name: string | undefined;
  /** When the run began that found it first, ISO 8601. */
  readonly since: string;
  /** When the run began in which it was over, ISO 8601; undefined before. */
  readonly until: string | undefined;
  /** One line. */
  readonly title: string;
  /** Several lines: what, since when, who, what to do, and the command. */
  readonly text: string;
  /** Advice in one sentence. Empty if the incident is over. */
  readonly advice: string;
  /** The command that says more. */
  readonly command: string;
  /** At most five account numbers. One that may be an e-mail address is `[not shown]`. */
  readonly accountNumbers: readonly string[];
  /** How many users there are. */
  readonly users: number;
}

/** One message about one incident. `message` is the sentence of its code, in the language that was chosen; of an incident that is over, the title. */
export type AlertMessage = AlertFacts &
  (AlertKind | { readonly code: AlertKind["code"]; readonly parameters: undefined; readonly message: string });

/** An e-mail by SMTP. Needs the package `nodemailer`, which is loaded when the first e-mail is sent. */
export interface AlertEmail {
  /** Who gets it. */
  readonly to: string | readonly string[];
  /** The sender. */
  readonly from: string;
  /**
   * The server: `smtps://user:password@smtp.example.com`, or `smtp://…`, where STARTTLS is demanded unless it is this machine or
   * {@link NotifyOptions.allowHttp} is set.
   */
  readonly smtp: string;
}

/**
 * Where alerts go.
 *
 * - `webhook`: a message by POST, to an incoming webhook of Slack, to a workflow of Teams ("When a Teams webhook request is received"), or an
 *   {@link AlertMessage} as JSON
 * - `email`: a message by SMTP
 * - `heartbeat`: after every run a GET, to the address if the night did its work (exit codes 0, 4, 5), to `/fail` below it if not, as
 *   healthchecks.io and Better Stack take it. It gets no messages
 * - a function: gets every message
 *
 * Addresses are secrets: they are in no message, no warning and no file.
 */
export type AlertTarget =
  | { readonly webhook: string; readonly format: "slack" | "teams" | "json" }
  | { readonly email: AlertEmail }
  | { readonly heartbeat: string }
  | ((message: AlertMessage) => void | Promise<void>);

/** Conditions to tell of. `false` switches one off. */
export interface AlertConditions {
  /** The guard refused the plan. Default true. */
  readonly refused?: boolean | undefined;
  /** The run ended early: everything failed, or it was ended by a signal. Default true. */
  readonly stopped?: boolean | undefined;
  /** The run has no report, because the source, the ledger or something else failed; or nothing of what it sent arrived. Default true. */
  readonly failed?: boolean | undefined;
  /**
   * Problems of users or records that the run before did not have. Each run with new problems is an incident; all are over when there
   * is no problem left. Default true.
   */
  readonly newProblems?: boolean | undefined;
  /** The share of records that may be invalid, 0 to 1. Default 0.05. */
  readonly invalidShare?: number | false | undefined;
  /**
   * How far the number of users may be from the median of the last 14 runs, as a share of it; ten users are always allowed. Needs five
   * runs. Default 0.2; set `false` for an incremental source, as the command does.
   */
  readonly userCount?: number | false | undefined;
  /** How many times the median of the last 14 runs a run may take; ten minutes more are always allowed. Needs five runs. Default 3. */
  readonly duration?: number | false | undefined;
  /** Users whose grace period is over ({@link LeaverOptions.graceDays}). Told again when there are further ones. Default true. */
  readonly leaversDue?: boolean | undefined;
  /** Days for which a user may be held. Told again when there are further ones. Default 14. */
  readonly heldDays?: number | false | undefined;
}

/** Options of {@link notifiers}. */
export interface NotifyOptions {
  /**
   * The ledger of the runs. It remembers what was told, so that an incident has one message, and one when it is over. Without it, and
   * when it cannot be read, every run tells what it finds.
   */
  readonly ledger?: Ledger | undefined;
  /** Conditions to tell of, with their limits. */
  readonly conditions?: AlertConditions | undefined;
  /** The language of messages. Default `"en"`. */
  readonly language?: "en" | "fr" | undefined;
  /** The platform, for titles: where several tell into one channel. */
  readonly name?: string | undefined;
  /** The target of the config, for the commands in messages. */
  readonly target?: string | undefined;
  /** Limit of one try in milliseconds; there are two. Default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Allows addresses with plain http on another machine. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** Sends webhooks and heartbeats, for example through a proxy. Default: the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

/** `notify` of a config that says more than the targets. */
export interface NotifySettings
  extends Pick<NotifyOptions, "conditions" | "language" | "name" | "timeoutMs" | "allowHttp" | "fetch"> {
  /** Where alerts go. */
  readonly targets: readonly AlertTarget[];
}

/** Why an alert has perhaps not arrived. Holds no address. */
export type AlertProblem = Coded<typeof ALERT_PROBLEMS>;

/**
 * Tells of a run that has ended. Never rejects: what went wrong is in the result, and changes nothing else. Runs in test mode, and runs
 * with `only` or `limit` that leave users out, are passed over.
 */
export type Notify = (ended: SyncReport | FailedReport | Error) => Promise<readonly AlertProblem[]>;
