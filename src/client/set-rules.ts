import { copyError, type FailedStep, type IncompleteResult, isOpleadError, type OpleadError } from "../core/errors.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { ruleHint } from "../locales/en/incomplete.ts";
import { RULES, type RuleName, type RuleToSend } from "../rules/rules.ts";
import { type Answer, errorOf, saysNoContent, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { RulesResult } from "./api.ts";
import type { ClientState } from "./client-state.ts";
import { incomplete } from "./incomplete.ts";
import { LONG_MS, patiently } from "./patience.ts";

/** Codes of errors after which the next request would fail for the same reason. */
const CONCERNS_ALL = new Set<OpleadErrorCode>([
  "aborted",
  "timeout",
  "deadline",
  "connection",
  "token_unavailable",
  "unauthorized",
  "rate_limited",
]);

export function concernsAll(error: OpleadError): boolean {
  return CONCERNS_ALL.has(error.code);
}

/** Which rules of a call Oplead accepted, and which failed. */
export type SentRules = Pick<IncompleteResult, "unverifiable" | "failed"> & {
  readonly applied: readonly RuleName[];
  readonly notSent: readonly RuleName[];
};

/** The outcome of a rule that did not fail. */
type SetRule = "applied" | "unverifiable";

/**
 * Sends one PUT for each rule, one after the other. If a rule fails, the rules after it are still set, unless they
 * would fail for the same reason.
 */
export async function sendRules(
  state: ClientState,
  id: string,
  rules: readonly RuleToSend[],
  call: Call,
): Promise<SentRules> {
  const set: Record<SetRule, RuleName[]> = { applied: [], unverifiable: [] };
  const failed: FailedStep[] = [];
  for (const rule of rules) {
    try {
      set[await sendRule(state, id, rule, call)].push(rule.name);
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      failed.push({ step: rule.name, error });
      if (concernsAll(error)) break;
    }
  }
  const sent = set.applied.length + set.unverifiable.length + failed.length;
  return { ...set, failed, notSent: rules.slice(sent).map((rule) => rule.name) };
}

/** Does the work of {@link Oplead.setRules}, and throws if a rule failed. */
export async function setRules(
  state: ClientState,
  id: string,
  rules: readonly RuleToSend[],
  call: Call,
): Promise<RulesResult> {
  const { failed, notSent, ...set } = await sendRules(state, id, rules, call);
  const { testMode, requests, requestIds, mayComeLate } = call;
  const result = { ...set, testMode, requests, requestIds: [...requestIds], inDoubt: mayComeLate };
  if (failed.length === 0) return result;
  throw incomplete(call, { ...result, id, isNew: false, recovered: false, failed, notSent });
}

/**
 * Sends the PUT of one rule. The answer to it is not documented. A 204 without a body, and any JSON object or list,
 * count as accepted. A 200 that is empty or holds a text, a number or null counts as a failure. In test mode a 404
 * cannot be checked if the user exists only in the test: then the result is `"unverifiable"`. Every other answer than
 * an accepted rule throws.
 */
export async function sendRule(state: ClientState, id: string, rule: RuleToSend, call: Call): Promise<SetRule> {
  const isOnlyInTest = call.testMode && state.onlyInTests.get(id) === true;
  // Whether the user was new when the request was sent. This is noted before the answer comes, because a process can
  // stand still before it reads the answer.
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
  if (error) throw withHint(error, rule.name);
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

/** Adds to the error of a rule what its refusal probably means. */
function withHint(error: OpleadError, rule: RuleName): OpleadError {
  const hint = ruleHint(error.status);
  return hint === "" ? error : copyError(error, { message: `${error.message} Rule ${rule}: ${hint}.` });
}
