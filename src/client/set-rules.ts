import { copyError, OpleadError, type RulesFailure } from "../core/errors.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { RULES, type RuleName, type RuleToSend } from "../rules/rules.ts";
import { type Answer, errorOf, saysNoContent, start, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { RulesResult } from "./api.ts";
import type { ClientState } from "./client-state.ts";
import { LONG_MS, patiently } from "./patience.ts";

/** After an error with one of these codes the next request would fail for the same reason. */
const CONCERNS_ALL = new Set<OpleadErrorCode>([
  "aborted",
  "timeout",
  "connection",
  "token_unavailable",
  "unauthorized",
  "rate_limited",
]);

export function concernsAll(error: OpleadError): boolean {
  return CONCERNS_ALL.has(error.code);
}

/** The outcome of a rule that did not fail. */
type SetRule = "applied" | "unverifiable";

/**
 * Sends one PUT for each rule, one after the other. If one rule is refused, the others are still set; the error at the end holds the
 * outcome of each.
 */
export async function sendRules(
  state: ClientState,
  id: string,
  rules: readonly RuleToSend[],
  call: Call,
): Promise<RulesResult> {
  const set: Record<SetRule, RuleName[]> = { applied: [], unverifiable: [] };
  const before = call.requestIds.length;
  const failed: { rule: RuleName; error: OpleadError }[] = [];
  for (const rule of rules) {
    try {
      set[await sendRule(state, id, rule, call)].push(rule.name);
    } catch (error) {
      if (!(error instanceof OpleadError)) throw error;
      failed.push({ rule: rule.name, error });
      if (concernsAll(error)) break;
    }
  }
  const first = failed[0]?.error;
  if (!first) return { ...set, requestIds: call.requestIds.slice(before) };
  const sent = set.applied.length + set.unverifiable.length + failed.length;
  const outcome = { ...set, failed, notSent: rules.slice(sent).map((rule) => rule.name) };
  throw copyError(first, {
    message: describe(call, outcome),
    attempts: call.requests,
    retryable: failed.some(({ error }) => error.retryable),
    rules: outcome,
    cause: first,
  });
}

/**
 * The answer to a rule's PUT is not documented. 204 without a body and any JSON object or list count as accepted; an empty 200
 * or one that holds text, a number or null does not. Throws unless the rule was accepted or cannot be checked.
 */
async function sendRule(state: ClientState, id: string, rule: RuleToSend, call: Call): Promise<SetRule> {
  const isOnlyInTest = call.testMode && state.onlyInTests.get(id) === true;
  // Whether the user was new when the request was sent. It is noted then, because a process can stand still before it
  // reads the answer.
  let isNew = false;
  const answer = await patiently(
    state,
    call,
    () => {
      isNew = state.recentWrites.createdMsAgo(id) !== undefined;
      return setAtItsPath(state, id, rule, call);
    },
    async (refused) => {
      if (refused.status !== 404 || isOnlyInTest) return undefined;
      await state.requireNotFoundByOplead(refused, call, rule.name);
      isNew ||= state.recentWrites.createdMsAgo(id) !== undefined;
      return isNew ? { budgetMs: LONG_MS, about: `rule ${rule.name}` } : undefined;
    },
  );
  if (answer.status === 404 && isOnlyInTest) return "unverifiable";
  const error = errorOf(answer, call);
  if (error) throw error;
  if (isAccepted(answer)) {
    if (state.fact(`rules.${rule.name}`) === "disabled")
      state.doubtFact(`rules.${rule.name}`, "is disabled, and the API took the rule");
    return "applied";
  }
  throw unexpected(answer, call, "Oplead answered with success, but without a rule");
}

/**
 * Sends a rule to the path that a probe found. If that path answers 404 and the documented path accepts the rule, the
 * fact is wrong and no longer used.
 */
async function setAtItsPath(state: ClientState, id: string, rule: RuleToSend, call: Call): Promise<Answer> {
  const { name } = rule;
  const path = state.foundPath(name);
  const answer = await state.contract.setRule(id, rule, call, path);
  if (path === undefined || answer.status !== 404) return answer;
  const documented = await state.contract.setRule(id, rule, call);
  if (!isAccepted(documented)) return answer;
  state.doubtFact("rulePaths", `has ${name} at ${path}, which answers 404, and ${RULES[name].path} takes it`, name);
  return documented;
}

const isAccepted = (answer: Answer): boolean =>
  answer.status >= 200 &&
  answer.status < 300 &&
  (saysNoContent(answer) || (typeof answer.data === "object" && answer.data !== null));

function describe(call: Call, { applied, failed, notSent }: RulesFailure): string {
  const lines = failed.map(({ rule, error: { code, status = 0 } }) => {
    const hint = HINTS[status];
    return `  - ${rule}: ${code}${status === 0 ? "" : ` (${status})`}${hint === undefined ? "" : `. ${hint}`}`;
  });
  return [
    `${start(call)} ${failed.length} rule(s) could not be set.`,
    ...lines,
    `  applied: ${applied.join(", ") || "none"}${notSent.length > 0 ? `; not sent: ${notSent.join(", ")}` : ""}`,
  ].join("\n");
}

const NOT_ENABLED = "Probably this rule is not enabled for your Oplead platform: ask its administrator";
const CONTENT =
  "Oplead refuses the content, or this rule is not enabled for your platform. Its words are in error.rules.failed[].error.body";

/**
 * What a refusal of a rule probably means, by status. Rules apply only where the platform has enabled them (guide). It
 * is not documented how a platform answers for a rule that is not enabled.
 */
const HINTS: Readonly<Record<number, string>> = {
  400: CONTENT,
  403: NOT_ENABLED,
  404: "Oplead does not know the user, or this rule is not enabled for your platform",
  405: NOT_ENABLED,
  422: CONTENT,
};
