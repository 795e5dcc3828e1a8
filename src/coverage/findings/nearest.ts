import { showIdentity } from "../../base/redact.ts";
import { tellNearest } from "../../locales/en/coverage.ts";
import { explainerOf, isEnoughFor } from "../explain/verdicts.ts";
import { getOrMake } from "../get-or-make.ts";
import type { Network, NetworkUser } from "../network/network.ts";
import { distanceKm } from "../rules/max-distance.ts";
import { AXES } from "../rules/rules.ts";
import type { Lead, NearestUser } from "../types.ts";
import type { Patch } from "./by-place.ts";

/** How many users a gap names. */
const NAMED = 3;
/** Where no user is so near, another postcode of the gap says more: an island has no dealer from the mainland. */
const NEAR_KM = 200;
/** So many postcodes of a gap are looked at. */
const LOOKED_AT = 20;

interface NearUser {
  readonly user: NetworkUser;
  /** From the user to the place; undefined where it is not known. */
  readonly km: number | undefined;
}

/**
 * Finds the users nearest to a gap, each with what it would need to get a lead there. The lead is of the postcode with the most inhabitants, if there
 * is a user near it, and has the first of each list of codes.
 */
export function nearestFinder(network: Network): (patch: Patch) => NearestUser[] {
  const { spots, cells, geography, assumptions } = network;
  const nearest = new Map<number, readonly NearUser[]>();
  return ({ country, spots: inPatch, dimensions }) => {
    const largest = largestOf(network, inPatch);
    const usersAt = (spot: number) => getOrMake(nearest, spot, () => nearestTo(network, spot));
    const isNear = (spot: number) => (usersAt(spot)[0]?.km ?? Number.POSITIVE_INFINITY) <= NEAR_KM;
    const place = largest.find(isNear) ?? largest[0];
    if (place === undefined) return [];
    const { zipCode } = spots.at(place);
    const codes = AXES.map(({ codes: list, field }) => [field, dimensions[list]?.[0] ?? cells.codes[list][0]]);
    const lead: Lead = { country, zipCode, ...Object.fromEntries(codes) };
    const explain = explainerOf(lead, geography, assumptions);
    return usersAt(place).flatMap(({ user, km }): NearestUser[] => {
      const { accountNumber, member } = user;
      const { changes, rules } = explain(member).user;
      if (changes.length === 0) return [];
      const parameters = { user: showIdentity(accountNumber), zipCode: zipCode ?? country, km, changes };
      return [{ accountNumber, ...tellNearest("near_gap", { ...parameters, isEnough: isEnoughFor(rules) }) }];
    });
  };
}

/** The spots with the most inhabitants. */
function largestOf({ spots }: Network, some: readonly number[]): number[] {
  const people = (spot: number) => spots.at(spot).inhabitants ?? 0;
  return [...some].sort((a, b) => people(b) - people(a)).slice(0, LOOKED_AT);
}

/** The users nearest to a place, the nearest first. Those whose distance is not known are the farthest. */
function nearestTo({ users, spots, assumptions }: Network, place: number): NearUser[] {
  const far = ({ km = Number.POSITIVE_INFINITY }: NearUser) => km;
  const found: NearUser[] = [];
  for (const user of users) {
    const one = { user, km: distanceKm(user.member.home, spots.at(place), assumptions) };
    const at = found.findIndex((other) => far(other) > far(one));
    if (at >= 0) found.splice(at, 0, one);
    else if (found.length < NAMED) found.push(one);
    found.length = Math.min(found.length, NAMED);
  }
  return found;
}
