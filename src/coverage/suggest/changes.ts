import { showIdentity } from "../../base/redact.ts";
import { type Coded, codedBy } from "../../base/texts/coded.ts";
import { type LoadEffect, SUGGESTIONS } from "../../base/texts/en/coverage/load.ts";
import type { CompetencesRule } from "../../rules/competences.ts";
import { geographical } from "../../rules/geographical.ts";
import type { RuleName } from "../../rules/rules.ts";
import { append } from "../get-or-make.ts";
import { hasBit } from "../load/kinds.ts";
import { admitsSpot } from "../network/admits.ts";
import { intersection, type Mask, setBit, union } from "../network/masks.ts";
import { type Member, memberOf } from "../network/member.ts";
import type { Network } from "../network/network.ts";
import { ReachFinder } from "../network/reach.ts";
import type { ReadUser } from "../read-users.ts";
import { neededKm } from "../rules/max-distance.ts";
import type { Board, Effect, Player } from "./board.ts";

const told = /* @__PURE__ */ codedBy(SUGGESTIONS);

/** A change that a user could make: it becomes eligible for kinds of leads in spots. */
export interface Change {
  /** The same for the same user, rule, and county or range, whatever was changed before. */
  readonly key: string;
  readonly player: Player;
  readonly kinds: readonly number[];
  /** The cells that its rules admit then. */
  readonly mask: Mask;
  /** The `maxDistance` that reaches a spot, in whole kilometres. */
  km(spot: number): number;
  /** The spots that it can take in without making an overlap. */
  spots(board: Board): readonly number[];
  /** Reduces the change to the spots that are wanted, by default those where it closes gaps now, and puts it into words. */
  smallest(board: Board, isWanted?: (spot: number) => boolean): Smallest;
}

/** A change, as small as it can be for its gain. */
export interface Smallest {
  readonly after: Player;
  readonly spots: readonly number[];
  /** The rule as it becomes. */
  readonly rules: ReadUser["rules"];
  tell(effect: Effect, load?: LoadEffect): Coded<typeof SUGGESTIONS>;
}

/** The changes that a user may get. */
export interface Allowed {
  readonly rules: readonly RuleName[];
  readonly maxDistance: number;
}

function withRules({ user }: Member, rules: ReadUser["rules"], { geography, assumptions }: Network): Member {
  return memberOf({ ...user, rules: { ...user.rules, ...rules } }, geography, assumptions);
}

/** The cells that a user's rules would admit if it handled every range. */
export function maskWithRanges({ member }: Player, network: Network): Mask {
  const { ranges } = network.cells.codes;
  return network.cells.masksOf(withRules(member, { competences: withAdded(member, ranges) }, network)).pass;
}

/** With pairs, a range comes with every request type that the user handles. */
function withAdded({ user }: Member, ranges: readonly string[]): CompetencesRule {
  const known = user.rules.competences ?? [];
  const handled = new Set(known.map(({ range }) => range.code));
  const types = [...new Set(known.flatMap(({ requestType }) => requestType?.code ?? []))];
  const added = ranges
    .filter((code) => !handled.has(code))
    .flatMap((code) => {
      const range = { code };
      return types.length > 0 ? types.map((type) => ({ range, requestType: { code: type } })) : [{ range }];
    });
  // Either all entries have a request type, or none.
  return [...known, ...added] as CompetencesRule;
}

/** Every change of a user that can give wanted leads, by default those without a user, as large as it may be. */
export class Changes {
  readonly #board: Board;
  readonly #allowed: Allowed;
  readonly #finder: ReachFinder;
  readonly #isWanted: (spot: number, kinds: readonly number[]) => boolean;

  constructor(
    board: Board,
    allowed: Allowed,
    isWanted = (spot: number, kinds: readonly number[]) => board.gainAt(spot, kinds) > 0,
  ) {
    this.#isWanted = isWanted;
    this.#board = board;
    this.#allowed = allowed;
    this.#finder = new ReachFinder(board.network.spots, board.network.assumptions);
  }

