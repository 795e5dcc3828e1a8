import { checkUser } from "../client/check-input.ts";
import { issueAt } from "../core/issues.ts";
import * as check from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellValue } from "../locales/en/core.ts";
import type { SourceUser } from "../reconcile/content.ts";
import { RULES, type RuleName, type RuleToSend, tryRules } from "../rules/rules.ts";
import type { AuthScheme } from "../transport/options.ts";
import { authProblem, type Settings } from "../transport/settings.ts";

export interface ProbeOptions {
  // A user with exactly the rules that Oplead has, so that nothing changes even if a proxy removes `?test=true`.
  // Without `existing`, the facts that need a user stay undecided.
  readonly existing?: SourceUser | undefined;
  // Creates users once test mode is seen to arrive. To see that, the radius of `existing` may be changed in test mode
  // and changed back.
  readonly allowTestCreate?: boolean | undefined;
  // Ms that a write may take to show in reads. Second samples come at least this much later. Default 5,000.
  readonly lagMs?: number | undefined;
  readonly maxRequests?: number | undefined;
  // Ways to send the token that are tried if the client's way fails.
  readonly auth?: readonly AuthScheme[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Existing {
  readonly accountNumber: string;
  readonly user: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly rules: readonly RuleToSend[];
}

const findIssues = check.issueFinder(() =>
  check.options<ProbeOptions>({
    existing: check.record(),
    allowTestCreate: check.boolean(),
    maxRequests: check.wholeNumber(1, 60),
    lagMs: check.wholeNumber(0, 60_000),
    auth: check.valueThat(Array.isArray, issueAt("", tellValue("not_list"))),
    signal: check.signal(),
  }),
);

// `existing` gets the checks of every user that is sent.
export function readProbeOptions(options: ProbeOptions, settings: Settings): Existing | undefined {
  const issues = findIssues(options);
  for (const [index, auth] of (Array.isArray(options?.auth) ? options.auth : []).entries()) {
    const problem = authProblem(auth);
    if (problem) issues.push(issueAt(`auth[${index}]`, problem));
  }
  const { existing } = options ?? {};
  let read: Existing | undefined;
  if (isObject(existing)) {
    const { toSend, issues: ofUser } = checkUser(existing.user, settings);
    const { accountNumber = "", text, user } = toSend;
    const ofExisting = [...ofUser.map((one) => ({ ...one, path: `user.${one.path}` }))];
    if (accountNumber === "") ofExisting.push(issueAt("user.accountNumber", tellValue("required")));
    const rules = tryRules(existing.rules ?? {}, (_rule, one) =>
      ofExisting.push({ ...one, path: `rules.${one.path}` }),
    );
    issues.push(...ofExisting.map((one) => ({ ...one, path: `existing.${one.path}` })));
    // Safe: the given type has more fields.
    read = { accountNumber, text, rules, user: user as unknown as Existing["user"] };
  }
  check.requireNoIssues("probePlatform: wrong options", issues);
  return read;
}

// `made_up_user` has random identifiers.
export type ProbeContent =
  | "nothing"
  | "unreadable"
  | "empty_object"
  | "made_up_user"
  | "unchanged_user"
  | "part_of_user"
  | "user_with_wrong_email"
  | "user_with_taken_account_number"
  | "unchanged_rule"
  | "changed_radius";

export type ProbeCondition = "always" | "if_still_open" | "if_test_mode_arrives";

export interface ProbeRequest {
  readonly method: "GET" | "PUT" | "POST";
  // `{otherCase}` and `{spaced}` are other spellings of the existing account number.
  readonly path: string;
  readonly testMode: boolean;
  // What body and answer hold: the user, a rule, or reference data.
  readonly about: string;
  readonly sends: ProbeContent;
  readonly when: ProbeCondition;
}

const get = (path: string, about: string, when: ProbeCondition = "always"): ProbeRequest => ({
  method: "GET",
  path,
  testMode: false,
  about,
  sends: "nothing",
  when,
});

const write = (
  method: "PUT" | "POST",
  path: string,
  sends: ProbeContent,
  when: ProbeCondition = "always",
  about = "user",
): ProbeRequest => ({ method, path, testMode: true, about, sends, when });

export const REQUESTS = {
  unreadable: write("PUT", "/v1/users/{unknown}", "unreadable"),
  wrongTestMode: { ...write("PUT", "/v1/users/{unknown}?test=oplead-probe", "unreadable"), testMode: false },
  profiles: get("/v1/settings/user-profiles", "profiles"),
  countries: get("/v1/types/countries", "countries"),
  country: get("/v1/types/country/{code}", "country"),
  wrongPath: get("/v1/{unknown}", "nothing"),
  unknownUser: write("PUT", "/v1/users/{unknown}", "empty_object"),
  unknownWholeUser: write("PUT", "/v1/users/{unknown}", "made_up_user", "if_still_open"),
  existingUser: write("PUT", "/v1/users/{existing}", "unchanged_user"),
  identifierCase: write("PUT", "/v1/users/{otherCase}", "unchanged_user", "if_test_mode_arrives"),
  identifierSpaces: write("PUT", "/v1/users/{spaced}", "unchanged_user", "if_test_mode_arrives"),
  partOfUser: write("PUT", "/v1/users/{existing}", "part_of_user", "if_test_mode_arrives"),
  wrongUser: write("PUT", "/v1/users/{existing}", "user_with_wrong_email", "if_test_mode_arrives"),
  readUser: get("/v1/users/{existing}", "user", "if_still_open"),
  noUser: write("POST", "/v1/users", "empty_object"),
  everyName: write("POST", "/v1/users", "made_up_user", "if_still_open"),
  newUser: write("POST", "/v1/users", "made_up_user", "if_test_mode_arrives"),
  duplicate: write("POST", "/v1/users", "user_with_taken_account_number", "if_test_mode_arrives"),
} as const satisfies Record<string, ProbeRequest>;

// The paths of these two rules are not documented.
const OTHER_ENDS: { readonly [Name in RuleName]?: readonly string[] } = {
  competences: ["competence", "competencies"],
  contactProfiles: ["contact-profile", "contactProfiles"],
};

export function rulePathsOf(name: RuleName, known: string = RULES[name].path): string[] {
  const others = (OTHER_ENDS[name] ?? []).map((end) => `/v1/users/{id}/rule/${end}`);
  return [...new Set([known, RULES[name].path, ...others])];
}

export function otherRulePaths(name: RuleName): string[] {
  const kebab = RULES[name].path.replace(/^.*\//, "");
  const ends = new Set([kebab, kebab.replaceAll("-", "_"), name]);
  return ["rules", "rule"].flatMap((folder) => [...ends].map((end) => `/v1/users/{id}/${folder}/${end}`));
}

export const setRule = (name: RuleName, path: string, isFirst = true): ProbeRequest =>
  write("PUT", path, "unchanged_rule", isFirst ? "always" : "if_still_open", name);

export const setRadius = (path: string = RULES.maxDistance.path): ProbeRequest =>
  write("PUT", path, "changed_radius", "if_still_open", "maxDistance");

export function requestsOf(
  rules: readonly RuleToSend[] | undefined,
  allowTestCreate: boolean,
  given: Settings["rulePaths"],
): ProbeRequest[] {
  const { profiles, countries, country, wrongPath, unknownUser, unknownWholeUser, ...of } = REQUESTS;
  const ofRules = (rules ?? []).flatMap(({ name }) =>
    rulePathsOf(name, given[name]).map((path, index) => setRule(name, path, index === 0)),
  );
  const hasRadius = rules?.some(({ name }) => name === "maxDistance");
  const unknown = [wrongPath, unknownUser, unknownWholeUser];
  const ofExisting = rules ? [of.identifierCase, of.identifierSpaces, of.partOfUser, of.wrongUser] : [];
  const created = allowTestCreate ? [of.newUser, ...(rules ? [of.duplicate] : [])] : [];
  return [
    ...[of.unreadable, of.wrongTestMode, of.noUser, profiles, countries, country, of.everyName],
    ...[profiles, countries, country],
    ...(rules ? [of.existingUser, ...ofRules] : []),
    ...(allowTestCreate && hasRadius ? [of.readUser, setRadius(given.maxDistance), of.readUser] : []),
    ...unknown,
    ...ofExisting,
    ...created,
    // These are repeated later, because each fact needs a second sample.
    ...unknown,
    ...(rules ? [of.existingUser, ...ofRules] : []),
    ...ofExisting,
    ...created,
    ...[country, profiles],
  ];
}
