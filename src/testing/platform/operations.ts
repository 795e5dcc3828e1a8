import type { FakeOperation } from "../api/operations.ts";
import { bySetRuleOperation } from "../rules.ts";
import { type Platform, type Reply, refuse } from "./platform.ts";
import { setRule } from "./set-rule.ts";
import { createUser, updateUser } from "./users.ts";

/** Does what a call asks for, given the path's parameter and the parsed body. */
type Run = (platform: Platform, parameter: string, body: unknown) => Reply;

export const operations: Readonly<Record<FakeOperation, Run>> = {
  createUser,
  updateUser,
  ...bySetRuleOperation<Run>(setRule),
  listUserProfiles: ({ profiles }) => ({ status: 200, body: [...profiles.values()] }),
  listCountries: ({ countries }) => ({
    status: 200,
    body: [...countries.values()].map(({ code, label }) => ({ code, label })),
  }),
  getCountry: ({ countries, like }, code) => {
    const country = countries.get(code);
    if (!country) return { ...refuse(404, "Country not found."), form: like.notFoundForm };
    const counties = country.counties.map(({ postCodeZips: _, ...county }) => county);
    return { status: 200, body: like.zipCodesListed ? country : { ...country, counties } };
  },
};
