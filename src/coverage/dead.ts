/*
 * Findings about users and their rules: rules that can never match, users who get no lead, and users whose leads all
 * reach a second user as well.
 */

import { showIdentity } from "../core/redact.ts";
import { append, getOrMake } from "../core/values.ts";
import type { ToldBy } from "../locales/coded.ts";
import { type COVERAGE_FINDINGS, tellFinding } from "../locales/en/findings.ts";
import { kilometres } from "../locales/en/words.ts";
import { compareRules } from "../rules/check.ts";
import type { RuleName } from "../rules/rules.ts";
import { aboutUsers, type Places, placesOf, usersTold } from "./finding.ts";
import { distanceOfPoints, type Geography } from "./geography.ts";
import { isEmpty, isWithin } from "./masks.ts";
import { ask, isAlternative, type Member } from "./member.ts";
import type { CoverageFinding } from "./messages.ts";
import type { Network, NetworkClass, NetworkUser } from "./network.ts";
import { spotsInArea } from "./reach.ts";
import type { ReadUser } from "./read-input.ts";
import { KIND_RULES, RULE_NAMES } from "./rules/rules.ts";

/** A rule, or a part of one, that can never match. */
interface Problem {
  readonly rule: RuleName;
  /** Users with problems of the same text share one finding. */
  readonly text: string;
  readonly tell: (dead: { readonly rule: RuleName } & ReturnType<typeof usersTold>) => ToldBy<typeof COVERAGE_FINDINGS>;
  readonly places?: Partial<Places>;
}

/**
 * Rules, and parts of rules, that can never match. They are grouped by their problem, because often many users have the
 * same problem.
 */
export function deadFindings(network: Network): CoverageFinding[] {
  const groups = new Map<string, { readonly problem: Problem; readonly users: Set<string> }>();
  for (const networkUser of network.users) {
    const { accountNumber, member } = networkUser;
    const problems = [
      ...notValid(member.user),
      ...unknownIn(member.user, network),
      ...contradictionOf(networkUser, network),
    ];
    for (const problem of problems) {
      const key = `${problem.rule} ${problem.text}`;
      getOrMake(groups, key, () => ({ problem, users: new Set<string>() })).users.add(accountNumber);
    }
  }
  return [...groups.values()].map(({ problem: { rule, tell, places }, users }) => {
    const names = [...users];
    return aboutUsers("dead", names, tell({ rule, ...usersTold(names) }), places);
  });
}

/** Finds the rules of a user that Oplead would refuse. */
function notValid({ invalid }: ReadUser): Problem[] {
  return RULE_NAMES.flatMap((rule) => {
    const problem = invalid[rule];
    return problem
      ? [{ rule, text: problem.message, tell: (dead) => tellFinding("dead_invalid", { ...dead, problem }) } as const]
      : [];
  });
}

/** Codes, counties and postcodes that a user names and the universe does not have. */
function unknownIn({ rules }: ReadUser, { universe, geography, assumptions }: Network): Problem[] {
  return compareRules(rules, universe).flatMap(({ rule, severity, ...problem }): Problem[] => {
    // Warnings are left out: a rule with a warning can still match.
    if (severity !== "error" || !assumptions.enabledRules.includes(rule)) return [];
    const places = placeAt(problem.path, rules, geography);
    return [{ rule, text: problem.message, tell: (dead) => tellFinding("dead_unknown", { ...dead, problem }), places }];
  });
}

/** The postcode of the geographical rule that an issue's path points to. */
function placeAt(path: string, { geographical }: ReadUser["rules"], geography: Geography): Partial<Places> {
  const [country = -1, county = -1, zip = -1] = (path.match(/\d+(?=\])/g) ?? []).map(Number);
  const { handledCountry, handledCounties } = geographical?.handledCountries[country] ?? {};
  const zipCode = handledCounties?.[county]?.handledPostCodeZips?.[zip];
  if (zipCode === undefined || handledCountry === undefined) return {};
  return { zipCodes: [zipCode], inhabitants: geography.place(zipCode, handledCountry.code)?.inhabitants };
}

/** The problem of a user whose radius does not reach any place of the user's own area. */
function contradictionOf(user: NetworkUser, network: Network): Problem[] {
  const { rules, home } = user.member;
  const { geographical, maxDistance } = rules;
  if (geographical.kind !== "set" || maxDistance.kind !== "set" || !home) return [];
  const { assumptions, spots } = network;
  if (isAlternative(user.member, assumptions) || !reachesNoPlace(user)) return [];
  const inArea = [...new Set(spotsInArea(geographical.value, spots))];
  let nearestKm = Number.POSITIVE_INFINITY;
  for (const spot of inArea.map((index) => spots.at(index))) {
    if (!spot.located || ask("geographical", rules, { lead: {}, spot, home, assumptions }) === "fail") continue;
    nearestKm = Math.min(nearestKm, distanceOfPoints(home.point, spot.located.point) * assumptions.detourFactor);
  }
  if (nearestKm === Number.POSITIVE_INFINITY) return [];
  const radiusKm = maxDistance.value;
  const text = `${kilometres(radiusKm)} ${kilometres(nearestKm)}`;
  const tell: Problem["tell"] = (dead) => tellFinding("dead_radius", { ...dead, radiusKm, nearestKm });
  return [{ rule: "maxDistance", text, tell, places: placesOf(network, inArea) }];
}

