import { isOpleadError, type OpleadError, type Outcome } from "oplead-sdk";
import { answerIn, fieldIn, type UserLine } from "#parts";
import { errorCode, stepsOf } from "../../core/errors.ts";
import { REASONS } from "../../locales/en/report.ts";
import { CommandError, EXIT, type Failure } from "../exit.ts";
import { inEnglish, issueText, languageName, messageOf, say, shown, type Told, told } from "../say.ts";

export function failureOf(error: unknown, interrupted: boolean): Failure {
  if (interrupted && (!isOpleadError(error) || error.code === "aborted")) {
    const message = told("interrupted");
    return {
      exitCode: EXIT.interrupted,
      error: { code: "interrupted", message: inEnglish(message) },
      said: shown(message),
    };
  }
  if (error instanceof CommandError) return error.failure;
  if (isOpleadError(error)) {
    const { code, issues } = error;
    const how = hintOf(error);
    const isRefused = code === "sync_refused";
    const message = (isRefused ? inEnglish(REFUSED) : withCauses(error)) + how.map(inEnglish).join("");
    const { findings, hash } = error as { findings?: unknown; hash?: unknown };
    const exitCode = isRefused ? EXIT.guard : EXIT.error;
    const named = issues?.length === 0 ? undefined : issues;
    const said = languageName() === "en" ? message : (saidOf(error) + how.map(shown).join("")).trimEnd();
    return { exitCode, error: { code, message, issues: named, findings, hash }, said };
  }
  // Other errors are usually of the system, such as EACCES.
  const message = error instanceof Error ? error.message : `a ${typeof error} was thrown`;
  return { exitCode: EXIT.error, error: { code: errorCode(error) ?? "unexpected", message }, said: message };
}

// Advice by error: the error itself stays unchanged.
const advised = new WeakMap<object, Told>();

export function advise(error: object, advice: Told): void {
  advised.set(error, advice);
}

// A new project usually lacks the token.
function hintOf(error: OpleadError): Told[] {
  const { code, issues } = error;
  const own = advised.get(error);
  if (own) return [own];
  if (code === "ledger_mismatch") return [told("advice_adopt")];
  if (!issues?.some(({ path }) => path === "client.token")) return [];
  return [told("advice_token")];
}

const REFUSED = told("and_nothing_sent", {
  message: { coded: { code: "sync_refused", message: REASONS.sync_refused } },
});

// Only the text of an error without issues is in English.
function saidOf(error: OpleadError): string {
  const { code, status, issues = [], message, result } = error;
  const { file } = error as { readonly file?: string };
  if (code === "sync_refused") return shown(REFUSED);
  if (code === "incomplete" && result)
    return messageOf({ code: "arrived_in_part", message, parameters: stepsOf(result) });
  // Only an error about a config has a file.
  const first = file === undefined ? undefined : say("config_not_valid", { file });
  return [
    first ?? `${messageOf({ code, message })}${status === undefined ? "" : ` (${status})`}`,
    ...issues.map((issue) => {
      const [name, what] = [issue.path, issueText(issue)];
      // For `source_failed` the path is a file; for other codes the message continues the path.
      return `  ${code === "source_failed" && name !== "" ? say("name_and_what", { name, what }) : `${name} ${what}`.trim()}`;
    }),
    // Without issues, only the message names the file, the column or the port.
    ...(issues.length === 0 ? [`  ${detailsOf(error)}`] : []),
  ].join("\n");
}

function detailsOf(error: OpleadError): string {
  const { operation, requests = 0, requestId, cause } = error;
  if (operation === undefined || (cause === undefined && requests === 0))
    return say("error_details", { words: withCauses(error) });
  return say("request_details", { operation, requests, requestId, reason: errorCode(cause) });
}

function withCauses(error: OpleadError): string {
  const lines = [error.message];
  for (let inner: unknown = error.cause; inner instanceof Error && lines.length < 4; inner = inner.cause) {
    const { message, isHidden = false } = inner as Error & { readonly isHidden?: boolean };
    const adds = message !== "" && !isHidden && !lines.some((line) => line.includes(message));
    if (adds) lines.push(`  ${message}`);
  }
  return lines.join("\n");
}

export function userText({
  outcome,
  fields,
  differs = [],
  rules,
  failed,
  issues = [],
  killed,
  testMode,
}: UserLine): string {
  const named = (path: string): string => fieldIn(languageName(), path);
  const what = [...fields, ...rules].map(named).join(", ");
  const wrong = [...failed.map((one) => answerIn(languageName(), one)), ...issues.map(({ path }) => named(path))].join(
    ", ",
  );
  const notes = `${testMode ? say("step_test_mode") : ""}${killed ? say("step_of_next_run") : ""}`;
  const others = differs.length === 0 ? "" : say("answer_has_others", { fields: differs.join(", ") });
  return [say(outcome), what, others, wrong].filter((part) => part !== "").join(say("separator")) + notes;
}

export function amountsText(counts: Readonly<Partial<Record<Outcome, number>>>): string {
  return outcomesOf(counts)
    .flatMap((outcome) => {
      const count = counts[outcome] ?? 0;
      return count === 0 ? [] : [say("outcome_count", { count, outcome: say(outcome) })];
    })
    .join(", ");
}

export function outcomesOf(record: Readonly<Partial<Record<Outcome, unknown>>>): Outcome[] {
  return Object.keys(record) as Outcome[]; // its type says so
}
