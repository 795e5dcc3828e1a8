import type { Ledger } from "../ledger/ledger.ts";
import type { Coded, ToldBy } from "../locales/coded.ts";
import type { ALERT_FAILURES } from "../locales/en/failures.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import type { FetchLike } from "../transport/options.ts";

/** Why a run has a problem. */
export interface AlertReason {
  /** The code of an error, a finding of the guard, a reason to stop, or a problem of a record. */
  readonly code: string;
  /** A sentence in the chosen language. It may name account numbers, but holds no other personal data. */
  readonly message: string;
}

/** One message about runs. A run has a problem if its exit code is not 0 or if runs are paused. */
export interface AlertMessage {
  /** The version of the form of messages. */
  readonly version: 1;
  /**
   * - `begun`: a run has a problem, or the problem has become more serious
   * - `continues`: runs still have the problem, a day after the last message
   * - `over`: a run has no problem any more
   * - `sample`: a test of whether messages arrive
   */
  readonly state: "begun" | "continues" | "over" | "sample";
  /**
   * How the run ended. In an `over` message: how the last run with a problem ended.
   *
   * - `failed`: the run ended without a report, or no user arrived
   * - `refused`: the guard refused the plan
   * - `stopped`: the run ended early, because everything failed or because of a signal
   * - `rows`: everything was tried, and some users or records could not be sent
   * - `paused`: nothing was sent, because runs are paused
   * - `sample`: there was no run, because the message only tests whether messages arrive
   */
  readonly night: "failed" | "refused" | "stopped" | "rows" | "paused" | "sample";
  /** The name of the platform, from {@link NotifyOptions.name}. */
  readonly name: string | undefined;
  /** When the first run with the problem began, ISO 8601. */
  readonly since: string;
  /** When the first run without a problem began, ISO 8601; undefined while runs have a problem. */
  readonly until: string | undefined;
  /** Why the run has a problem. In an `over` message: the reasons of the last run with a problem. */
  readonly reasons: readonly AlertReason[];
  /** The title of the message: one line. */
  readonly title: string;
  /** The text of the message: several lines with the reasons, the times, and the command that shows more. */
  readonly text: string;
  /** The command that shows more about the run. */
  readonly command: string;
}

/** An e-mail by SMTP. Needs the package `nodemailer`, which is loaded when the first e-mail is sent. */
export interface AlertEmail {
  /** The addresses to which the e-mail is sent. */
  readonly to: string | readonly string[];
  /** The address of the sender. */
  readonly from: string;
  /**
   * The server: `smtps://user:password@smtp.example.com`, or `smtp://…`, which requires STARTTLS unless the server is
   * this machine or {@link NotifyOptions.allowHttp} is set.
   */
  readonly smtp: string;
}

/**
 * A receiver of messages.
 *
 * - `webhook`: a message by POST, to an incoming webhook of Slack, to a workflow of Teams ("When a Teams webhook
 *   request is received"), or an {@link AlertMessage} as JSON
 * - `email`: a message by SMTP
 * - `heartbeat`: a GET after every run, to the address if the exit code of the run is 0, 4 or 5, otherwise to `/fail`
 *   below it, as healthchecks.io and Better Stack expect it. A heartbeat gets no messages
 * - a function: it gets every message
 *
 * Addresses are secrets: no message, warning or file contains them.
 */
export type AlertTarget =
  | { readonly webhook: string; readonly format: "slack" | "teams" | "json" }
  | { readonly email: AlertEmail }
  | { readonly heartbeat: string }
  | ((message: AlertMessage) => void | Promise<void>);

/** Options of {@link notifiers}. */
export interface NotifyOptions {
  /**
   * The ledger of the runs. The ledger remembers since when runs have a problem (an exit code other than 0, or a pause)
   * and when a message was last sent. If there is no ledger, or if it cannot be read, `backup` is used. If there is no
   * `backup` either, a message is sent after every run with a problem, and no `over` message is sent.
   */
  readonly ledger?: Ledger | undefined;
  /**
   * A second place, such as a file, for what the ledger remembers about alerts. It holds one text. `read` returns
   * `undefined` if there is no text yet, and must not throw. The backup is used while the ledger cannot be read.
   * Default: none.
   */
  readonly backup?: { read(): string | undefined; write(text: string): void } | undefined;
  /** The language of messages. Default `"en"`. */
  readonly language?: "en" | "fr" | undefined;
  /**
   * The name of the platform, shown in titles. It is useful in a channel that gets messages about several platforms.
   */
  readonly name?: string | undefined;
  /** The name of the config's target. The commands in messages then have `--target`. */
  readonly target?: string | undefined;
  /** The limit of one attempt in milliseconds; there are two attempts. Default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Allows addresses with plain http on other machines. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** Sends webhooks and heartbeats, for example through a proxy. Default: the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

/** The option `notify` of a config, if it is an object with the targets and further options. */
export interface NotifySettings extends Pick<NotifyOptions, "language" | "name" | "timeoutMs" | "allowHttp" | "fetch"> {
  /** The receivers of messages. */
  readonly targets: readonly AlertTarget[];
}

/** The reason why a target may not have got a message. It holds no address. */
export type AlertFailure = ToldBy<typeof ALERT_FAILURES>;

/** A message that may not have arrived, or that may be sent once more. */
export type AlertProblem =
  | Coded<"alert_not_sent", { readonly target: string; readonly reason: AlertFailure }>
  | Coded<"alerts_not_remembered", { readonly reason: string }>;

/**
 * Sends messages about a run that has ended. It never rejects: the result lists failures, and a failure has no other
 * effect. Runs in test mode, and runs with `only` or `limit` that leave users out, are ignored.
 */
export type Notify = (ended: SyncReport | FailedReport | Error) => Promise<readonly AlertProblem[]>;
