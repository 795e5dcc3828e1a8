import type { OperationName } from "../api/operations.ts";
import { type Platform, type Reply, refuse } from "./platform.ts";
import { setRule } from "./rules.ts";
import { createUser, updateUser } from "./users.ts";

/** Does what a call asks for, given the path's parameter and the parsed body. */
type Run = (platform: Platform, parameter: string, body: unknown) => Reply;

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
