import type { Assumptions } from "../assumptions.ts";
import type { ReadUser } from "../read-users.ts";
import { type Area, areaOf } from "../rules/area.ts";
import type { CodeList } from "../rules/code-list.ts";
import { type Competences, competencesOf } from "../rules/competences.ts";
import type { RuleState } from "../rules/state.ts";
import { type Geography, type Located, locatedAt } from "./geography.ts";

/** A user whose rules are ready to be asked. */
export interface Member {
  readonly accountNumber: string;
  readonly home: Located | undefined;
  readonly geographical: RuleState<Area>;
  readonly maxDistance: RuleState<number>;
  readonly competences: RuleState<Competences>;
  readonly contactProfiles: RuleState<CodeList>;
  readonly profileTypes: RuleState<CodeList>;
}

export function memberOf(user: ReadUser, geography: Geography, { enabledRules }: Assumptions): Member {
  const { accountNumber, home, rules, invalid } = user;
  function state<Name extends keyof ReadUser["rules"], Value>(
    name: Name,
    read: (rule: NonNullable<ReadUser["rules"][Name]>) => Value | undefined,
  ): RuleState<Value> {
    if (!enabledRules.includes(name)) return { kind: "disabled" };
    const message = invalid[name];
    if (message !== undefined) return { kind: "invalid", message };
    const rule = rules[name];
    if (rule === undefined) return { kind: "absent" };
    const value = read(rule);
    return value === undefined ? { kind: "empty" } : { kind: "set", value };
  }
  return {
    accountNumber,
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
