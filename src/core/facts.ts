import type { RuleName } from "../rules/types.ts";

/**
 * The facts about a platform: the name of each fact, and the type of its value in a file. There is a fact for each
 * rule, such as `rules.geographical`: whether the platform has enabled the rule. Assumed: `"enabled"`.
 */
export interface FactValues extends Readonly<Record<`rules.${RuleName}`, "enabled" | "disabled">> {
  /** How a request carries the token: as a bearer token, or in a header of this name. Assumed: `"bearer"`. */
  readonly auth: "bearer" | { readonly header: string };
  /** Where the Oplead ID is in the answer to a user write. Assumed: `"id"`. */
  readonly idField: string;
  /** The form of Oplead IDs: a JSON number, text of digits, a UUID, or other text. Assumed: `"digits"`. */
  readonly idType: "number" | "digits" | "uuid" | "text";
  /** The body of the 404 for a user that Oplead does not know. Assumed: `"json"`. */
  readonly notFoundForm: "json" | "html" | "empty" | "text";
  /** The body of the 404 for a path that does not exist. Assumed: `"json"`. */
  readonly wrongPathForm: FactValues["notFoundForm"];
  /** Where a refusal names the fields that are wrong. Assumed: `["errors[].field"]`. */
  readonly errorFields: readonly string[];
  /** Whether a second user with the same account number is refused. Assumed: true. */
  readonly refusesDuplicates: boolean;
  /** The status with which a second user with the same account number is refused. Assumed: 409. */
  readonly duplicateStatus: number;
  /** Whether a PUT may hold only a part of a user's fields. Assumed: false. */
  readonly partialUpdate: boolean;
  /** Whether the answer to a user write has the account number. Assumed: true. */
  readonly echoesAccountNumber: boolean;
  /** `"kept"`: the account numbers `A-1` and `a-1` are two users. `"ignored"`: they are one user. Assumed: `"kept"`. */
  readonly identifierCase: "kept" | "ignored";
  /**
   * `"kept"`: white space around an account number makes it a different user. `"ignored"`: it does not. Assumed:
   * `"kept"`.
   */
  readonly identifierSpaces: "kept" | "ignored";
  /** The URL paths at which the probe found rules. Assumed: the paths of the package's OpenAPI document. */
  readonly rulePaths: { readonly [Name in RuleName]?: string };
  /** Whether competences have request types in addition to ranges. Assumed: true. */
  readonly requestTypes: boolean;
  /** Whether a country lists the postcodes of its counties. Assumed: true. */
  readonly zipCodesListed: boolean;
  /** Whether `?test=true` arrives at Oplead. Assumed: true. */
  readonly testModeArrives: boolean;
  /** The names of the headers in which the platform tells its rate limit. Assumed: none. */
  readonly rateHeaders: readonly string[];
  /** The header that holds the id of a request; `""`: no header does. Assumed: `"x-request-id"`. */
  readonly requestIdHeader: string;
  /** How long a write stays invisible to reads, in milliseconds, as far as the probe saw. Assumed: 0. */
  readonly readLagMs: number;
}

/** The name of a fact. */
export type FactName = keyof FactValues;

/**
 * The structure of a body: the names of its fields and the kinds of their values, but no value. For a list, only the
 * first item is described.
 */
export type BodyShape = string | readonly BodyShape[] | { readonly [name: string]: BodyShape };

/** A request from which a fact was concluded, and the structure of its answer. */
export interface FactEvidence {
  readonly method: string;
  /** The template of the path, without identifiers. */
  readonly path: string;
  /** The HTTP status; 0 if no answer came. */
  readonly status: number;
  readonly form: FactValues["notFoundForm"];
  readonly body: BodyShape;
  /**
   * The headers of the answer that show facts. The values of headers with a rate limit or a request id are replaced by
   * `…`.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** How long the answer took, in milliseconds. */
  readonly ms: number;
}

/**
 * Why a fact is undecided. In the order of the values below: the probe was not told the name of an existing user, or
 * Oplead does not know that user; the source does not name the rule; a creation in test mode was not allowed; nothing
 * showed that test mode arrives; the API refused the token, or did not answer; a 404 may come from a gateway; two
 * answers at different times did not agree; only one answer showed the fact; Oplead refused the content; no path for
 * the rule was found; no answer showed the fact; the maximum number of requests was reached; the API stopped answering
 * in the middle of the probe.
 */
export type FactGap =
  | "no_existing_user"
  | "existing_user_unknown"
  | "rule_not_in_source"
  | "creation_not_allowed"
  | "test_mode_not_seen"
  | "not_authorized"
  | "no_answer"
  | "may_be_gateway"
  | "samples_differ"
  | "one_sample"
  | "content_refused"
  | "no_path_found"
  | "not_shown"
  | "requests_used_up"
  | "cut_off";

/** One fact about a platform. */
export interface Fact<Value> {
  /**
   * `"confirmed"`: the platform is as the package assumes. `"refuted"`: it differs, and `value` says how.
   * `"undecided"`: the probe could not find out, and `why` says what was missing.
   */
  readonly verdict: "confirmed" | "refuted" | "undecided";
  /** The value of the fact; null if it is undecided. */
  readonly value: Value | null;
  /** Why the fact is undecided. */
  readonly why?: FactGap | undefined;
  readonly evidence: readonly FactEvidence[];
}

/**
 * The facts that a probe learned about a platform: the content of `platform-facts.json`. It holds no token and no
 * personal data.
 */
export interface PlatformFacts {
  /** The version of the file's form. */
  readonly version: 2;
  /** The address of the platform that was probed. */
  readonly baseUrl: string;
  /** When the probe began, in UTC: `2026-01-31T02:15:00.000Z`. */
  readonly at: string;
  /** The version of the package that made the probe. */
  readonly packageVersion: string;
  /** The number of HTTP requests that the probe sent. */
  readonly requests: number;
  readonly facts: { readonly [Name in FactName]: Fact<FactValues[Name]> };
}

/** The value of a fact; undefined if the fact is undecided, or if the version that wrote the file did not know it. */
export function knownFact<Name extends FactName>(
  facts: PlatformFacts | undefined,
  name: Name,
): FactValues[Name] | undefined {
  // A file that another version of the package wrote may lack this fact.
  const fact: Fact<FactValues[Name]> | undefined = facts?.facts[name];
  return fact?.verdict === "undecided" ? undefined : (fact?.value ?? undefined);
}
