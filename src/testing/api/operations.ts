/** The name of an operation in {@link operationTable}. */
export type OperationName =
  | "createUser"
  | "updateUser"
  | "setGeographicalRule"
  | "setMaxDistanceRule"
  | "setCompetencesRule"
  | "setContactProfilesRule"
  | "setProfileTypesRule"
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
 * paths are documented, except the paths of `setCompetencesRule` and `setContactProfilesRule` (assumed).
 */
export const operationTable: Readonly<Record<OperationName, Operation>> = {
  createUser: { method: "POST", path: "/v1/users" },
  updateUser: { method: "PUT", path: "/v1/users/{userIdentification}" },
  setGeographicalRule: { method: "PUT", path: "/v1/users/{id}/rule/geographical" },
  setMaxDistanceRule: { method: "PUT", path: "/v1/users/{id}/rule/max-distance" },
  setCompetencesRule: { method: "PUT", path: "/v1/users/{id}/rule/competences" },
  setContactProfilesRule: { method: "PUT", path: "/v1/users/{id}/rule/contact-profiles" },
  setProfileTypesRule: { method: "PUT", path: "/v1/users/{id}/rule/profile-types" },
  listUserProfiles: { method: "GET", path: "/v1/settings/user-profiles" },
  listCountries: { method: "GET", path: "/v1/types/countries" },
  getCountry: { method: "GET", path: "/v1/types/country/{code}" },
};

export const operationNames = Object.keys(operationTable) as readonly OperationName[];

/** Whether a text is the name of an operation. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operationTable, name);
}

/** A path with `*` for each parameter: documents differ in what they call a parameter. */
export function templateOf(name: OperationName): string {
  return operationTable[name].path.replace(/\{[^}]*\}/g, "*");
}
