import { showIdentity } from "../../base/redact.ts";
import type { Coded } from "../../locales/coded.ts";
import { type GapEffect, type SUGGESTIONS, tellSuggestion } from "../../locales/en/coverage.ts";
import { geographical } from "../../rules/geographical.ts";
import { admitsSpot } from "../network/admits.ts";
import { hasBit, intersection, isEmpty, type Mask, setBit, union, without } from "../network/masks.ts";
import { type Member, memberOf } from "../network/member.ts";
import type { Network } from "../network/network.ts";
import { ReachFinder } from "../network/reach.ts";
import type { ReadUser } from "../read-users.ts";
import { neededKm } from "../rules/max-distance.ts";
import { COVERAGE_RULES, KIND_RULES } from "../rules/rules.ts";
import { withCodes } from "./codes.ts";
import type { Gain, Gaps } from "./gaps.ts";
import type { Suggestion } from "./types.ts";

/** A user as it is after the changes so far. */
export interface Player {
  readonly accountNumber: string;
  readonly member: Member;
  /** The spots that its area rules certainly admit: in a list, and as a set. */
  readonly spots: readonly number[];
  readonly inReach: Mask;
  /** The kinds of leads that its other rules certainly admit. */
  readonly cells: Mask;
}

/** A change that a user could make, as large as it may be. */
export interface RuleStep extends Gain {
  readonly accountNumber: string;
  /** The change, as small as it can be for the gaps that it closes now. */
  reduced(gaps: Gaps): Reduced;
}

/** A change with its effect. */
export interface Reduced {
  readonly accountNumber: string;
  /** The user once it is made. */
  readonly player: Player;
  /** The rule as it becomes. */
  readonly rules: ReadUser["rules"];
  readonly message: Coded<typeof SUGGESTIONS> & Pick<Suggestion, "inhabitants">;
}

export function playersOf({ users, spots }: Network): Player[] {
  return users.map(({ accountNumber, member, reach, masks }) => {
    const inReach = new Uint32Array(Math.ceil(spots.all.length / 32));
    for (const spot of reach.pass) setBit(inReach, spot);
    return { accountNumber, member, spots: reach.pass, inReach, cells: masks.pass };
  });
}

/** The changes of users that can close gaps. */
export class Changes {
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
      ...{ accountNumber, spots, cells },
      reduced: (gaps) => {
        const least = spots
          .filter((spot) => gaps.isClosedBy(cells, spot))
          .reduce((far, at) => Math.max(far, km(at)), 0);
        const toKm = Math.min(this.#maxDistance, least);
        const rules = { maxDistance: { maxDistance: toKm } };
        // A radius that is not whole is the most that is suggested, and a kilometre is not begun beyond it.
        const added = spots.filter((spot) => Math.min(this.#maxDistance, km(spot)) <= toKm);
        return {
          ...{ accountNumber, rules, player: moved(player, this.#withRules(member, rules), added) },
          message: this.#told({ spots: added, cells }, (effect) =>
            tellSuggestion("raise_radius", { user: shown(player), fromKm: maxDistance.value, toKm, ...effect }),
          ),
        };
      },
    };
  }

  /** One change for each county with a gap that is near enough. */
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
      // What the rule listed under the county, and what is not in it or would no longer be admitted, would be lost.
      const listed = [...(area.value.get(country)?.zips ?? [])].filter(([, under]) => under.includes(county));
      const isKept = ([zipCode]: (typeof listed)[number]) => {
        const spot = all.ofZip(country, zipCode);
        const isWithin = geography.counties(zipCode, country)?.includes(county) ?? false;
        return isWithin && (spot === undefined || !hasBit(inReach, spot) || isAdmitted(spot));
      };
      if (!listed.every(isKept)) continue;
      const spots = all.ofCounty(country, county).filter((spot) => !hasBit(inReach, spot) && isAdmitted(spot));
      yield {
        ...{ accountNumber, spots, cells },
        reduced: () => ({
          ...{ accountNumber, rules, player: moved(player, changed, spots) },
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

  /** One change for each code that a rule of the user could take: of competences, for each range. */
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
      // What one code adds is the part of what all of them add that has this code.
      const more = without(kinds.masksOf(changed(kinds.codes[list]).member).pass, player.cells);
      for (const code of kinds.codes[list]) {
        const cells = intersection(more, kinds.of({ [list]: [code] }));
        if (isEmpty(cells)) continue;
        yield {
          ...{ accountNumber, spots, cells },
          reduced: () => {
            const { rules, member } = changed([code]);
            return {
              ...{ accountNumber, rules, player: { ...player, member, cells: union(player.cells, cells) } },
              message: this.#told({ spots, cells }, (effect) =>
                tellSuggestion("add_code", { user: shown(player), rule, code, ...effect }),
              ),
            };
          },
        };
      }
    }
  }

  #told(gain: Gain, tell: (effect: GapEffect) => Coded<typeof SUGGESTIONS>): Reduced["message"] {
    const inhabitants = this.#gaps.inhabitantsIn(gain);
    return { inhabitants, ...tell({ inhabitants, isForSome: !this.#gaps.isForAll(gain) }) };
  }

  #withRules({ user }: Member, rules: ReadUser["rules"]): Member {
    const { geography, assumptions } = this.#network;
    return memberOf({ ...user, rules: { ...user.rules, ...rules } }, geography, assumptions);
  }
}

const shown = ({ accountNumber }: Player): string => showIdentity(accountNumber);

/** The user with more spots in its area. */
function moved(player: Player, member: Member, added: readonly number[]): Player {
  const inReach = player.inReach.slice();
  for (const spot of added) setBit(inReach, spot);
  return { ...player, member, inReach, spots: [...player.spots, ...added] };
}
