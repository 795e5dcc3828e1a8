import type { OperationName } from "../api/operations.ts";
import type { FakeRuleName } from "../types/user.ts";
import { checkRule } from "./check-rule.ts";
import { type Platform, type Reply, refuse } from "./platform.ts";
import { createUser, updateUser } from "./users.ts";

/** Does what a call asks for, given the path's parameter and the parsed body. */
export type Run = (platform: Platform, parameter: string, body: unknown) => Reply;

/** What the fake does, by operation. */
export const operations: Readonly<Record<OperationName, Run>> = {
  createUser,
  updateUser,
  setGeographicalRule: setRule("geographical"),
  setMaxDistanceRule: setRule("maxDistance"),
  setCompetencesRule: setRule("competences"),
  setContactProfilesRule: setRule("contactProfiles"),
  setProfileTypesRule: setRule("profileTypes"),
  listUserProfiles: ({ profiles }) => ({ status: 200, body: [...profiles.values()] }),
  listCountries: ({ countries }) => ({
    status: 200,
    body: [...countries.values()].map(({ code, label }) => ({ code, label })),
  }),
  getCountry: ({ countries }, code) => {
    const country = countries.get(code);
    return country ? { status: 200, body: country } : refuse(404, "Country not found.");
  },
};

function setRule(name: FakeRuleName): Run {
  return ({ store, replica, ids, disabledRules }, idOrAccountNumber, body) => {
    const user = replica.find("rule", idOrAccountNumber);
    if (!user) return refuse(404, "User not found.");
    if (disabledRules.has(name)) return refuse(403, `The rule "${name}" is not enabled for this platform.`);
    const problems = checkRule[name](body);
    if (problems.length > 0) return refuse(422, undefined, problems);
    const answer = { id: ids.sent(user.id), [name]: body };
    return { status: 200, body: answer, write: () => store.putRule(user.id, name, body) };
  };
}
