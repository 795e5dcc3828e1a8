import type { RuleName } from "../../rules/rules.ts";
import type { Assumptions } from "../assumptions.ts";
import type { ReadUser } from "../read-users.ts";
import { type Area, areaOf } from "../rules/area.ts";
import type { CodeList } from "../rules/code-list.ts";
import { type Competences, competencesOf } from "../rules/competences.ts";
import { ABSENT, DISABLED, EMPTY, type RuleState } from "../rules/state.ts";
import { type Geography, type Located, locatedAt } from "./geography.ts";

/** A user whose rules are ready to be asked. */
export interface Member {
  readonly user: ReadUser;
  readonly home: Located | undefined;
  readonly geographical: RuleState<Area>;
  readonly maxDistance: RuleState<number>;
  readonly competences: RuleState<Competences>;
  readonly contactProfiles: RuleState<CodeList>;
  readonly profileTypes: RuleState<CodeList>;
}

export function memberOf(user: ReadUser, geography: Geography, assumptions: Assumptions): Member {
  const { home, rules, invalid } = user;
  /** `read` gives the content of a rule that is there; undefined for one with an empty list. */
  function state<Name extends RuleName, Value>(
    name: Name,
    read: (rule: NonNullable<ReadUser["rules"][Name]>) => Value | undefined,
  ): RuleState<Value> {
    if (!assumptions.enabledRules.includes(name)) return DISABLED;
    const message = invalid[name];
    if (message !== undefined) {
      return { kind: "invalid", answer: { result: "uncertain", reason: `not valid, so it is not sent (${message})` } };
    }
    const rule = rules[name];
    if (rule === undefined) return ABSENT[assumptions.absentRule];
    const value = read(rule);
    return value === undefined ? EMPTY[assumptions.emptyRule] : { kind: "set", value };
  }
  return {
    user,
    home: home.coordinates ? locatedAt(home.coordinates, 0) : geography.located(home.zipCode, home.country),
    geographical: state("geographical", (rule) => (rule.handledCountries.length > 0 ? areaOf(rule) : undefined)),
    maxDistance: state("maxDistance", (rule) => rule.maxDistance),
    competences: state("competences", (rule) => (rule.length > 0 ? competencesOf(rule) : undefined)),
    contactProfiles: state("contactProfiles", (rule) =>
      rule.length > 0 ? new Set(rule.map(({ code }) => code)) : undefined,
    ),
    profileTypes: state("profileTypes", (rule) => (rule.length > 0 ? new Set<string>(rule) : undefined)),
  };
}
