import { argumentsCheck, withLevels } from "./validate.ts";

/**
 * The code of a log line. Codes do not change, so alerts can use them. The page about monitoring says when each line is
 * written.
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
  | "worker_restarted"
  | "worker_resumed";

/** Facts of a line, as fields for a log store. Neither the token nor personal data. */
export interface LogFields {
  readonly event: LogEvent;
  readonly [name: string]: string | number | boolean | undefined;
}

/**
 * The log that the package writes to. `console` and winston fit; wrap pino in {@link pinoLogger}. The text of a line is
 * complete; `fields` holds the same facts for a structured log.
 */
export interface OpleadLogger {
  /**
   * Refuses a logger of pino, the only kind with this method: pino drops fields that come after the message. Wrap it in
   * {@link pinoLogger}. The compiler shows the text of this type as its error.
   */
  readonly bindings?: "This is pino, which would drop the fields. Wrap it: pinoLogger(pino())" | undefined;
  debug(message: string, fields: LogFields): void;
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}

// A logger method that drops lines. Code that makes long lines can compare with it, and make none.
export function dropLine(): void {}

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

export function observer(logger: OpleadLogger | undefined) {
  return <Args extends unknown[]>(
    name: string,
    callback: ((...args: Args) => unknown) | undefined,
  ): ((...args: Args) => void) | undefined =>
    callback &&
    ((...args) =>
      notify(callback, args, () =>
        logger?.error(`oplead-sdk: ${name} threw; the run goes on`, { event: "callback_failed", callback: name }),
      ));
}

// Wraps a logger, because a line that cannot be written must not end a call.
export function quiet(logger: OpleadLogger): OpleadLogger {
  const write =
    (level: "debug" | "info" | "warn" | "error") =>
    (...line: [message: string, fields: LogFields]): void =>
      notify((...args: typeof line) => logger[level](...args), line);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/**
 * A logger that writes to pino, or another one that takes the fields before the message, with the fields that alerts
 * use: bunyan, the `log` of Fastify.
 *
 * @throws {@link OpleadError} `invalid_input` if a method is missing.
 *
 * @example
 * ```ts
 * const oplead = createOplead({ logger: pinoLogger(pino()) });
 * ```
 */
export function pinoLogger(
  pino: {
    readonly [Level in "debug" | "info" | "warn" | "error"]: (fields: LogFields, message: string) => void;
  },
): OpleadLogger {
  checkArguments({ pino });
  const write =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, fields: LogFields): void =>
      pino[level](fields, message);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

const checkArguments = /* @__PURE__ */ argumentsCheck("pinoLogger", () => ({ pino: withLevels() }));
