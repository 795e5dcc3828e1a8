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

export interface CheckedUser {
  readonly toSend: UserToSend;
  readonly issues: readonly OpleadIssue[];
}

// The checked JSON is what is sent: later changes of the object have no effect.
export function checkUser(given: unknown, options: UserOptions): CheckedUser {
  const { text, value } = asJson(given);
  const issues = findUserIssues(value, options);
  // Without JSON, a field refers to itself, holds a BigInt or has a toJSON that throws. That error's message may quote
  // the value.
  if (text === undefined && isObject(given)) issues.push(issueAt("", tellValue("not_json")));
  // Safe: without issues the value is a user with a JSON text; otherwise it is not sent.
  const user = flatUser(value as UserFields);
  const sent = user === value ? (text as string) : JSON.stringify(user);
  return { toSend: { user, accountNumber: accountNumberOf(value), text: sent }, issues };
}

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

// An upsert needs an account number: without one, a stale id would create the user on every call.
export function checkUpsert(
  call: Call,
  { toSend: { accountNumber }, issues }: CheckedUser,
  input: Input,
): { readonly accountNumber: string; readonly rulesToSend: readonly RuleToSend[] } {
  const isMissing = accountNumber === undefined && !issues.some(({ path }) => path === "accountNumber");
  const missing = isMissing ? [issueAt("accountNumber", tellUser("needs_account_number"))] : [];
  return { rulesToSend: checkInput(call, input, [...issues, ...missing]), accountNumber: String(accountNumber) };
}

// Options are read by name, so that inherited ones count. `own`: options of this method only. Unknown options are kept,
// so that the check refuses them.
export function callOptions(given: CallOptions | undefined, ...own: readonly string[]): CallOptions | undefined {
  if (!given) return undefined;
  // Fast path: most callers give only the method's own options.
  if (COMMON.every((name) => given[name] === undefined) && Object.keys(given).every((name) => isKnown(name, own)))
    return undefined;
  const { signal, timeoutMs, deadlineMs, retry, logger, testMode, headers, onResponse } = given;
  const others = Object.entries(given).filter(([name]) => !isKnown(name, own));
  return { ...Object.fromEntries(others), signal, timeoutMs, deadlineMs, retry, logger, testMode, headers, onResponse };
}

const COMMON = ["signal", "timeoutMs", "deadlineMs", "retry", "logger", "testMode", "headers", "onResponse"] as const;

function isKnown(name: string, own: readonly string[]): boolean {
  return own.includes(name) || (COMMON as readonly string[]).includes(name);
}

function asJson(given: unknown): { text: string | undefined; value: unknown } {
  try {
    const text: string | undefined = JSON.stringify(given);
    // The JSON is parsed only if it may differ from the object: a class can have its own toJSON.
    return { text, value: text === undefined || isPlainUser(given) ? given : JSON.parse(text) };
  } catch {
    return { text: undefined, value: given };
  }
}

function isPlainUser(user: unknown): boolean {
  if (!isPlainJson(user)) return false;
  const { address, profile } = user;
  return isPlainJson(profile) && isPlainJson(address) && isPlainJson(address.country);
}

function isPlainJson(value: unknown): value is Readonly<Record<string, unknown>> {
  return isPlain(value) && value.toJSON === undefined;
}