/** The users who can get no lead, each with the reason. */
export function unreachableFindings(network: Network): CoverageFinding[] {
  return network.users.filter(isUnreachable).map((networkUser) => {
    const { accountNumber, member, reach } = networkUser;
    const user = showIdentity(accountNumber);
    const told = reachesNoPlace(networkUser) ? ofPlaces(member, user) : ofKinds(member, user);
    return aboutUsers("unreachable", [accountNumber], told, placesOf(network, reach.pass));
  });
}

function ofPlaces({ rules: { geographical, maxDistance } }: Member, user: string) {
  if (geographical.kind === "empty") return tellFinding("list_of_rule_empty", { user, rule: "geographical" });
  if (geographical.kind !== "set") return tellFinding("no_zip_code_in_radius", { user });
  return tellFinding(maxDistance.kind === "set" ? "nothing_near_in_area" : "no_zip_code_in_area", { user });
}

function ofKinds({ rules }: Member, user: string) {
  const rule = KIND_RULES.find((name) => rules[name].kind === "empty");
  return rule === undefined
    ? tellFinding("no_code_in_use", { user })
    : tellFinding("list_of_rule_empty", { user, rule });
}

/**
 * Users whose leads all reach a second user as well. There is one finding for each such user; it names the first user
 * that gets all these leads and more. Users with exactly the same leads share one finding.
 */
export function subsumedFindings(network: Network): CoverageFinding[] {
  const findings: CoverageFinding[] = [];
  const largerThan = largerFinder(network);
  for (const twins of twinsOf(network)) {
    const [first, ...others] = twins;
    const places = placesOf(network, first.reach.pass);
    if (others.length > 0 && isCertain(first)) {
      const names = twins.map(({ accountNumber }) => accountNumber);
      findings.push(aboutUsers("subsumed", names, tellFinding("same_leads", usersTold(names)), places));
    }
    const larger = largerThan(first);
    if (!larger) continue;
    for (const twin of twins) {
      const names = [twin.accountNumber, larger.accountNumber];
      const [user, other] = [showIdentity(twin.accountNumber), showIdentity(larger.accountNumber)];
      findings.push(aboutUsers("subsumed", names, tellFinding("leads_of_another", { user, other }), places));
    }
  }
  return findings;
}

type Twins = [NetworkUser, ...NetworkUser[]];

/** Groups of users with the same places and the same kinds of leads. Users who get no lead are left out. */
function twinsOf({ users }: Network): Iterable<Twins> {
  const groups = new Map<string, Twins>();
  for (const user of users) {
    if (isUnreachable(user)) continue;
    const { masks, reach } = user;
    append(groups, `${reach.number} ${masks.pass.join()} ${masks.possible.join()}`, user);
  }
  return groups.values();
}

/** Whether the user's verdict on every lead is certain. */
function isCertain({ masks, reach }: NetworkUser): boolean {
  return reach.uncertain.length === 0 && isWithin(masks.possible, masks.pass);
}

/**
 * Makes a function that finds, for a user, a second user that certainly gets every lead that may reach the first user.
 * The second user also gets leads that cannot reach the first user.
 */
function largerFinder(network: Network): (user: NetworkUser) => NetworkUser | undefined {
  const usersOfClass = new Map<NetworkClass, readonly NetworkUser[]>();
  return (user) => {
    const { masks, reach } = user;
    // A user that gets all leads of this user covers every place of this user, so also the place that the fewest users
    // cover. So only the users of that place are compared.
    let fewest: NetworkClass | undefined;
    let size = Number.POSITIVE_INFINITY;
    for (const spots of [reach.pass, reach.uncertain]) {
      for (const spot of spots) {
        const spotClass = network.classAt(spot);
        const { length } = spotClass.pass;
        if (length >= size) continue;
        size = length;
        fewest = spotClass;
      }
    }
    if (!fewest) return undefined;
    const spotClass = fewest;
    return getOrMake(usersOfClass, spotClass, () => network.usersOf(spotClass, "pass")).find(
      (other) =>
        other !== user &&
        isWithin(masks.possible, other.masks.pass) &&
        isSubset(reach.pass, other.reach.pass) &&
        isSubset(reach.uncertain, other.reach.pass) &&
        !isSame(user, other),
    );
  };
}

function isSame(one: NetworkUser, other: NetworkUser): boolean {
  return (
    one.reach === other.reach &&
    isWithin(other.masks.pass, one.masks.pass) &&
    isWithin(other.masks.possible, one.masks.possible)
  );
}

/** Whether `large` contains all numbers of `small`. Both lists are in ascending order. */
function isSubset(small: readonly number[], large: readonly number[]): boolean {
  if (small === large) return true;
  if (small.length > large.length) return false;
  let at = 0;
  for (const number of small) {
    while ((large[at] ?? number) < number) at += 1;
    if (large[at] !== number) return false;
  }
  return true;
}

/** Whether no lead of the universe can reach a user. */
function isUnreachable(user: NetworkUser): boolean {
  return reachesNoPlace(user) || isEmpty(user.masks.possible);
}

/** Whether the area of a user certainly contains no place. */
function reachesNoPlace({ reach }: NetworkUser): boolean {
  return reach.pass.length + reach.uncertain.length === 0;
}
