/** A pino logger that takes the package's fields, which come after the message. */
import type { OpleadLogger } from "oplead-sdk";
import { type DestinationStream, type LoggerOptions, pino } from "pino";

export function pinoLogger(options: LoggerOptions, stream?: DestinationStream): OpleadLogger {
  const hooks: LoggerOptions["hooks"] = {
    logMethod([message, fields], method) {
      if (typeof fields === "object") method.apply(this, [fields, message as unknown as string]);
      else method.apply(this, [message]);
    },
  };
  return stream ? pino({ ...options, hooks }, stream) : pino({ ...options, hooks });
}
