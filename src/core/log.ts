import { argumentsCheck, withLevels } from "./validate.ts";

/**
 * The code of a log line. Codes do not change, so alerts can use them instead of texts. The documentation's page about
 * monitoring says when each line is written.
 */
export type LogEvent =
  | "approval_not_kept"
  | "callback_failed"
  | "delivery_invalid"
  | "delivery_postponed"
  | "delivery_repeated"
  | "delivery_store_failed"
  | "entry_damaged"
  | "fact_doubted"
  | "hook_failed"
  | "job_failed"
  | "job_stalled"
  | "jobs_waiting"
  | "lease_waiting"
  | "ledger_bound"
  | "ledger_key_missing"
  | "ledger_shared"
  | "map_failed"
  | "no_worker"
  | "outcome_unknown"
  | "plain_http"
  | "redis_answers"
  | "redis_failed"
  | "request_ended"
  | "request_refused"
  | "request_retried"
  | "requests_paused"
  | "run_ended"
  | "shared_rate"
  | "step_failed"
  | "test_mode"
  | "user_done"
  | "user_refused"
  | "version_not_comparable"
  | "versions_ignored"
  | "webhook_failed"
  | "webhook_unverified"
  | "worker_paused"
  | "worker_resumed";

/** The facts of a line, as fields for a log store. They hold neither the token nor personal data. */
export interface LogFields {
  /** The code of the line. */
  readonly event: LogEvent;
  readonly [name: string]: string | number | boolean | undefined;
}

/**
 * The log that the package writes to. `console` and winston fit; wrap pino in {@link pinoLogger}. The text of a line is
 * complete; `fields` holds the same facts for a structured log.
 */
export interface OpleadLogger {
  /**
   * Only pino's loggers have the method `bindings`, so the type refuses a pino logger. pino expects the fields before
   * the message, and would drop fields that come after it. Wrap a pino logger in {@link pinoLogger}. The compiler shows
   * the text of this type as its error.
   */
  readonly bindings?: "This is pino, which would drop the fields. Wrap it: pinoLogger(pino())" | undefined;
  debug(message: string, fields: LogFields): void;
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}

/** The method of a logger that drops its lines. Code that makes long lines can compare with it, and make none. */
export function dropLine(): void {}

/**
 * Calls an observer: a hook, a listener of progress, a logger. If it throws or rejects, `onFailure` is called and
 * nothing else happens.
 */
export function notify<Args extends unknown[]>(
  callback: ((...args: Args) => unknown) | undefined,
  args: Args,
  onFailure: () => void = () => {},
): void {
  try {
    const result = callback?.(...args);
    if (typeof result === "object" && result !== null) Promise.resolve(result).catch(onFailure);
  } catch {
    onFailure();
  }
}

/** Wraps callbacks so that a failure of a callback is logged and has no other effect. */
export function observer(logger: OpleadLogger | undefined) {
  return <T>(name: string, callback: ((value: T) => unknown) | undefined): ((value: T) => void) | undefined =>
    callback &&
    ((value) =>
      notify(callback, [value], () =>
        logger?.error(`oplead-sdk: ${name} threw; the run goes on`, { event: "callback_failed", callback: name }),
      ));
}

/** A logger that never throws: a line that cannot be written must not end a call. */
export function quiet(logger: OpleadLogger): OpleadLogger {
  const write =
    (level: "debug" | "info" | "warn" | "error") =>
    (...line: [message: string, fields: LogFields]): void =>
      notify((...args: typeof line) => logger[level](...args), line);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/**
 * The methods of pino that are used. Other loggers work too if their methods expect the fields before the message, for
 * example bunyan and the `log` of Fastify.
 */
export type FieldsFirstLogger = {
  readonly [Level in "debug" | "info" | "warn" | "error"]: (fields: LogFields, message: string) => void;
};

/**
 * A logger that writes to pino, with the fields that alerts use.
 *
 * @throws {@link OpleadError} `invalid_input` if a method is missing.
 *
 * @example
 * ```ts
 * const oplead = createOplead({ logger: pinoLogger(pino()) });
 * ```
 */
export function pinoLogger(pino: FieldsFirstLogger): OpleadLogger {
  checkArguments({ pino });
  const write =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, fields: LogFields): void =>
      pino[level](fields, message);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

const checkArguments = /* @__PURE__ */ argumentsCheck("pinoLogger", () => ({ pino: withLevels() }));
