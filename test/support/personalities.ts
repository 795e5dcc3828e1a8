import type { FactValues } from "../../src/core/facts.ts";
import type { RuleName, UserRules } from "../../src/index.ts";
import { ruleNames } from "../../src/rules/rules.ts";
import { PATHS, type Personality } from "./stand-in.ts";

// Each differs from the package's assumptions in one way or several.
export const PERSONALITIES: readonly (readonly [says: string, like: Personality])[] = [
  ["is as assumed", {}],
  ["takes the token in a header of its own", { tokenHeader: "X-API-Key" }],
  ["answers an unknown user with an HTML page", { notFound: "html", wrongPath: "html" }],
  ["answers an unknown user with an empty 404, and a wrong path with JSON", { notFound: "empty" }],
  ["answers 400 to a duplicate", { duplicates: 400, echoesTest: true }],
  ["allows duplicates", { duplicates: false, echoesTest: true }],
  ["has text as ids, in a field of another name", { ids: "text", idField: "uuid" }],
  ["has UUIDs as ids", { ids: "uuid", keepsAccountNumber: true }],
  ["has numbers as ids, and lists no postcodes", { ids: "number", withoutZips: true }],
  ["accepts an update with a part of a user", { put: "part", echoesTest: true, errors: "map" }],
  ["replaces a user by whatever is sent", { put: "anything", echoesTest: true }],
  ["replaces a user by whatever is sent, behind a proxy that drops test=true", { put: "anything", dropsTest: true }],
  ["has two rules disabled", { disabled: ["contactProfiles", "maxDistance"] }],
  ["has a rule at another path", { rulePaths: { competences: "competence" }, checksFirst: true }],
  ["has ranges and no request types", { rangesOnly: true }],
  ["puts an envelope around answers", { envelope: "data", slashes: "without" }],
  ["is behind a proxy that drops test=true", { dropsTest: true }],
  [
    "is behind a proxy that drops test=true, and says in its answers whether test mode arrived",
    { dropsTest: true, echoesTest: true },
  ],
  ["ignores case and spaces in identifiers", { looseIdentifiers: true, echoesTest: true }],
  [
    "sends headers about the rate limit and the request",
    { headers: { "RateLimit-Remaining": "9", "X-Correlation-Id": "c-1" } },
  ],
];

export function rulesFor({ rangesOnly }: Personality): UserRules {
  const range = { code: "RNG_A" } as const;
  const competences: UserRules["competences"] = rangesOnly ? [{ range }] : [{ range, requestType: { code: "RTY_A" } }];
  return {
    geographical: { handledCountries: [{ handledCountry: { code: "FR" } }] },
    maxDistance: { maxDistance: 30 },
    competences,
    contactProfiles: [{ code: "CPR_A" }],
    profileTypes: ["pro"],
  };
}

export function truthOf(like: Personality): FactValues {
  const state = (name: RuleName) => (like.disabled?.includes(name) ? "disabled" : "enabled");
  const states = Object.fromEntries(ruleNames.map((name) => [`rules.${name}`, state(name)])) as Pick<
    FactValues,
    `rules.${RuleName}`
  >;
  const paths = ruleNames
    .filter((name) => state(name) === "enabled")
    .map((name) => [name, `/v1/users/{id}/rule/${like.rulePaths?.[name] ?? PATHS[name]}`]);
  const place = like.envelope === undefined ? "" : `${like.envelope}.`;
  return {
    auth: like.tokenHeader === undefined ? "bearer" : { header: like.tokenHeader },
    idField: `${place}${like.idField ?? "id"}`,
    idType: like.ids ?? "digits",
    notFoundForm: like.notFound ?? "json",
    wrongPathForm: like.wrongPath ?? "json",
    errorFields: [like.errors === "map" ? "errors.{field}" : "errors[].field"],
    refusesDuplicates: like.duplicates !== false,
    duplicateStatus: like.duplicates || 409,
    partialUpdate: like.put === "part",
    echoesAccountNumber: like.keepsAccountNumber !== true,
    identifierCase: like.looseIdentifiers ? "ignored" : "kept",
    identifierSpaces: like.looseIdentifiers ? "ignored" : "kept",
    ...states,
    rulePaths: Object.fromEntries(paths),
    requestTypes: like.rangesOnly !== true,
    zipCodesListed: like.withoutZips !== true,
    testModeArrives: like.dropsTest !== true,
    rateHeaders: Object.keys(like.headers ?? {})
      .filter((name) => /rate/i.test(name))
      .map((name) => name.toLowerCase()),
    requestIdHeader:
      Object.keys(like.headers ?? {})
        .find((name) => /-id$/i.test(name))
        ?.toLowerCase() ?? "",
    readLagMs: 0,
  };
}
