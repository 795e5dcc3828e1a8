/** The facts of a line, as fields for a log store. Neither the token nor personal data is in them. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The log that the package writes to. `console`, pino and winston fit. A line is complete by itself; `fields` holds the same facts
 * for a structured log. pino needs `hooks.logMethod` to take fields after the message (see the monitoring page).
 */
export interface OpleadLogger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/**
 * Calls an observer: a hook, a listener of progress, a logger. What it throws or rejects with is its own failure and changes
 * nothing here; `onFailure` is told that there was one.
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

/** Turns callbacks into ones that may fail without consequences. */
export function observer(logger: { error(message: string): void } | undefined) {
  return <T>(name: string, callback: ((value: T) => unknown) | undefined): ((value: T) => void) | undefined =>
    callback &&
    ((value) => notify(callback, [value], () => logger?.error(`oplead-sdk: ${name} threw; the run goes on`)));
}

/** A logger whose failures are its own: a line that cannot be written must not end a call, or undo what was done. */
export function quiet(logger: OpleadLogger): OpleadLogger {
  const write =
    (level: keyof OpleadLogger) =>
    (...line: [message: string, fields?: LogFields]): void =>
      notify((...args: typeof line) => logger[level](...args), line);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
