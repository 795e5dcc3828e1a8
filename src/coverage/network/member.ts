import type { RuleName } from "../../rules/rules.ts";
import type { ReadUser } from "../read-users.ts";
import { RULE_NAMES } from "../rules/rules.ts";
import { type RuleStates, stateOf } from "../rules/state.ts";
import type { Assumptions } from "../types.ts";
import { type Geography, type Located, locatedAt } from "./geography.ts";

/** A user whose rules are ready to be asked. */
export interface Member {
  readonly user: ReadUser;
  readonly home: Located | undefined;
  readonly rules: RuleStates;
}

export function memberOf(user: ReadUser, geography: Geography, assumptions: Assumptions): Member {
  const { home, rules, invalid } = user;
  const state = (name: RuleName) => [name, stateOf(name, rules[name], invalid[name], assumptions)];
  return {
    user,
    home: home.coordinates ? locatedAt(home.coordinates, 0) : geography.located(home.zipCode, home.country),
    // One state for each name.
    rules: Object.fromEntries(RULE_NAMES.map(state)) as RuleStates,
  };
}
