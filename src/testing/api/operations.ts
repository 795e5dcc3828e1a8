import { bySetRuleOperation, type FakeRuleName } from "../rules.ts";

/**
 * The calls that the fake answers, by name. The names are ours. Methods and paths are documented, except the paths of
 * `setCompetencesRule` and `setContactProfilesRule` (assumed).
 */
export type FakeOperation =
  | "createUser"
  | "updateUser"
  | `set${Capitalize<FakeRuleName>}Rule`
  | "listUserProfiles"
  | "listCountries"
  | "getCountry";

interface Operation {
  readonly method: "GET" | "POST" | "PUT";
  /** As the OpenAPI document writes it. */
  readonly path: string;
}

/**
 * Every operation of the Oplead API that this package calls: the one list of them. The fake answers these, the schema tools
 * compare a new document with these, and tests compare the client's calls with these. The names are ours. Methods and
 * paths are documented, but for two of the rules' (see {@link fakeRules}).
 */
export const operationTable: Readonly<Record<FakeOperation, Operation>> = {
  createUser: { method: "POST", path: "/v1/users" },
  updateUser: { method: "PUT", path: "/v1/users/{userIdentification}" },
  ...bySetRuleOperation<Operation>((_name, { path }) => ({ method: "PUT", path: `/v1/users/{id}/rule/${path}` })),
  listUserProfiles: { method: "GET", path: "/v1/settings/user-profiles" },
  listCountries: { method: "GET", path: "/v1/types/countries" },
  getCountry: { method: "GET", path: "/v1/types/country/{code}" },
};

export const operationNames = Object.keys(operationTable) as readonly FakeOperation[];

export function isOperationName(name: string): name is FakeOperation {
  return Object.hasOwn(operationTable, name);
}

/** A path with `*` for each parameter: documents differ in what they call a parameter. */
export function templateOf(name: FakeOperation): string {
  return operationTable[name].path.replace(/\{[^}]*\}/g, "*");
}
