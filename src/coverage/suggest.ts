import { showIdentity } from "../core/redact.ts";
import { endIfAborted } from "../core/time.ts";
import { boolean, number, options, optionsCheck, signal, wholeNumber } from "../core/validate.ts";
import { overlaid } from "../core/values.ts";
import type { Coded, ToldBy } from "../locales/coded.ts";
import { type GapEffect, type SUGGESTIONS, tellSuggestion } from "../locales/en/coverage.ts";
import type { CompetencesRule } from "../rules/competences.ts";
import { geographical } from "../rules/geographical.ts";
import type { RuleBody, RuleName, UserRules } from "../rules/rules.ts";
import { internalsOf } from "./coverage.ts";
import { type Gain, Gaps } from "./gaps.ts";
import { hasBit, intersection, isEmpty, type Mask, setBit, union, without } from "./masks.ts";
import { admitsSpot, type Member, memberOf } from "./member.ts";
import type { Network } from "./network.ts";
import { ReachFinder } from "./reach.ts";
import type { ReadUser } from "./read-input.ts";
import { neededKm } from "./rules/max-distance.ts";
import { COVERAGE_RULES, KIND_RULES } from "./rules/rules.ts";
import type { CoverageResult, LeadCodes, SignalOptions } from "./types.ts";

/** The goals of {@link suggest}. */
export interface SuggestionGoals {
  /**
   * Whether to suggest changes that give a certainly eligible user to leads without one. If false, nothing is
   * suggested. Default true.
   */
  readonly gaps?: boolean | undefined;
}

/** The limits of the changes of {@link suggest}. */
export interface SuggestionLimits {
  /** The maximum number of changes. Default 5. */
  readonly changes?: number | undefined;
  /**
   * The largest radius that is suggested, in kilometres. It is measured in the same way as the rule `maxDistance` of a
   * user. A county is added only if it has a gap within this distance of the user. Default: the largest radius that a
   * user has, or 100 if no user has a radius.
   */
  readonly maxDistance?: number | undefined;
}

/** Options of {@link suggest}. */
export interface SuggestOptions extends SignalOptions {
  /** The goals of the changes. Default: close gaps. */
  readonly goals?: SuggestionGoals | undefined;
  /** The limits of the changes. Default: at most 5 changes. */
  readonly limits?: SuggestionLimits | undefined;
}

/** A change of one rule of one user. `message` says it in a sentence. Switch on `code`; it types `parameters`. */
export type Suggestion = (
  | Coded<
      "raise_radius",
      {
        readonly user: string;
        readonly fromKm: number;
        readonly toKm: number;
        /** The inhabitants who get their first certainly eligible user. */
        readonly inhabitants: number;
        /**
         * True if the change helps only some leads in these places: other leads still have no eligible user, or had one
         * before.
         */
        readonly isForSome: boolean;
      }
    >
  | Coded<
      "add_county",
      {
        readonly user: string;
        /** The county's name with its number: `Finistère (29)`. */
        readonly county: string;
        /** The inhabitants who get their first certainly eligible user. */
        readonly inhabitants: number;
        /**
         * True if the change helps only some leads in these places: other leads still have no eligible user, or had one
         * before.
         */
        readonly isForSome: boolean;
      }
    >
  | Coded<
      "add_code",
      {
        readonly user: string;
        /** The rule whose list takes the code: `competences`. */
        readonly rule: string;
        readonly code: string;
        /** The inhabitants who get their first certainly eligible user. */
        readonly inhabitants: number;
        /**
         * True if the change helps only some leads in these places: other leads still have no eligible user, or had one
         * before.
         */
        readonly isForSome: boolean;
      }
    >
) & {
  readonly accountNumber: string;
  /**
   * The whole rule after the change: give `planSync` `{ ...record.rules, ...rules }`. It includes the changes of the
   * same rule by earlier suggestions of the list.
   */
  readonly rules: UserRules;
  /** How many people live in the postcodes for which some kind of lead gets its first certainly eligible user. */
  readonly inhabitants: number;
};

const checkOptions = /* @__PURE__ */ optionsCheck<SuggestOptions>("suggest", () =>
  options({
    signal: signal(),
    goals: options<SuggestionGoals>({ gaps: boolean() }),
    limits: options<SuggestionLimits>({ changes: wholeNumber(1, 1_000), maxDistance: number(0, Number.MAX_VALUE) }),
  }),
);

/**
 * The changes of one rule of one user that give the most inhabitants a first certainly eligible user: a larger radius,
 * one more county, or one more code. The change with the most inhabitants comes first. The inhabitants of each change
 * are counted as if all changes before it had been made. So if the first n changes are made together, they give a user
 * to exactly the sum of their inhabitants. Only a rule that a user has is changed, and no user gets less. Sends
 * nothing.
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` for something that `coverage` did not return;
 * `aborted`.
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
    // The possible changes of this user were computed from its rules before this suggestion. Compute them again from
    // its new rules.
    open = open.filter(({ change }) => change.accountNumber !== accountNumber);
    offer(changes.of(player));
  }
  return found;
}

/**
 * A possible change that is not among the suggestions yet. `inhabitants`: how many people would get their first
 * eligible user through the change. The number was counted when `after` suggestions had been made.
 */
