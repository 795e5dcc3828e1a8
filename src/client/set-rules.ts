import { copyError, type FailedStep, isOpleadError, type OpleadError, type SentResult } from "../core/errors.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { ruleHint } from "../locales/en/incomplete.ts";
import { RULES, type RuleName, type RuleToSend } from "../rules/rules.ts";
import { type Answer, errorOf, saysNoContent, unexpected } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import type { ClientState } from "./client-state.ts";
import { incomplete } from "./incomplete.ts";
import { LONG_MS, patiently } from "./patience.ts";
import { resultOf } from "./result.ts";

// Codes of errors after which the next request would fail for the same reason.
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

export interface SentRules {
  readonly applied: readonly RuleName[];
  readonly unverifiable: readonly RuleName[];
  readonly failed: readonly FailedStep[];
  readonly notSent: readonly RuleName[];
}

export const NO_RULES: SentRules = { applied: [], unverifiable: [], failed: [], notSent: [] };

type SetRule = "applied" | "unverifiable";

// Sends rules one after the other. Rules after a failed one are still set, unless all would fail.
export async function sendRules(
  state: ClientState,
  id: string,
  rules: readonly RuleToSend[],
  call: Call,
): Promise<SentRules> {
  const applied: RuleName[] = [];
  const unverifiable: RuleName[] = [];
  const failed: FailedStep[] = [];
  const set: Record<SetRule, RuleName[]> = { applied, unverifiable };
  for (const rule of rules) {
    try {
      set[await sendRule(state, id, rule, call)].push(rule.name);
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      failed.push({ step: rule.name, error });
      if (concernsAll(error)) break;
    }
  }
  const sent = applied.length + unverifiable.length + failed.length;
  return { applied, unverifiable, failed, notSent: rules.slice(sent).map((rule) => rule.name) };
}

export async function setRules(
  state: ClientState,
  id: string,
  rules: readonly RuleToSend[],
  call: Call,
): Promise<SentResult<"updated", undefined>> {
  const { failed, ...set } = await sendRules(state, id, rules, call);
  const steps = { ...set, accountNumber: undefined, id };
  if (failed.length === 0) return resultOf(call, "updated", steps);
  throw incomplete(call, steps, failed);
}

// The answer to a rule is not documented: 204, a JSON object or a list are accepted; a 200 that is empty or holds
// something else is a failure.
export async function sendRule(state: ClientState, id: string, rule: RuleToSend, call: Call): Promise<SetRule> {
  const isOnlyInTest = call.testMode && state.onlyInTests.get(id) === true;
  // `isNew` is set before the answer, because a process can stand still before it reads the answer.
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

// If a probed path gets a 404 and the documented one accepts the rule, the fact is wrong and no longer used.
async function setAtItsPath(state: ClientState, id: string, rule: RuleToSend, call: Call): Promise<Answer> {
  const { name } = rule;
  const given = state.transport.settings.rulePaths[name];
  const path = given ?? state.foundPath(name);
  const answer = await state.contract.setRule(id, rule, call, path);
  if (path === given || answer.status !== 404) return answer;
  const documented = await state.contract.setRule(id, rule, call);
  if (!isAccepted(documented)) return answer;
  state.doubtFact("rulePaths", `has ${name} at ${path}, which answers 404, and ${RULES[name].path} takes it`, name);
  return documented;
}

const isAccepted = (answer: Answer): boolean =>
  answer.status >= 200 &&
  answer.status < 300 &&
  (saysNoContent(answer) || (typeof answer.data === "object" && answer.data !== null));

function withHint(error: OpleadError, rule: RuleName): OpleadError {
  const hint = ruleHint(error.status);
  return hint === "" ? error : copyError(error, { message: `${error.message} Rule ${rule}: ${hint}.` });
}
