import { errorCode } from "../core/errors.ts";
import { inEnglish, type Sayable, shown, type Told, told } from "./say.ts";

export const EXIT = {
  success: 0,
  error: 1,
  // Also for `probe --compare` if the platform has changed.
  changesPending: 2,
  // Also for a stale plan, and for `probe --compare` if facts that the client relies on have changed.
  guard: 3,
  partly: 4,
  // Everything that can be sent was sent.
  unsendable: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Failure {
  readonly exitCode: ExitCode;
  readonly error: { readonly code: string; readonly message: string; readonly [fact: string]: unknown };
  readonly said: string;
}

export class CommandError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly details: Readonly<Record<string, unknown>>;

  // `message` itself is English, as all JSON is.
  readonly said: string;

  constructor(code: string, what: Sayable, exitCode: ExitCode = EXIT.error, details: Record<string, unknown> = {}) {
    super(inEnglish(what));
    this.said = shown(what);
    this.code = code;
    this.exitCode = exitCode;
    this.details = details;
  }

  get failure(): Failure {
    const { code, message, exitCode, details, said } = this;
    return { exitCode, error: { code, message, ...details }, said };
  }
}

export function withReport(file: string, task: () => void): void {
  withFile("report", told("report_not_written", { file }), task);
}

// Adds the system's code to the message of the error: `… (EACCES).`
export function withFile<T>(code: string, failure: Told, task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw new CommandError(code, told("failed_with_code", { failure, code: String(errorCode(error)) }));
  }
}
