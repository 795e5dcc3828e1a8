import type { Contract } from "../contract/contract.ts";
import { OpleadError, type OpleadErrorCode } from "../errors.ts";
import type { RuleName, RuleToSend } from "../rules/index.ts";
import { errorOf, start } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";

/** What became of the rules that were given. */
export interface RulesResult {
  /** Rules that Oplead has accepted. */
  readonly applied: readonly RuleName[];
  /**
   * Rules that test mode cannot check, because their user exists in this test run alone: a `POST` with `?test=true`
   * persists nothing, so the rule's `PUT` answers 404. Not a failure: production would accept it.
   */
  readonly unverifiable: readonly RuleName[];
}

/** After one of these the next rule would fail for the same reason. */
const CONCERNS_ALL: ReadonlySet<OpleadErrorCode> = new Set<OpleadErrorCode>([
  "aborted",
  "timeout",
  "connection",
  "unauthorized",
  "rate_limited",
]);

/**
 * One PUT for each rule, one after the other. A rule that is refused does not keep the others from being set; the error
 * at the end says what became of each.
 */
export async function sendRules(
  contract: Contract,
  id: string,
  rules: readonly RuleToSend[],
  call: Call,
  onlyInThisTest: boolean,
): Promise<RulesResult> {
  const applied: RuleName[] = [];
  const unverifiable: RuleName[] = [];
  const failed: { rule: RuleName; error: OpleadError }[] = [];
  let sent = 0;
  for (const rule of rules) {
    sent += 1;
    const error = await sendRule(contract, id, rule, call);
    if (!error) applied.push(rule.name);
    else if (error.status === 404 && onlyInThisTest) unverifiable.push(rule.name);
    else {
      failed.push({ rule: rule.name, error });
      if (CONCERNS_ALL.has(error.code)) break;
    }
  }
  const first = failed[0]?.error;
  if (!first) return { applied, unverifiable };
  const notSent = rules.slice(sent).map((rule) => rule.name);
  throw new OpleadError(first.code, describe(call, applied, failed, notSent), {
    operation: call.operation,
    status: first.status,
    requestId: first.requestId,
    attempts: call.requests,
    retryable: failed.some(({ error }) => error.retryable),
    retryAfterMs: first.retryAfterMs,
    testMode: call.testMode,
    body: first.body,
    rules: { applied, unverifiable, failed, notSent },
    cause: first,
  });
}

async function sendRule(
  contract: Contract,
  id: string,
  rule: RuleToSend,
  call: Call,
): Promise<OpleadError | undefined> {
  try {
    return errorOf(await contract.setRule(id, rule, call), call);
  } catch (error) {
    if (error instanceof OpleadError) return error;
    throw error;
  }
}

function describe(
  call: Call,
  applied: readonly RuleName[],
  failed: readonly { readonly rule: RuleName; readonly error: OpleadError }[],
  notSent: readonly RuleName[],
): string {
  const lines = failed.map(({ rule, error }) => `  - ${rule}: ${error.code}${hint(error)}`);
  return [
    `${start(call)} ${failed.length} rule(s) could not be set.`,
    ...lines,
    `  applied: ${applied.join(", ") || "none"}${notSent.length > 0 ? `; not sent: ${notSent.join(", ")}` : ""}`,
  ].join("\n");
}

/** Rules only apply where they are enabled (guide). How a platform says that one is not is not documented. */
function hint(error: OpleadError): string {
  const status = error.status === undefined ? "" : ` (${error.status})`;
  if (error.status === 403 || error.status === 405) {
    return `${status}. Probably this rule is not enabled for your Oplead platform: ask its administrator`;
  }
  if (error.status === 404) {
    return `${status}. Oplead does not know the user, or this rule is not enabled for your platform`;
  }
  if (error.status === 400 || error.status === 422) {
    return `${status}. Oplead refuses the content, or this rule is not enabled for your platform. Its words are in error.rules.failed[].error.body`;
  }
  return status;
}
