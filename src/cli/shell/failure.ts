import { isOpleadError, type OpleadIssue } from "oplead-sdk";
import { errorCode } from "../../error-code.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { CommandError } from "./command-error.ts";
import { OutputError } from "./output.ts";

/** What is said of a failure, and how the process ends. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly json: { readonly error: Readonly<Record<string, unknown>> };
}

export function failureOf(error: unknown, interrupted: boolean): Failure {
  if (interrupted && (!isOpleadError(error) || error.code === "aborted")) {
    const message = "Interrupted. Nothing was left half done.";
    return { exitCode: EXIT.interrupted, message, json: { error: { code: "interrupted", message } } };
  }
  if (error instanceof CommandError) {
    const { code, message, exitCode, facts } = error;
    return { exitCode, message, json: { error: { code, message, ...facts } } };
  }
  if (isOpleadError(error)) {
    const { code, issues } = error;
    const how = code === "ledger_mismatch" ? "\nWith the command: npx oplead ledger adopt" : tokenHint(issues);
    const message = withCauses(error.message, error.cause) + how;
    const { findings, hash } = error as { findings?: unknown; hash?: unknown };
    const exitCode = code === "sync_refused" ? EXIT.guard : EXIT.error;
    return { exitCode, message, json: { error: { code, message, issues, findings, hash } } };
  }
  if (error instanceof OutputError) {
    return {
      exitCode: EXIT.error,
      message: error.message,
      json: { error: { code: "output", message: error.message } },
    };
  }
  const { message, code } = describe(error);
  return { exitCode: EXIT.error, message, json: { error: { code: code ?? "unexpected", message } } };
}

/** Where a token goes: the first thing that a new project lacks. */
function tokenHint(issues: readonly OpleadIssue[] | undefined): string {
  if (!issues?.some(({ path }) => path === "client.token")) return "";
  return "\nPut the token into the environment or into a file .env beside the config. To try without one: --target fake";
}

/** The reasons below, where they add something. Causes of an OpleadError hold no secrets and no data. */
function withCauses(message: string, cause: unknown): string {
  const lines = [message];
  for (let inner = cause; inner instanceof Error && lines.length < 4; inner = inner.cause) {
    if (inner.message !== "" && !lines.some((line) => line.includes(inner.message))) lines.push(`  ${inner.message}`);
  }
  return lines.join("\n");
}

/** What the system says, for example about a folder that may not be written. */
function describe(error: unknown): { message: string; code: string | undefined } {
  if (!(error instanceof Error)) return { message: `a ${typeof error} was thrown`, code: undefined };
  return { message: error.message, code: errorCode(error) };
}
