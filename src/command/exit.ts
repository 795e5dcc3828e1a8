import { errorCode } from "../core/errors.ts";
import { inEnglish, type Sayable, shown, type Told, told } from "./say.ts";

export const EXIT = {
  success: 0,
  /** An error happened, or the command line was wrong. */
  error: 1,
  /** With `plan --detailed-exitcode`: the plan has changes. With `probe --compare`: the platform has changed. */
  changesPending: 2,
  /**
   * The guard refused the plan, or the plan is not the one that was approved. With `probe --compare`: facts that the
   * client relies on have changed.
   */
  guard: 3,
  /** Some users were sent and some failed. */
  partly: 4,
  /** Every user that can be sent was sent, but some records cannot be sent. */
  unsendable: 5,
  /** The command was ended by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a failed process ends: its exit code, the error as `--json` writes it, and the message for people. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly error: { readonly code: string; readonly message: string; readonly [fact: string]: unknown };
  /** The message in the language of the process. */
  readonly said: string;
}

/** The error of a command that cannot do what it was asked to do. */
export class CommandError extends Error {
  /** The code by which scripts tell errors apart. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** Further details for `--json`. */
  readonly details: Readonly<Record<string, unknown>>;

  /** The message in the language of the process; `message` itself is English, as all JSON is. */
  readonly said: string;

  /** `what`: the message, as the code of one of the command's texts or as a string. */
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

/** Writes a report to the file that a flag names. If that fails, the command ends with an error that names the file. */
export function withReport(file: string, task: () => void): void {
  withFile("report", told("report_not_written", { file }), task);
}

/** Reads or writes a file. If that fails, the command ends with `failure` and the code of the system: `… (EACCES).` */
export function withFile<T>(code: string, failure: Told, task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw new CommandError(code, told("failed_with_code", { failure, code: String(errorCode(error)) }));
  }
}
