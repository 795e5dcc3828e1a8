import { showIdentity } from "../../base/redact.ts";
import { tellFinding } from "../../locales/en/findings.ts";
import { isEmpty } from "../network/masks.ts";
import type { Member } from "../network/member.ts";
import type { Network, NetworkUser } from "../network/network.ts";
import { KIND_RULES } from "../rules/rules.ts";
import type { CoverageFinding } from "../types.ts";
import { aboutUsers, placesOf } from "./finding.ts";

/** Whether no lead of the universe can reach a user. */
export function isUnreachable(user: NetworkUser): boolean {
  return reachesNoPlace(user) || isEmpty(user.masks.possible);
}

/** Whether no place is, or may be, in the area of a user. */
export function reachesNoPlace({ reach }: NetworkUser): boolean {
  return reach.pass.length + reach.uncertain.length === 0;
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
