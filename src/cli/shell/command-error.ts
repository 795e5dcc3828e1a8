import { EXIT, type ExitCode } from "../exit-codes.ts";

/** A command that cannot do what it was asked for. */
export class CommandError extends Error {
  /** For scripts. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** Further facts for `--json`. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, exitCode: ExitCode = EXIT.error, facts: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.facts = facts;
  }
}
