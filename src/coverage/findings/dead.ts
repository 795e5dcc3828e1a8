import { counted } from "../../base/words.ts";
import { checkRules } from "../../rules/check.ts";
import type { HandledCounty } from "../../rules/geographical.ts";
import type { RuleName, UserRules } from "../../rules/rules.ts";
import { RULES } from "../assumptions.ts";
import { distanceOfPoints, km } from "../distance.ts";
import { getOrMake } from "../get-or-make.ts";
import { isAlternative } from "../network/admits.ts";
import type { Geography } from "../network/geography.ts";
import type { Network, NetworkUser } from "../network/network.ts";
import { spotsInArea } from "../network/reach.ts";
import type { ReadUser } from "../read-users.ts";
import { areaResult } from "../rules/area.ts";
import type { CoverageFinding } from "../types.ts";
import { usersText } from "../words.ts";
import { aboutUsers, type Places, placesOf } from "./finding.ts";
import { reachesNoPlace } from "./unreachable.ts";

/** A rule, or a part of one, that can never match. */
interface Problem extends Partial<Places> {
  readonly rule: RuleName;
  readonly message: string;
  readonly certain: boolean;
}

/** Rules, and parts of rules, that can never match: grouped by what is wrong, because many users often share it. */
export function deadFindings(network: Network): CoverageFinding[] {
  const groups = new Map<string, { readonly problem: Problem; readonly users: Set<string> }>();
  const namesUnknown = unknownFinder(network);
  for (const networkUser of network.users) {
    const { accountNumber, member } = networkUser;
    const problems = [
      ...notValid(member.user),
      ...(namesUnknown(member.user) ? unknownIn(member.user, network) : []),
      ...contradictionOf(networkUser, network),
    ];
    for (const problem of problems) {
      const key = `${problem.rule} ${problem.message}`;
      getOrMake(groups, key, () => ({ problem, users: new Set<string>() })).users.add(accountNumber);
    }
  }
  return [...groups.values()].map(({ problem: { rule, message, ...more }, users }) => {
    const names = [...users];
    const of = names.length > 3 ? counted(names.length, "user") : usersText(names);
    return aboutUsers("dead", names, `${rule} of ${of}: ${message}`, more);
  });
}

/** Rules that Oplead would refuse. */
function notValid({ invalid }: ReadUser): Problem[] {
  return RULES.flatMap((rule) => {
    const message = invalid[rule];
    return message === undefined ? [] : { rule, message: `is not valid, so it is not sent: ${message}`, certain: true };
  });
}

/** What a user names and the universe does not have. */
function unknownIn(user: ReadUser, { universe, geography, assumptions }: Network): Problem[] {
  // The codes are those that were read, whatever their form.
  return checkRules(user.rules as UserRules, universe).flatMap(({ rule, path, message, severity }) => {
    if (rule === undefined || !assumptions.enabledRules.includes(rule) || !isAboutMatching(message)) return [];
    return { rule, message, certain: severity === "error", ...placeAt(path, user, geography) };
  });
}

/** The postcode that a path of the geographical rule names. */
function placeAt(path: string, { rules }: ReadUser, geography: Geography): Partial<Places> {
  const [country = -1, county = -1, zip = -1] = (path.match(/\d+(?=\])/g) ?? []).map(Number);
  const { handledCountry, handledCounties } = rules.geographical?.handledCountries[country] ?? {};
  const zipCode = handledCounties?.[county]?.handledPostCodeZips?.[zip];
  if (zipCode === undefined || handledCountry === undefined) return {};
  return { zipCodes: [zipCode], inhabitants: geography.place(zipCode, handledCountry.code)?.inhabitants };
}

/** What checkRules says beside that: a form that Oplead probably does not expect. */
function isAboutMatching(message: string): boolean {
  return !["has ranges alone", "An empty list", "is empty"].some((start) => message.startsWith(start));
}

/** Tells quickly whether a user names something that the universe does not have: most name nothing of the kind. */
function unknownFinder({ universe, spots, geography }: Network): (user: ReadUser) => boolean {
  const isUnknownIn = (codes: readonly string[] | undefined): ((code: string) => boolean) => {
    const known = codes && new Set(codes);
    return (code) => known !== undefined && !known.has(code);
  };
  const isUnknownRange = isUnknownIn(universe.ranges);
  const isUnknownType = isUnknownIn(universe.requestTypes);
  const isUnknownContact = isUnknownIn(universe.contactProfiles);
  const isUnknownCounty = (country: string, { handledCounty: { number }, handledPostCodeZips: zips }: HandledCounty) =>
    zips
      ? zips.some((zip) => !geography.counties(zip, country)?.includes(number))
      : spots.ofCounty(country, number).length === 0;
  return ({ rules: { geographical, competences = [], contactProfiles = [] } }) =>
    competences.some(
      ({ range, requestType }) =>
        isUnknownRange(range.code) || (requestType !== undefined && isUnknownType(requestType.code)),
    ) ||
    contactProfiles.some(({ code }) => isUnknownContact(code)) ||
    (geographical?.handledCountries ?? []).some(
      ({ handledCountry: { code }, handledCounties = [] }) =>
        spots.ofCountry(code).length === 0 || handledCounties.some((county) => isUnknownCounty(code, county)),
    );
}

/** A radius that reaches nothing of the area. */
function contradictionOf(user: NetworkUser, network: Network): Problem[] {
  const { member } = user;
  const { geographical, maxDistance, home } = member;
  if (geographical.kind !== "set" || maxDistance.kind !== "set" || !home) return [];
  const { assumptions, spots } = network;
  if (isAlternative(member, assumptions) || !reachesNoPlace(user)) return [];
  const inArea = [...new Set(spotsInArea(geographical.value, spots))];
  const distances = inArea.flatMap((index) => {
    const spot = spots.at(index);
    if (!spot.located || areaResult(geographical.value, spot, assumptions) === "fail") return [];
    return distanceOfPoints(home.point, spot.located.point) * assumptions.detourFactor;
  });
  if (distances.length === 0) return [];
  const nearest = distances.reduce((least, distance) => Math.min(least, distance));
  const message = `the radius of ${km(maxDistance.value)} km reaches nothing in the area; the nearest postcode is ${km(nearest)} km away`;
  return [{ rule: "maxDistance", message, certain: true, ...placesOf(network, inArea) }];
}
