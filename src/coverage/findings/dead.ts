import type { Coded } from "../../locales/coded.ts";
import { type COVERAGE_FINDINGS, tellFinding } from "../../locales/en/findings.ts";
import { kilometres } from "../../locales/en/words.ts";
import { compareRules } from "../../rules/check.ts";
import type { RuleName } from "../../rules/rules.ts";
import { distanceOfPoints } from "../distance.ts";
import { getOrMake } from "../get-or-make.ts";
import { isAlternative } from "../network/admits.ts";
import type { Geography } from "../network/geography.ts";
import type { Network, NetworkUser } from "../network/network.ts";
import { spotsInArea } from "../network/reach.ts";
import type { ReadUser } from "../read-users.ts";
import { RULE_NAMES } from "../rules/rules.ts";
import { ask } from "../rules/state.ts";
import type { CoverageFinding } from "../types.ts";
import { aboutUsers, type Places, placesOf, usersTold } from "./finding.ts";
import { reachesNoPlace } from "./unreachable.ts";

/** A rule, or a part of one, that can never match. */
interface Problem {
  readonly rule: RuleName;
  /** Problems with the same text are one finding about several users. */
  readonly text: string;
  readonly tell: (dead: { readonly rule: RuleName } & ReturnType<typeof usersTold>) => Coded<typeof COVERAGE_FINDINGS>;
  readonly places?: Partial<Places>;
}

/** Rules, and parts of rules, that can never match: grouped by what is wrong, because many users often share it. */
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

/** Rules that Oplead would refuse. */
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
    // Warnings are about a form that Oplead probably does not expect.
    if (severity !== "error" || !assumptions.enabledRules.includes(rule)) return [];
    const places = placeAt(problem.path, rules, geography);
    return [{ rule, text: problem.message, tell: (dead) => tellFinding("dead_unknown", { ...dead, problem }), places }];
  });
}

/** The postcode that a path of the geographical rule names. */
function placeAt(path: string, { geographical }: ReadUser["rules"], geography: Geography): Partial<Places> {
  const [country = -1, county = -1, zip = -1] = (path.match(/\d+(?=\])/g) ?? []).map(Number);
  const { handledCountry, handledCounties } = geographical?.handledCountries[country] ?? {};
  const zipCode = handledCounties?.[county]?.handledPostCodeZips?.[zip];
  if (zipCode === undefined || handledCountry === undefined) return {};
  return { zipCodes: [zipCode], inhabitants: geography.place(zipCode, handledCountry.code)?.inhabitants };
}

/** A radius that reaches nothing of the area. */
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
  const radius = { radiusKm: maxDistance.value, nearestKm };
  const text = `${kilometres(radius.radiusKm)} ${kilometres(nearestKm)}`;
  const tell: Problem["tell"] = (dead) => tellFinding("dead_radius", { ...dead, ...radius });
  return [{ rule: "maxDistance", text, tell, places: placesOf(network, inArea) }];
}
