import type { LoadedConfig } from "oplead-sdk/config";
import type { AuditFile, AuditOrigin } from "oplead-sdk/sync";
import { EXIT, type ExitCode } from "../exit.ts";
import { openAudit } from "../run/trace.ts";
import type { Output } from "../shell/output.ts";
import { say } from "../texts/say.ts";

/** The audit of a command that runs for long. A line that cannot be written stops nothing, since users would wait; the end says how many are missing. */
export class UserAudit {
  /** How many lines could not be written. */
  missing = 0;
  readonly #audit: AuditFile | undefined;
  readonly #output: Output;

  constructor(loaded: LoadedConfig, origin: AuditOrigin, output: Output) {
    this.#audit = openAudit(loaded, origin);
    this.#output = output;
  }

  write(task: (audit: AuditFile) => void): void {
    try {
      if (this.#audit) task(this.#audit);
    } catch (error) {
      this.missing += 1;
      // What the audit throws has no personal data.
      if (this.missing === 1) this.#output.error(say("user_audit_failed", { message: (error as Error).message }));
    }
  }

  /** Closes the file, and says how the command should end. */
  async close(): Promise<ExitCode> {
    await this.#audit?.close();
    if (this.missing === 0) return EXIT.success;
    this.#output.error(say("user_audit_lacks", { lines: this.missing }));
    return EXIT.error;
  }
}
