import { labelOf } from "./view.ts";

/** The operations that src/contract/contract.ts relies on, by its own names. */
export const RELIED_ON = {
  createUser: ["post", "/v1/users"],
  updateUser: ["put", "/v1/users/{userIdentification}"],
  setGeographicalRule: ["put", "/v1/users/{id}/rule/geographical"],
  setMaxDistanceRule: ["put", "/v1/users/{id}/rule/max-distance"],
  setCompetencesRule: ["put", "/v1/users/{id}/rule/competences"],
  setContactProfilesRule: ["put", "/v1/users/{id}/rule/contact-profiles"],
  setProfileTypesRule: ["put", "/v1/users/{id}/rule/profile-types"],
  listUserProfiles: ["get", "/v1/settings/user-profiles"],
  listCountries: ["get", "/v1/types/countries"],
  getCountry: ["get", "/v1/types/country/{code}"],
} as const satisfies Record<string, readonly [method: string, path: string]>;

export type OperationName = keyof typeof RELIED_ON;

/** `POST /v1/users`, as the operation is called in view.ts and in reports. */
export function labelOfRelied(name: OperationName): string {
  const [method, path] = RELIED_ON[name];
  return labelOf(method, path);
}