  *of(player: Player): Generator<Change> {
    const { rules } = this.#allowed;
    if (rules.includes("maxDistance")) yield* this.#radius(player);
    if (rules.includes("geographical")) yield* this.#counties(player);
    if (rules.includes("competences")) yield* this.#ranges(player);
  }

  #radius(player: Player): Change[] {
    const { network } = this.#board;
    const { member, inReach, mask } = player;
    const { maxDistance } = member.rules;
    const { home } = member;
    if (maxDistance.kind !== "set" || !home || maxDistance.value >= this.#allowed.maxDistance) return [];
    const most = withRules(member, { maxDistance: { maxDistance: this.#allowed.maxDistance } }, network);
    const inMost = this.#finder.of(most).pass.filter((spot) => !hasBit(inReach, spot));
    const kinds = this.#board.kindsIn(mask);
    const needed = new Map(inMost.map((spot) => [spot, neededKm(home, network.spots.at(spot), network.assumptions)]));
    const within = (km: number) => inMost.filter((spot) => (needed.get(spot) ?? 0) <= km);
    const spots = (board: Board) => {
      const full = inMost.filter((spot) => board.isFull(spot, kinds)).map((spot) => needed.get(spot) ?? 0);
      return full.length > 0 ? within(Math.ceil(Math.min(...full)) - 1) : inMost;
    };
    const km = (spot: number) => Math.ceil(needed.get(spot) ?? 0);
    const smallest: Change["smallest"] = (board, isWanted = (spot) => board.gainAt(spot, kinds) > 0) => {
      const gaining = spots(board).filter(isWanted);
      const least = gaining.reduce((most, spot) => Math.max(most, km(spot)), 0);
      const toKm = Math.min(this.#allowed.maxDistance, least);
      const [added, rules] = [within(toKm), { maxDistance: { maxDistance: toKm } }];
      return {
        ...{ after: moved(player, withRules(member, rules, network), added), spots: added, rules },
        tell: (...effect) =>
          told("raise_radius", { user: shownOf(player), fromKm: maxDistance.value, toKm, ...this.#shown(...effect) }),
      };
    };
    return [{ key: keyOf(player, "maxDistance"), player, spots, kinds, mask, km, smallest }];
  }

  /** One change for each county in which there are leads for the user. */
  #counties(player: Player): Change[] {
    const { network } = this.#board;
    const { spots, geography, assumptions } = network;
    const { member, inReach, mask } = player;
    const { geographical: area } = member.rules;
    const { home } = member;
    if (area.kind !== "set" || !home) return [];
    const kinds = this.#board.kindsIn(mask);
    const { maxDistance } = this.#allowed;
    const byCounty = new Map<string, number[]>();
    for (const spot of spots.near(home.coordinates, maxDistance / assumptions.detourFactor + home.uncertaintyKm)) {
      const { country, counties, zipCode } = spots.at(spot);
      const known = area.value.get(country);
      if (!known || known.whole || counties?.[0] === undefined || zipCode === undefined || hasBit(inReach, spot))
        continue;
      if (!(neededKm(home, spots.at(spot), assumptions) <= maxDistance)) continue;
      if (this.#isWanted(spot, kinds)) append(byCounty, `${country} ${counties[0]}`, spot);
    }
    const withZips = (country: string, county: string, some: readonly number[]) =>
      geographical
        .parse(member.user.rules.geographical)
        .zips(
          country,
          county,
          some.map((spot) => spots.at(spot).zipCode ?? ""),
        )
        .toJSON();
    const isAdmitted = (changed: Member) => (spot: number) =>
      !hasBit(inReach, spot) && admitsSpot(changed, spots.at(spot), assumptions) === "pass";
    return [...byCounty].map(([place, found]) => {
      const [country = "", county = ""] = place.split(" ");
      const within = withRules(member, { geographical: withZips(country, county, found) }, network);
      const reached = found.filter(isAdmitted(within));
      const spotsNow = (board: Board) => reached.filter((spot) => !board.isFull(spot, kinds));
      const km = (spot: number) => Math.ceil(neededKm(home, spots.at(spot), assumptions));
      const smallest: Change["smallest"] = (board, isWanted = (spot) => board.gainAt(spot, kinds) > 0) => {
        const gaining = spotsNow(board)
          .filter(isWanted)
          .sort((a, b) => a - b);
        const whole = geographical.parse(member.user.rules.geographical).county(country, county).toJSON();
        const inWhole = spots
          .ofCounty(country, county)
          .filter(isAdmitted(withRules(member, { geographical: whole }, network)));
        // The same postcodes as the whole county, in a shorter rule.
        // What the user's rule lists under a county in which it does not lie would be lost in it.
        const listed = [...(area.value.get(country)?.zips ?? [])].filter(([, under]) => under.includes(county));
        const isWithin = listed.every(([zip]) => geography.counties(zip, country)?.includes(county));
        const isWhole = isWithin && assumptions.partsLeftOut === "whole" && inWhole.join() === gaining.join();
        const rules = { geographical: isWhole ? whole : withZips(country, county, gaining) };
        const zipCodes = gaining.map((spot) => spots.at(spot).zipCode ?? "");
        const change = { user: shownOf(player), county: geography.countyName(country, county) };
        return {
          ...{ after: moved(player, withRules(member, rules, network), gaining), spots: gaining, rules },
          tell: (...effect) =>
            isWhole
              ? told("add_county", { ...change, ...this.#shown(...effect) })
              : told("add_zip_codes", {
                  ...{ ...change, zipCodes: zipCodes.slice(0, 5), zipCodeCount: zipCodes.length },
                  ...this.#shown(...effect),
                }),
        };
      };
      return { key: keyOf(player, place), player, spots: spotsNow, kinds, mask, km, smallest };
    });
  }

  *#ranges(player: Player): Generator<Change> {
    const { network } = this.#board;
    const { member, spots, mask } = player;
    if (member.rules.competences.kind !== "set") return;
    const more = maskWithRanges(player, network);
    const all = this.#board.kindsIn(more, mask);
    for (const range of network.cells.codes.ranges) {
      const kinds = all.filter((kind) => this.#board.kinds[kind]?.range === range);
      if (kinds.length === 0) continue;
      const added = intersection(more, network.cells.of({ ranges: [range] }));
      const smallest = (): Smallest => {
        const rules = { competences: withAdded(member, [range]) };
        const after = { ...player, member: withRules(member, rules, network), mask: union(mask, added) };
        const tell: Smallest["tell"] = (...effect) =>
          told("add_range", { user: shownOf(player), range, ...this.#shown(...effect) });
        return { after, spots, rules, tell };
      };
      const isFull = (board: Board) => spots.some((spot) => board.isFull(spot, kinds));
      const key = keyOf(player, `competences ${range}`);
      const now = (board: Board) => (isFull(board) ? [] : spots);
      yield { key, player, spots: now, kinds, mask: union(mask, added), km: () => 0, smallest };
    }
  }

  #shown({ inhabitants, isForAll }: Effect, load?: LoadEffect) {
    return { inhabitants, isForSome: !isForAll, limit: this.#board.network.overlapAbove, load };
  }
}

const keyOf = ({ accountNumber }: Player, what: string): string => `${accountNumber} ${what}`;
const shownOf = ({ accountNumber }: Player): string => showIdentity(accountNumber);

/** The user with more spots in its area. */
function moved(player: Player, member: Member, added: readonly number[]): Player {
  const inReach = player.inReach.slice();
  for (const spot of added) setBit(inReach, spot);
  return { ...player, member, inReach, spots: [...player.spots, ...added] };
}
