import type { LogFields, OpleadLogger } from "./observe.ts";
import { argumentsCheck, withLevels } from "./validation/validate.ts";

/** The part of pino that is used. Other loggers that take the fields first fit too: bunyan, the `log` of Fastify. */
export type FieldsFirstLogger = {
  readonly [Level in "debug" | "info" | "warn" | "error"]: (fields: LogFields, message: string) => void;
};

/**
 * A logger that writes to pino, with the fields that alerts go by.
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