interface Open {
  readonly change: RuleStep;
  inhabitants: number;
  after: number;
}

/**
 * The change that gives the most inhabitants a first user. Each suggestion can only lower the numbers of the remaining
 * changes. So only the change with the highest number is counted again, until the highest number is up to date.
 */
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

/** A user with the rules that the user has after the suggestions made so far. */
interface Player {
  readonly accountNumber: string;
  readonly member: Member;
  /**
   * The places that the user's area rules certainly admit, as a list. `inReach` holds the same places as a set of bits.
   */
  readonly spots: readonly number[];
  readonly inReach: Mask;
  /** The kinds of leads that the user's rules about codes certainly admit. */
  readonly cells: Mask;
}

function playersOf({ users, spots }: Network): Player[] {
  return users.map(({ accountNumber, member, reach, masks }) => {
    const inReach = new Uint32Array(Math.ceil(spots.all.length / 32));
    for (const spot of reach.pass) setBit(inReach, spot);
    return { accountNumber, member, spots: reach.pass, inReach, cells: masks.pass };
  });
}

/** Returns the user with these places added to its area. */
function moved(player: Player, member: Member, added: readonly number[]): Player {
  const inReach = player.inReach.slice();
  for (const spot of added) setBit(inReach, spot);
  return { ...player, member, inReach, spots: [...player.spots, ...added] };
}

const shown = ({ accountNumber }: Player): string => showIdentity(accountNumber);

/** A change of one rule of a user, as large as the limits allow. */
interface RuleStep extends Gain {
  readonly accountNumber: string;
  /** The smallest change of this rule that closes the same gaps. */
  reduced(gaps: Gaps): Reduced;
}

/** A change, reduced to the parts that close a gap, and the effect of these parts. */
interface Reduced {
  readonly accountNumber: string;
  /** The user after the change. */
  readonly player: Player;
  /** The rule after the change. */
  readonly rules: ReadUser["rules"];
  readonly message: ToldBy<typeof SUGGESTIONS> & Pick<Suggestion, "inhabitants">;
}

/** Finds the changes of users' rules that can close gaps. */
class Changes {
  readonly #network: Network;
  readonly #gaps: Gaps;
  readonly #maxDistance: number;
  readonly #finder: ReachFinder;

  constructor(network: Network, gaps: Gaps, maxDistance: number) {
    this.#network = network;
    this.#gaps = gaps;
    this.#maxDistance = maxDistance;
    this.#finder = new ReachFinder(network.spots, network.assumptions);
  }

  *of(player: Player): Generator<RuleStep> {
    yield* this.#radius(player);
    yield* this.#counties(player);
    yield* this.#codes(player);
  }

