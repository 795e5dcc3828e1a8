import type { RuleName } from "../rules/types.ts";

// Facts about a platform, by their names in a file. Each rule has one, such as `rules.geographical`: whether the
// platform has enabled it. Assumed: `"enabled"`.
export interface FactValues extends Readonly<Record<`rules.${RuleName}`, "enabled" | "disabled">> {
  // How a request carries the token: as a bearer token, or in this header. Assumed: `"bearer"`.
  readonly auth: "bearer" | { readonly header: string };
  // Where the Oplead ID is in the answer to a user write. Assumed: `"id"`.
  readonly idField: string;
  // Form of Oplead IDs. Assumed: `"digits"`.
  readonly idType: "number" | "digits" | "uuid" | "text";
  // Body of the 404 for an unknown user. Assumed: `"json"`.
  readonly notFoundForm: "json" | "html" | "empty" | "text";
  // Body of the 404 for an unknown path. Assumed: `"json"`.
  readonly wrongPathForm: FactValues["notFoundForm"];
  // Where a refusal names the wrong fields. Assumed: `["errors[].field"]`.
  readonly errorFields: readonly string[];
  // A second user with the same account number is refused. Assumed: true.
  readonly refusesDuplicates: boolean;
  // Status of that refusal. Assumed: 409.
  readonly duplicateStatus: number;
  // A PUT may hold only a part of a user's fields. Assumed: false.
  readonly partialUpdate: boolean;
  // The answer to a user write has the account number. Assumed: true.
  readonly echoesAccountNumber: boolean;
  // `"kept"`: `A-1` and `a-1` are two users. `"ignored"`: they are one. Assumed: `"kept"`.
  readonly identifierCase: "kept" | "ignored";
  // `"kept"`: white space around an account number makes it another user. Assumed: `"kept"`.
  readonly identifierSpaces: "kept" | "ignored";
  // URL paths at which the probe found rules. Assumed: those of the package's OpenAPI document.
  readonly rulePaths: { readonly [Name in RuleName]?: string };
  // Competences have request types beside ranges. Assumed: true.
  readonly requestTypes: boolean;
  // A country lists the postcodes of its counties. Assumed: true.
  readonly zipCodesListed: boolean;
  // `?test=true` arrives at Oplead. Assumed: true.
  readonly testModeArrives: boolean;
  // Headers in which the platform tells its rate limit. Assumed: none.
  readonly rateHeaders: readonly string[];
  // Header with the id of a request; `""`: none. Assumed: `"x-request-id"`.
  readonly requestIdHeader: string;
  // Time that a write stays invisible to reads, in ms, as far as the probe saw. Assumed: 0.
  readonly readLagMs: number;
}

export type FactName = keyof FactValues;

// The structure of a body: names of fields and kinds of values, no value. Of a list, only the first item.
export type BodyShape = string | readonly BodyShape[] | { readonly [name: string]: BodyShape };

// A request from which a fact was concluded, and the structure of its answer.
export interface FactEvidence {
  readonly method: string;
  // Template of the path, without identifiers.
  readonly path: string;
  // 0 if no answer came.
  readonly status: number;
  readonly form: FactValues["notFoundForm"];
  readonly body: BodyShape;
  // Headers of the answer that show facts, with `…` in place of rate limits and request ids.
  readonly headers: Readonly<Record<string, string>>;
  readonly ms: number;
}

// Why a fact is undecided. In the order of the values below: the probe was not told the name of an existing user, or
// Oplead does not know that user; the source does not name the rule; a creation in test mode was not allowed; nothing
// showed that test mode arrives; the API refused the token, or did not answer; a 404 may come from a gateway; two
// answers at different times did not agree; only one answer showed the fact; Oplead refused the content; no path for
// the rule was found; no answer showed the fact; the maximum number of requests was reached; the API stopped answering
// in the middle of the probe.
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

export interface Fact<Value> {
  // `"confirmed"`: the platform is as assumed. `"refuted"`: it differs, and `value` says how. `"undecided"`: `why`
  // says what was missing.
  readonly verdict: "confirmed" | "refuted" | "undecided";
  // Null if undecided.
  readonly value: Value | null;
  readonly why?: FactGap | undefined;
  readonly evidence: readonly FactEvidence[];
}

// What a probe learned: `facts` of `platform.json`. No token, no personal data.
export interface PlatformFacts {
  // Of the form.
  readonly version: 2;
  readonly baseUrl: string;
  // Begin of the probe, in UTC: `2026-01-31T02:15:00.000Z`.
  readonly at: string;
  readonly packageVersion: string;
  readonly requests: number;
  readonly facts: { readonly [Name in FactName]: Fact<FactValues[Name]> };
}

// Returns undefined if the fact is undecided, or unknown to the version that wrote the file.
export function knownFact<Name extends FactName>(
  facts: PlatformFacts | undefined,
  name: Name,
): FactValues[Name] | undefined {
  // A file of another version may lack this fact.
  const fact: Fact<FactValues[Name]> | undefined = facts?.facts[name];
  return fact?.verdict === "undecided" ? undefined : (fact?.value ?? undefined);
}
