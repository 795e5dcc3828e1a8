import { checkRules } from "../../rules/check.ts";
import type { RuleName, UserRules } from "../../rules/read.ts";
import { distanceOfPoints, km } from "../distance.ts";
import { isAlternative } from "../network/admits.ts";
import type { Located } from "../network/geography.ts";
import type { Member } from "../network/member.ts";
import type { Network } from "../network/network.ts";
import { spotsInArea } from "../network/reach.ts";
import type { ReadUser } from "../read-users.ts";
import { type Area, areaResult } from "../rules/area.ts";
import type { CoverageFinding } from "../types.ts";
import { usersText } from "../users-text.ts";
import { counted } from "../words.ts";
import { aboutUsers, inhabitantsOf, zipCodesOf } from "./finding.ts";

/** Rules, and parts of rules, that can never match: grouped by what is wrong, because many users often share it. */
export function deadFindings(network: Network): CoverageFinding[] {
  const groups = new Map<
    string,
    { rule: RuleName | undefined; message: string; certain: boolean; users: Set<string>; places: Places }
  >();
  const find = (
    rule: RuleName | undefined,
    message: string,
    certain: boolean,
    accountNumber: string,
    places: Places = {},
  ): void => {
    const key = `${rule} ${message}`;
    const group = groups.get(key) ?? { rule, message, certain, users: new Set(), places };
    groups.set(key, group);
    group.users.add(accountNumber);
  };
  const suspects = new Suspects(network);
  for (const [index, user] of network.users.entries()) {
    for (const [rule, message] of Object.entries(user.invalid)) {
      find(rule as RuleName, `is not valid, so it is not sent: ${message}`, true, user.accountNumber);
    }
    if (suspects.has(user)) {
      const { assumptions } = network;
      for (const { rule, path, message, severity } of checkRules(user.rules as UserRules, suspects.reference)) {
        if (rule === undefined || !assumptions.enabledRules.includes(rule) || !isAboutMatching(message)) continue;
        find(rule, message, severity === "error", user.accountNumber, placeAt(network, user, path));
      }
    }
    const contradiction = contradictionOf(network, network.members[index] as Member, index);
    if (contradiction) find("maxDistance", contradiction.message, true, user.accountNumber, contradiction.places);
  }
  return [...groups.values()].map(({ rule, message, certain, users, places }) => {
    const accountNumbers = [...users];
    const of = accountNumbers.length > 3 ? counted(accountNumbers.length, "user") : usersText(accountNumbers);
    return aboutUsers("dead", accountNumbers, `${rule} of ${of}: ${message}`, { certain, ...places });
  });
}

type Places = Partial<Pick<CoverageFinding, "zipCodes" | "inhabitants">>;

/** The postcode that a path of the geographical rule names. */
function placeAt({ geography }: Network, { rules }: ReadUser, path: string): Places {
  const [country, county, zip] = (path.match(/\d+(?=\])/g) ?? []).map(Number);
  if (!path.includes(".handledPostCodeZips[") || country === undefined || county === undefined) return {};
  const { handledCountry, handledCounties } = rules.geographical?.handledCountries[country] ?? {};
  const zipCode = handledCounties?.[county]?.handledPostCodeZips?.[zip ?? -1];
  if (zipCode === undefined || handledCountry === undefined) return {};
  return { zipCodes: [zipCode], inhabitants: geography.place(zipCode, handledCountry.code)?.inhabitants };
}

/** What checkRules says beside that: a form that Oplead probably does not expect. */
function isAboutMatching(message: string): boolean {
  return (
    !message.startsWith("has ranges alone") && !message.startsWith("An empty list") && !message.startsWith("is empty")
  );
}

/** Knows quickly whether a user names something that the universe does not have: most name nothing of the kind. */
class Suspects {
  readonly reference;
  readonly #network: Network;
  readonly #codes: { readonly [kind: string]: ReadonlySet<string> | undefined };

  constructor(network: Network) {
    const { countries, ranges, requestTypes, contactProfiles } = network.universe;
    this.#network = network;
    // An empty list of request types means that the platform has ranges only.
    this.reference = { countries, ranges, requestTypes, contactProfiles };
    const setOf = (codes: readonly string[] | undefined) => codes && new Set(codes);
    this.#codes = { range: setOf(ranges), requestType: setOf(requestTypes), contactProfile: setOf(contactProfiles) };
  }

  has({ rules: { geographical, competences = [], contactProfiles = [] } }: ReadUser): boolean {
    const { range: ranges, requestType: requestTypes, contactProfile } = this.#codes;
    return (
      competences.some(
        ({ range, requestType }) =>
          (ranges && !ranges.has(range.code)) ||
          (requestTypes && requestType !== undefined && !requestTypes.has(requestType.code)),
      ) ||
      contactProfiles.some(({ code }) => contactProfile && !contactProfile.has(code)) ||
      (geographical?.handledCountries ?? []).some(({ handledCountry: { code }, handledCounties }) => {
        if (this.#network.spots.ofCountry(code).length === 0) return true;
        return (handledCounties ?? []).some(({ handledCounty: { number }, handledPostCodeZips }) =>
          handledPostCodeZips
            ? handledPostCodeZips.some((zip) => !this.#network.geography.counties(zip, code)?.includes(number))
            : this.#network.spots.ofCounty(code, number).length === 0,
        );
      })
    );
  }
}

/** A radius that reaches nothing of the area. */
function contradictionOf(
  network: Network,
  member: Member,
  index: number,
): { readonly message: string; readonly places: Places } | undefined {
  const { geographical, maxDistance, home } = member;
  if (geographical.kind !== "set" || maxDistance.kind !== "set" || !home) return undefined;
  const reach = network.reachOf[index];
  if (isAlternative(member, network.assumptions) || !reach || reach.pass.length + reach.uncertain.length > 0) {
    return undefined;
  }
  const nearest = nearestInArea(network, geographical.value, home);
  if (nearest === undefined) return undefined;
  const area = [...new Set(spotsInArea(geographical.value, network.spots))];
  return {
    message: `the radius of ${km(maxDistance.value)} km reaches nothing in the area; the nearest postcode is ${km(nearest)} km away`,
    places: { zipCodes: zipCodesOf(network, area), inhabitants: inhabitantsOf(network, area) },
  };
}

function nearestInArea(network: Network, area: Area, home: Located): number | undefined {
  let nearest: number | undefined;
  for (const index of spotsInArea(area, network.spots)) {
    const spot = network.spots.all[index];
    if (!spot?.located || areaResult(area, spot, network.assumptions) === "fail") continue;
    const distance = distanceOfPoints(home.point, spot.located.point) * network.assumptions.detourFactor;
    if (nearest === undefined || distance < nearest) nearest = distance;
  }
  return nearest;
}
