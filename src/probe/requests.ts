import type { RuleName, RuleToSend } from "../rules/rules.ts";
import { RULES } from "../rules/rules.ts";

/** The content of a request of the probe. `made_up_user` has random identifiers that no user has. */
export type ProbeContent =
  | "nothing"
  | "empty_object"
  | "made_up_user"
  | "unchanged_user"
  | "part_of_user"
  | "user_with_wrong_email"
  | "user_with_taken_account_number"
  | "unchanged_rule"
  | "changed_radius";

/**
 * When a request is sent: always, only after an answer that leaves something open, or only once an answer has shown that test mode
 * arrives at Oplead.
 */
export type ProbeCondition = "always" | "if_still_open" | "if_test_mode_arrives";

/** A request that a probe may send. */
export interface ProbeRequest {
  readonly method: "GET" | "PUT" | "POST";
  /** `{unknown}` stands for a random account number, `{existing}` for the user that was named, `{otherCase}` and `{spaced}` for its other spellings. */
  readonly path: string;
  /** Whether it has `?test=true`: every one but those that read. */
  readonly testMode: boolean;
  readonly sends: ProbeContent;
  readonly when: ProbeCondition;
}

const get = (path: string, when: ProbeCondition = "always"): ProbeRequest => ({
  method: "GET",
  path,
  testMode: false,
  sends: "nothing",
  when,
});

const write = (
  method: "PUT" | "POST",
  path: string,
  sends: ProbeContent,
  when: ProbeCondition = "always",
): ProbeRequest => ({ method, path, testMode: true, sends, when });

/** All that a probe can send, but for the rules. Nothing else leaves it. */
export const REQUESTS = {
  profiles: get("/v1/settings/user-profiles"),
  countries: get("/v1/types/countries"),
  country: get("/v1/types/country/{code}"),
  wrongPath: get("/v1/{unknown}"),
  unknownUser: write("PUT", "/v1/users/{unknown}", "empty_object"),
  unknownWholeUser: write("PUT", "/v1/users/{unknown}", "made_up_user", "if_still_open"),
  existingUser: write("PUT", "/v1/users/{existing}", "unchanged_user"),
  identifierCase: write("PUT", "/v1/users/{otherCase}", "unchanged_user", "if_test_mode_arrives"),
  identifierSpaces: write("PUT", "/v1/users/{spaced}", "unchanged_user", "if_test_mode_arrives"),
  partOfUser: write("PUT", "/v1/users/{existing}", "part_of_user", "if_test_mode_arrives"),
  wrongUser: write("PUT", "/v1/users/{existing}", "user_with_wrong_email", "if_test_mode_arrives"),
  readUser: get("/v1/users/{existing}", "if_still_open"),
  radius: write("PUT", "/v1/users/{id}/rule/max-distance", "changed_radius", "if_still_open"),
  newUser: write("POST", "/v1/users", "made_up_user", "if_test_mode_arrives"),
  duplicate: write("POST", "/v1/users", "user_with_taken_account_number", "if_test_mode_arrives"),
} as const satisfies Record<string, ProbeRequest>;

/** Other paths of the two rules whose path is assumed. */
const OTHER_ENDS: { readonly [Name in RuleName]?: readonly string[] } = {
  competences: ["competence", "competencies"],
  contactProfiles: ["contact-profile", "contactProfiles"],
};

/** The paths at which a rule is looked for, in this order. */
export function rulePathsOf(name: RuleName, known: string = RULES[name].path): string[] {
  const others = (OTHER_ENDS[name] ?? []).map((end) => `/v1/users/{id}/rule/${end}`);
  return [...new Set([known, RULES[name].path, ...others])];
}

/** The request that sets a rule as it is. */
export const setRule = (path: string, isFirst = true): ProbeRequest =>
  write("PUT", path, "unchanged_rule", isFirst ? "always" : "if_still_open");

/** Every request that a probe with these options may send, in order. */
export function requestsOf(rules: readonly RuleToSend[] | undefined, allowTestCreate: boolean): ProbeRequest[] {
  const { profiles, countries, country, wrongPath, unknownUser, unknownWholeUser, ...of } = REQUESTS;
  const ofRules = (rules ?? []).flatMap(({ name }) =>
    rulePathsOf(name).map((path, index) => setRule(path, index === 0)),
  );
  const hasRadius = rules?.some(({ name }) => name === "maxDistance");
  const unknown = [wrongPath, unknownUser, unknownWholeUser];
  const ofExisting = rules ? [of.identifierCase, of.identifierSpaces, of.partOfUser, of.wrongUser] : [];
  const created = allowTestCreate ? [of.newUser, ...(rules ? [of.duplicate] : [])] : [];
  return [
    ...[profiles, countries, country],
    ...(rules ? [of.existingUser, ...ofRules] : []),
    ...(allowTestCreate && hasRadius ? [of.readUser, of.radius, of.readUser] : []),
    ...unknown,
    ...ofExisting,
    ...created,
    // Each is asked once more, later.
    ...unknown,
    ...(rules ? [of.existingUser, ...ofRules] : []),
    ...ofExisting,
    ...created,
    ...[country, profiles],
  ];
}
