import type { Ledger } from "../ledger/ledger.ts";
import type { Coded } from "../locales/coded.ts";
import type { ALERT_PROBLEMS } from "../locales/en/report.ts";
import type { FailedReport } from "../sync/types/failed-report.ts";
import type { SyncReport } from "../sync/types/report.ts";
import type { FetchLike } from "../transport/options.ts";

/** Why a night did not go well. */
export interface AlertReason {
  /** The code of an error, a finding of the guard, a reason to stop, or a problem of a record. */
  readonly code: string;
  /** A sentence, in the language that was chosen. It names account numbers at most, no personal data. */
  readonly message: string;
}

/** One message about the nights. */
export interface AlertMessage {
  /** The version of this form. */
  readonly version: 1;
  /**
   * - `begun`: nights have stopped being well, or it got worse
   * - `continues`: they are still not well, a day later
   * - `over`: they are well again
   * - `sample`: asks whether messages arrive
   */
  readonly state: "begun" | "continues" | "over" | "sample";
  /**
   * How the night ended. Of an `over`: how the last one that was not well did.
   *
   * - `failed`: without a report, or nothing arrived
   * - `refused`: by the guard
   * - `stopped`: early, because everything failed, or by a signal
   * - `rows`: everything was tried, and some users or records could not be sent
   * - `paused`: nothing was sent, because runs are paused
   */
  readonly night: "failed" | "refused" | "stopped" | "rows" | "paused" | "sample";
  /** {@link NotifyOptions.name}. */
  readonly name: string | undefined;
  /** When the first run began that was not well, ISO 8601. */
  readonly since: string;
  /** When the run began that was well again, ISO 8601; undefined before. */
  readonly until: string | undefined;
  /** Why. Of an `over`: why the last one was not well. */
  readonly reasons: readonly AlertReason[];
  /** One line. */
  readonly title: string;
  /** Several lines: why, since when, and the command that says more. */
  readonly text: string;
  /** The command that says more. */
  readonly command: string;
}

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
 * Where messages go.
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

/** Options of {@link notifiers}. */
export interface NotifyOptions {
  /**
   * The ledger of the runs. It remembers since when nights are not well and when that was told last. Without it, and when it cannot be read,
   * every run that is not well tells so, and none tells that it is over, unless there is a `backup`.
   */
  readonly ledger?: Ledger | undefined;
  /**
   * A second place for what the ledger remembers of alerts, such as a file: one text, `undefined` if there is none yet. It counts while the
   * ledger cannot be read. `read` does not throw. Default: none.
   */
  readonly backup?: { read(): string | undefined; write(text: string): void } | undefined;
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
export interface NotifySettings extends Pick<NotifyOptions, "language" | "name" | "timeoutMs" | "allowHttp" | "fetch"> {
  /** Where messages go. */
  readonly targets: readonly AlertTarget[];
}

/** Why a message has perhaps not arrived. Holds no address. */
export type AlertProblem = Coded<typeof ALERT_PROBLEMS>;

/**
 * Tells of a run that has ended. Never rejects: what went wrong is in the result, and changes nothing else. Runs in test mode, and runs
 * with `only` or `limit` that leave users out, are passed over.
 */
export type Notify = (ended: SyncReport | FailedReport | Error) => Promise<readonly AlertProblem[]>;
