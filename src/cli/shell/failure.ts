import { isOpleadError, type OpleadError, type OpleadIssue } from "oplead-sdk";
import { errorCode } from "../../base/error-code.ts";
import { CommandError, EXIT, type ExitCode } from "../exit.ts";

/** How the process ends, and what is said of the failure: the message as text, everything with `--json`. */
interface Failure {
  readonly exitCode: ExitCode;
  readonly error: { readonly code: string; readonly message: string; readonly [fact: string]: unknown };
}

export function failureOf(error: unknown, interrupted: boolean): Failure {
  if (interrupted && (!isOpleadError(error) || error.code === "aborted")) {
    return {
      exitCode: EXIT.interrupted,
      error: { code: "interrupted", message: "Interrupted. Nothing was left half done." },
    };
  }
  if (error instanceof CommandError) {
    const { code, message, exitCode, facts } = error;
    return { exitCode, error: { code, message, ...facts } };
  }
  if (isOpleadError(error)) {
    const { code, issues } = error;
    const how = code === "ledger_mismatch" ? "\nWith the command: npx oplead ledger adopt" : tokenHint(issues);
    const message = withCauses(error) + how;
    const { findings, hash } = error as { findings?: unknown; hash?: unknown };
    const exitCode = code === "sync_refused" ? EXIT.guard : EXIT.error;
    const named = issues?.length === 0 ? undefined : issues;
    return { exitCode, error: { code, message, issues: named, findings, hash } };
  }
  // The words of the system, for example about a folder that may not be written.
  const message = error instanceof Error ? error.message : `a ${typeof error} was thrown`;
  return { exitCode: EXIT.error, error: { code: errorCode(error) ?? "unexpected", message } };
}

/** Where a token goes: the first thing that a new project lacks. */
function tokenHint(issues: readonly OpleadIssue[] | undefined): string {
  if (!issues?.some(({ path }) => path === "client.token")) return "";
  return "\nPut the token into the environment or into a file .env beside the config. To try without one: --target fake";
}

/** Stands for words that may hold data: see `safeCause`. */
const HIDDEN_WORDS = /^\[not shown, \d+ characters\]$/;

/** The reasons below, where they add something. */
function withCauses(error: OpleadError): string {
  const lines = [error.message];
  for (let inner: unknown = error.printableCause; inner instanceof Error && lines.length < 4; inner = inner.cause) {
    const { message } = inner;
    const adds = message !== "" && !HIDDEN_WORDS.test(message) && !lines.some((line) => line.includes(message));
    if (adds) lines.push(`  ${message}`);
  }
  return lines.join("\n");
}
