import { endIfAborted } from "../../base/time/in-turns.ts";
import { boolean, number, options, optionsCheck, signal, wholeNumber } from "../../base/validation/validate.ts";
import type { UserRules } from "../../rules/rules.ts";
import { internalsOf } from "../internals.ts";
import type { Network } from "../network/network.ts";
import type { CoverageResult } from "../types.ts";
import { Changes, playersOf, type RuleStep } from "./changes.ts";
import { Gaps } from "./gaps.ts";
import type { Suggestion, SuggestionGoals, SuggestionLimits, SuggestOptions } from "./types.ts";

const checkOptions = /* @__PURE__ */ optionsCheck<SuggestOptions>("suggest", () =>
  options({
    signal: signal(),
    goals: options<SuggestionGoals>({ gaps: boolean() }),
    limits: options<SuggestionLimits>({ changes: wholeNumber(1, 1_000), maxDistance: number(0, Number.MAX_VALUE) }),
  }),
);

/**
 * The changes of one rule of one user that give the most inhabitants a first certainly eligible user: a larger radius, a county more, a code more. The
 * change with the most inhabitants comes first. Each is counted after the ones before it, so the first n can be made together: coverage for users with
 * these rules gains exactly the sum. Only a rule that a user has is changed, and no user gets less. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` for something that `coverage` did not return; `aborted`.
 *
 * @example
 * ```ts
 * const suggestions = await suggest(result, { limits: { changes: 3, maxDistance: 60 } });
 * ```
 * @experimental
 */
export async function suggest(result: CoverageResult, options: SuggestOptions = {}): Promise<Suggestion[]> {
  checkOptions(options);
  const { goals: { gaps: isWanted = true } = {}, limits = {}, signal } = options;
  const { network } = internalsOf(result, "suggest");
  const { changes: most = 5, maxDistance = largestRadius(network) } = limits;
  if (!isWanted) return [];
  endIfAborted({ caller: "suggest", signal });
  const gaps = new Gaps(network);
  const changes = new Changes(network, gaps, maxDistance);
  let open: Open[] = [];
  const found: Suggestion[] = [];
  const offer = (some: Iterable<RuleStep>) => {
    for (const change of some) {
      const inhabitants = gaps.inhabitantsIn(change);
      if (inhabitants > 0) open.push({ change, inhabitants, after: found.length });
    }
  };
  for (const player of playersOf(network)) offer(changes.of(player));
  while (found.length < most) {
    const best = largest(open, gaps, found.length);
    if (!best) break;
    const { player, accountNumber, rules, message } = best.change.reduced(gaps);
    found.push({ accountNumber, rules: rules as UserRules, ...message });
    gaps.close(best.change);
    // The other changes of this user are to its rules as they were.
    open = open.filter(({ change }) => change.accountNumber !== accountNumber);
    offer(changes.of(player));
  }
  return found;
}

/** A change that has not been made, with the inhabitants who get a first user by it after some of the changes that have. */
interface Open {
  readonly change: RuleStep;
  inhabitants: number;
  after: number;
}

/** The change with the most inhabitants. Changes only take inhabitants from others, so most need not be counted again. */
function largest(open: readonly Open[], gaps: Gaps, made: number): Open | undefined {
  for (;;) {
    let best: Open | undefined;
    for (const one of open) if (one.inhabitants > (best?.inhabitants ?? 0)) best = one;
    if (!best || best.after === made) return best;
    best.inhabitants = gaps.inhabitantsIn(best.change);
    best.after = made;
  }
}

function largestRadius({ users }: Network): number {
  let largest = 0;
  for (const { member } of users) {
    const { maxDistance } = member.rules;
    if (maxDistance.kind === "set") largest = Math.max(largest, maxDistance.value);
  }
  return largest || 100;
}