  *#radius(player: Player): Generator<RuleStep> {
    const { spots: all, assumptions } = this.#network;
    const { accountNumber, member, inReach, cells } = player;
    const { maxDistance } = member.rules;
    const { home } = member;
    if (maxDistance.kind !== "set" || !home || maxDistance.value >= this.#maxDistance || isEmpty(cells)) return;
    const most = this.#withRules(member, { maxDistance: { maxDistance: this.#maxDistance } });
    const spots = this.#finder.of(most).pass.filter((spot) => !hasBit(inReach, spot));
    const km = (spot: number) => Math.ceil(neededKm(home, all.at(spot), assumptions));
    yield {
      accountNumber,
      spots,
      cells,
      reduced: (gaps) => {
        const least = spots
          .filter((spot) => gaps.isClosedBy(cells, spot))
          .reduce((far, at) => Math.max(far, km(at)), 0);
        const toKm = Math.min(this.#maxDistance, least);
        const rules = { maxDistance: { maxDistance: toKm } };
        // The radius is rounded up to whole kilometres, but not above the limit, which need not be a whole number.
        const added = spots.filter((spot) => Math.min(this.#maxDistance, km(spot)) <= toKm);
        return {
          accountNumber,
          rules,
          player: moved(player, this.#withRules(member, rules), added),
          message: this.#told({ spots: added, cells }, (effect) =>
            tellSuggestion("raise_radius", { user: shown(player), fromKm: maxDistance.value, toKm, ...effect }),
          ),
        };
      },
    };
  }

  /** Yields one change for each county that has a gap within the maximum distance of the user's home. */
  *#counties(player: Player): Generator<RuleStep> {
    const { spots: all, geography, assumptions } = this.#network;
    const { accountNumber, member, inReach, cells } = player;
    const { geographical: area } = member.rules;
    const { home } = member;
    if (area.kind !== "set" || !home || isEmpty(cells)) return;
    const near = new Map<string, readonly [country: string, county: string]>();
    for (const spot of all.near(home.coordinates, this.#maxDistance / assumptions.detourFactor + home.uncertaintyKm)) {
      const { country, counties } = all.at(spot);
      const [county] = counties ?? [];
      const known = area.value.get(country);
      if (!known || known.whole || county === undefined || known.counties.has(county) || hasBit(inReach, spot))
        continue;
      if (!(neededKm(home, all.at(spot), assumptions) <= this.#maxDistance)) continue;
      if (this.#gaps.isClosedBy(cells, spot)) near.set(`${country} ${county}`, [country, county]);
    }
    for (const [country, county] of near.values()) {
      const rules = {
        geographical: geographical.parse(member.user.rules.geographical).county(country, county).toJSON(),
      };
      const changed = this.#withRules(member, rules);
      const isAdmitted = (spot: number) => admitsSpot(changed, all.at(spot), assumptions) === "pass";
      // The county would replace the postcodes that the rule lists under it, so all of them must stay admitted.
      const listed = [...(area.value.get(country)?.zips ?? [])].filter(([, under]) => under.includes(county));
      const isKept = ([zipCode]: (typeof listed)[number]) => {
        const spot = all.ofZip(country, zipCode);
        const isWithin = geography.counties(zipCode, country)?.includes(county) ?? false;
        return isWithin && (spot === undefined || !hasBit(inReach, spot) || isAdmitted(spot));
      };
      if (!listed.every(isKept)) continue;
      const spots = all.ofCounty(country, county).filter((spot) => !hasBit(inReach, spot) && isAdmitted(spot));
      yield {
        accountNumber,
        spots,
        cells,
        reduced: () => ({
          accountNumber,
          rules,
          player: moved(player, changed, spots),
          message: this.#told({ spots, cells }, (effect) =>
            tellSuggestion("add_county", {
              user: shown(player),
              county: geography.countyName(country, county),
              ...effect,
            }),
          ),
        }),
      };
    }
  }

  /**
   * Yields one change for each code that could be added to a rule of the user. For competences, the codes are ranges.
   */
  *#codes(player: Player): Generator<RuleStep> {
    const { cells: kinds } = this.#network;
    const { accountNumber, member, spots } = player;
    if (spots.length === 0) return;
    for (const rule of KIND_RULES) {
      const list = COVERAGE_RULES[rule].axes[0]?.codes;
      if (member.rules[rule].kind !== "set" || !list) continue;
      const changed = (codes: readonly string[]) => {
        const rules = withCodes(rule, member.user.rules, codes, kinds.codes);
        return { rules, member: this.#withRules(member, rules) };
      };
      // The kinds of leads that the user would get with all codes of the list are computed once. Those among them that
      // have a given code are the ones that this code alone would add.
      const more = without(kinds.masksOf(changed(kinds.codes[list]).member).pass, player.cells);
      for (const code of kinds.codes[list]) {
        const cells = intersection(more, kinds.of({ [list]: [code] }));
        if (isEmpty(cells)) continue;
        yield {
          accountNumber,
          spots,
          cells,
          reduced: () => {
            const { rules, member } = changed([code]);
            return {
              accountNumber,
              rules,
              player: { ...player, member, cells: union(player.cells, cells) },
              message: this.#told({ spots, cells }, (effect) =>
                tellSuggestion("add_code", { user: shown(player), rule, code, ...effect }),
              ),
            };
          },
        };
      }
    }
  }

  #told(gain: Gain, tell: (effect: GapEffect) => ToldBy<typeof SUGGESTIONS>): Reduced["message"] {
    const inhabitants = this.#gaps.inhabitantsIn(gain);
    return { inhabitants, ...tell({ inhabitants, isForSome: !this.#gaps.isForAll(gain) }) };
  }

  #withRules({ user }: Member, rules: ReadUser["rules"]): Member {
    const { geography, assumptions } = this.#network;
    return memberOf({ ...user, rules: overlaid(user.rules, rules) }, geography, assumptions);
  }
}

/** Returns the rule with more codes. For competences, the codes are ranges. `inUse`: the codes that leads can have. */
function withCodes<Name extends RuleName>(
  rule: Name,
  given: ReadUser["rules"],
  codes: readonly string[],
  inUse: LeadCodes,
): ReadUser["rules"] {
  if (rule === "competences") return { competences: withRanges(given.competences ?? [], codes, inUse) };
  const body: RuleBody<Name> | undefined = given[rule];
  return body === undefined ? {} : { [rule]: COVERAGE_RULES[rule].withCodes?.(body, codes) };
}

function withRanges(competences: CompetencesRule, codes: readonly string[], inUse: LeadCodes): CompetencesRule {
  const known = new Set(competences.map(({ range }) => range.code));
  const ranges = codes.filter((code) => !known.has(code));
  const types = new Set(competences.flatMap(({ requestType }) => requestType?.code ?? []));
  // If the entries have request types, each new range is added with every request type that the user handles and that
  // is in use. Either all entries of a rule have a request type or none has.
  const handled = inUse.requestTypes.filter((type) => types.has(type));
  const added = ranges.flatMap((range) =>
    types.size === 0
      ? [{ range: { code: range } }]
      : handled.map((type) => ({ range: { code: range }, requestType: { code: type } })),
  );
  return [...competences, ...added] as CompetencesRule;
}
