import type { UserToSend } from "../contract/contract.ts";
import { invalid } from "../core/errors.ts";
import { issueAt, type OpleadIssue, pathValueProblem } from "../core/issues.ts";
import { isObject, isPlain } from "../core/values.ts";
import { tellUser, tellValue } from "../locales/en/core.ts";
import { type RuleToSend, tryRules, type UserRules } from "../rules/rules.ts";
import { start } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { CallOptions } from "../transport/options.ts";
import { accountNumberOf, findUserIssues, flatUser, type UserFields, type UserOptions } from "../user/user.ts";

export interface Input {
  readonly id?: string | undefined;
  readonly userIdentification?: string;
  readonly rules?: UserRules | undefined;
}

/**
 * A user in the form in which it is sent, and every problem found in it. The user may be sent only if no problem was
 * found.
 */
export interface CheckedUser {
  readonly toSend: UserToSend;
  readonly issues: readonly OpleadIssue[];
}

/**
 * Checks the JSON of a user. The checked JSON is what is sent later, so changes that the caller makes to the object
 * meanwhile have no effect.
 */
export function checkUser(given: unknown, options: UserOptions): CheckedUser {
  const { text, value } = asJson(given);
  const issues = findUserIssues(value, options);
  // `text` is undefined if the user cannot be written as JSON, because an unknown field refers to itself, holds a
  // BigInt, or has a toJSON that throws. The message of the error that JSON.stringify threw is not repeated, because it
  // may quote the value.
  if (text === undefined && isObject(given)) issues.push(issueAt("", tellValue("not_json")));
  // The casts are safe: if there are no issues, the value is a user and has a JSON text. If there are issues, the
  // value is not sent.
  const user = flatUser(value as UserFields);
  const sent = user === value ? (text as string) : JSON.stringify(user);
  return { toSend: { user, accountNumber: accountNumberOf(value), text: sent }, issues };
}

/**
 * Finds every problem of a call's input at once, before anything is sent. Returns the rules as they will be sent.
 *
 * @throws {@link OpleadError} `invalid_input`.
 */
export function checkInput(call: Call, input: Input, issuesOfUser: readonly OpleadIssue[] = []): readonly RuleToSend[] {
  const issues = [...issuesOfUser];
  for (const name of ["id", "userIdentification"] as const) {
    if (!(name in input) || (name === "id" && input.id === undefined)) continue;
    const wrong = pathValueProblem(input[name]);
    if (wrong) issues.push(issueAt(name, wrong));
  }
  const toSend = input.rules !== undefined ? tryRules(input.rules, (_rule, issue) => issues.push(issue)) : [];
  if (issues.length > 0) {
    const { operation, testMode } = call;
    const message = `${start(call)} nothing was sent, the input is not valid.`;
    throw invalid("invalid_input", message, issues, { operation, testMode });
  }
  return toSend;
}

// Without an account number a stale id would create the user on every call.
export function checkUpsert(
  call: Call,
  { toSend: { accountNumber }, issues }: CheckedUser,
  input: Input,
): { readonly accountNumber: string; readonly rulesToSend: readonly RuleToSend[] } {
  const isMissing = accountNumber === undefined && !issues.some(({ path }) => path === "accountNumber");
  const missing = isMissing ? [issueAt("accountNumber", tellUser("needs_account_number"))] : [];
  return { rulesToSend: checkInput(call, input, [...issues, ...missing]), accountNumber: accountNumber ?? "" };
}

/**
 * The options that every call has. They are read by name, so that inherited options count too. `own` names the options
 * that only this method has. An unknown option is kept, so that the check of the options refuses it. Undefined if none
 * is given.
 */
export function callOptions(given: CallOptions | undefined, ...own: readonly string[]): CallOptions | undefined {
  if (!given) return undefined;
  // Most callers give only options that belong to the function itself. Then there is nothing more to check.
  if (COMMON.every((name) => given[name] === undefined) && Object.keys(given).every((name) => isKnown(name, own)))
    return undefined;
  const { signal, timeoutMs, deadlineMs, retry, logger, testMode, headers } = given;
  const others = Object.entries(given).filter(([name]) => !isKnown(name, own));
  return { ...Object.fromEntries(others), signal, timeoutMs, deadlineMs, retry, logger, testMode, headers };
}

const COMMON = ["signal", "timeoutMs", "deadlineMs", "retry", "logger", "testMode", "headers"] as const;

function isKnown(name: string, own: readonly string[]): boolean {
  return own.includes(name) || (COMMON as readonly string[]).includes(name);
}

/**
 * The JSON text of a value, and the value that this text describes. The text is undefined if the value cannot be
 * written as JSON.
 */
function asJson(given: unknown): { text: string | undefined; value: unknown } {
  try {
    const text: string | undefined = JSON.stringify(given);
    // The text is parsed only if it may differ from the value: an object of a class can have its own toJSON.
    return { text, value: text === undefined || isPlainUser(given) ? given : JSON.parse(text) };
  } catch {
    return { text: undefined, value: given };
  }
}

/** Whether the user and the parts of it that are checked are plain objects. */
function isPlainUser(user: unknown): boolean {
  if (!isPlainJson(user)) return false;
  const { address, profile } = user;
  return isPlainJson(profile) && isPlainJson(address) && isPlainJson(address.country);
}

function isPlainJson(value: unknown): value is Readonly<Record<string, unknown>> {
  return isPlain(value) && value.toJSON === undefined;
}
