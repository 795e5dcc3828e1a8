import { checkUser } from "../client/check-input.ts";
import { issueAt } from "../core/issues.ts";
import * as check from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellValue } from "../locales/en/core.ts";
import type { SourceUser } from "../reconcile/content.ts";
import { RULES, type RuleName, type RuleToSend, tryRules } from "../rules/rules.ts";
import type { AuthScheme } from "../transport/options.ts";
import { authProblem, type Settings } from "../transport/settings.ts";

/** Options of {@link probePlatform}. All are optional. */
export interface ProbeOptions {
  /**
   * A user that Oplead has, with exactly the rules that Oplead has for it, as `map` returns the user: choose a user
   * that the last run left unchanged. The probe sends this content in test mode, so that nothing changes even if a
   * proxy removes `?test=true`. Default: none; the facts that need an existing user then stay undecided.
   */
  readonly existing?: SourceUser | undefined;
  /**
   * Whether users may be created in test mode, to see how a duplicate is refused. They are created only after an answer
   * has shown that test mode arrives at Oplead. To find that out, the radius of `existing` may be changed in test mode
   * and then changed back. So give a user for whom a wrong radius does no harm for some seconds. Default false.
   */
  readonly allowTestCreate?: boolean | undefined;
  /**
   * How long a write may take to show in reads, in milliseconds, 0 to 60,000. The radius that is changed in test mode
   * is read until the change shows or this time has passed. The second sample of each fact is taken at least this time
   * after the first one. Default 5,000.
   */
  readonly lagMs?: number | undefined;
  /** The maximum number of HTTP requests, 1 to 60. Default 60. */
  readonly maxRequests?: number | undefined;
  /** Ways to send the token that are tried if the way in the client's options does not work. Default: none. */
  readonly auth?: readonly AuthScheme[] | undefined;
  /** Ends the probe with an {@link OpleadError} `aborted`. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** A user that Oplead has, ready to be sent. */
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

/**
 * Checks the options. The user `existing` gets the same checks as every user that is sent.
 *
 * @throws {@link OpleadError} `invalid_options`, with every problem.
 */
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
    // The cast is needed because the type of the given user has fields that the type of a sent user does not have.
    read = { accountNumber, text, rules, user: user as unknown as Existing["user"] };
  }
  check.requireNoIssues("probePlatform: wrong options", issues);
  return read;
}

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
 * When a request is sent. `always`: in any case. `if_still_open`: if the earlier answers did not settle the facts that
 * it is about. `if_test_mode_arrives`: if an answer has shown that Oplead obeys test mode (`?test=true`).
 */
export type ProbeCondition = "always" | "if_still_open" | "if_test_mode_arrives";

/** A request that a probe may send. */
export interface ProbeRequest {
  readonly method: "GET" | "PUT" | "POST";
  /**
   * `{unknown}` is a random account number, and `{existing}` is the account number of the existing user. `{otherCase}`
   * and `{spaced}` are the existing account number in different case and with white space.
   */
  readonly path: string;
  /** Whether the request has `?test=true`, as all requests that write do. */
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

/** All requests that a probe can send, except those for rules. */
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

/** Further possible paths of the two rules whose path is not documented. */
const OTHER_ENDS: { readonly [Name in RuleName]?: readonly string[] } = {
  competences: ["competence", "competencies"],
  contactProfiles: ["contact-profile", "contactProfiles"],
};

/** The paths at which a rule is looked for, in this order. */
export function rulePathsOf(name: RuleName, known: string = RULES[name].path): string[] {
  const others = (OTHER_ENDS[name] ?? []).map((end) => `/v1/users/{id}/rule/${end}`);
  return [...new Set([known, RULES[name].path, ...others])];
}

/** The request that sets a rule to its present content. */
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
    // The requests below repeat those above, because each fact needs a second sample, taken later.
    ...unknown,
    ...(rules ? [of.existingUser, ...ofRules] : []),
    ...ofExisting,
    ...created,
    ...[country, profiles],
  ];
}
