import type { Ledger } from "../ledger/ledger.ts";
import type { Coded, ToldBy } from "../locales/coded.ts";
import type { ALERT_FAILURES } from "../locales/en/failures.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import type { FetchLike } from "../transport/options.ts";

/** Why a run is not well. */
export interface AlertReason {
  /** Code of an error, a finding of the guard, a reason to stop, or a problem of a record. */
  readonly code: string;
  /** A sentence in the chosen language. May name account numbers, and no other personal data. */
  readonly message: string;
}

/** One message about runs. A run is well if no problem is open and runs are not paused. */
export interface AlertMessage {
  /** The version of the form of messages. */
  readonly version: 1;
  /**
   * - `begun`: a run is not well, or worse than before
   * - `continues`: a day later, runs are still not well
   * - `over`: a run is well again
   * - `sample`: a test of whether messages arrive
   */
  readonly state: "begun" | "continues" | "over" | "sample";
  /**
   * How the run ended; in an `over` message, the last run that was not well.
   *
   * - `failed`: without a report, or no user arrived
   * - `refused`: by the guard
   * - `stopped`: early, because everything failed or by a signal
   * - `rows`: some users or records could not be sent
   * - `paused`: nothing was sent, because runs are paused
   * - `leavers`: users left the source, and a person must deal with them in Oplead. Told when it happens, then each week
   * - `sample`: there was no run
   */
  readonly night: "failed" | "refused" | "stopped" | "rows" | "paused" | "leavers" | "sample";
  /** The platform: {@link NotifyOptions.name}. */
  readonly name: string | undefined;
  /** Beginning of the first run that was not well, ISO 8601. */
  readonly since: string;
  /** Beginning of the first run that was well again, ISO 8601. */
  readonly until: string | undefined;
  /** Why the run is not well; in an `over` message, the reasons of the last run that was not well. */
  readonly reasons: readonly AlertReason[];
  /** One line. */
  readonly title: string;
  /** Several lines: reasons, times, and the command that shows more. */
  readonly text: string;
  /** The command that shows more about the run. */
  readonly command: string;
}

/** An e-mail by SMTP. Needs the package `nodemailer`. */
export interface AlertEmail {
  /** Addresses of the receivers. */
  readonly to: string | readonly string[];
  /** Address of the sender. */
  readonly from: string;
  /**
   * `smtps://user:password@smtp.example.com`, or `smtp://…`, which requires STARTTLS unless the server is this machine
   * or {@link NotifyOptions.allowHttp} is set.
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
   * Ledger of the runs. It remembers since when runs are not well, and when a message was last sent. Without it and
   * `backup`, every run that is not well sends a message, and `over` is never sent.
   */
  readonly ledger?: Ledger | undefined;
  /**
   * A second place, such as a file, for what the ledger remembers, used while the ledger cannot be read. `read` returns
   * `undefined` without a text, and must not throw. Default: none.
   */
  readonly backup?: { read(): string | undefined; write(text: string): void } | undefined;
  /** Language of messages. Default `"en"`. */
  readonly language?: "en" | "fr" | undefined;
  /** Name of the platform in titles, for a channel of several platforms. Default: none. */
  readonly name?: string | undefined;
  /** Target of the config, which the commands in messages name. Default: none. */
  readonly target?: string | undefined;
  /** Paths of the run's files, such as its page, which messages name. Default: none. */
  readonly files?: readonly string[] | undefined;
  /** Limit of each of the two attempts, in ms. Default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Allows plain http to other machines. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** Sends webhooks and heartbeats, for example through a proxy. Default: the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

/** The option `notify` of a config, as an object. */
export interface NotifySettings extends Pick<NotifyOptions, "language" | "name" | "timeoutMs" | "allowHttp" | "fetch"> {
  /** Receivers of messages. */
  readonly targets: readonly AlertTarget[];
}

/** Why a target may not have got a message. Holds no address. */
export type AlertFailure = ToldBy<typeof ALERT_FAILURES>;

/** A message that may not have arrived, or that may be sent again. */
export type AlertProblem =
  | Coded<"alert_not_sent", { readonly target: string; readonly reason: AlertFailure }>
  | Coded<"alerts_not_remembered", { readonly reason: string }>;

/**
 * Sends messages about a run that has ended. Never rejects: the result lists failures. Ignores test mode, and trials
 * with `only` or `limit`.
 */
export type Notify = (ended: SyncReport | FailedReport | Error) => Promise<readonly AlertProblem[]>;
