import { type Lists, type Numbers, type Perhaps, type Strings, type Teller, tellerOf } from "../coded.ts";
import { inWords, number } from "./words.ts";

// The texts have no subject: the path before them is the subject.
export const VALUES = {
  required: "is required",
  empty: "must not be empty",
  not_text: "must be text",
  lost_zero: "must be text: a leading zero was probably lost",
  not_boolean: "must be true or false",
  not_number: ({ min, max }: Numbers<"min" | "max">) => `must be a number ${between(min, max)}`,
  not_whole_number: ({ min, max }: Numbers<"min" | "max">) => `must be a whole number ${between(min, max)}`,
  not_function: "must be a function",
  not_object: "must be an object",
  not_list: "must be a list",
  not_profiles: "must be a list of codes of profiles, or a function",
  not_map: "must be a Map of texts by account number",
  not_one_of: ({ allowed }: { readonly allowed: readonly (string | number | boolean)[] }) =>
    `must be ${allowed.map((value) => JSON.stringify(value)).join(" or ")}`,
  unknown_option: ({ known }: Lists<"known">) => `is not an option: there are ${known.join(", ")}`,
  unreadable: "cannot be read: one of its fields throws an error",
  not_json: "cannot be written as JSON",
  invalid: "is not valid",
  refused_by_oplead: "is refused by Oplead",
  not_text_or_number: "must be text or a whole number",
  dots_only: 'must not be "." or "..", which mean another path',
  not_unicode: "is not valid Unicode",
  not_country_code: 'must be the two-letter country code in capitals, for example "FR"',
  pino_unwrapped: "is pino, which would drop the fields: pass pinoLogger(pino)",
  not_logger: "must be a logger with debug, info, warn and error",
  not_signal: "must be an AbortSignal",
};

export const tellValue: Teller<typeof VALUES> = /* @__PURE__ */ tellerOf(VALUES);

export const USER = {
  not_user: "must be an object: { civility, lastname, login, email, address, profile, … }",
  not_address: "must be an object: { zipCode, city, country: { code } }",
  not_country: 'must be an object: { code: "FR" }',
  not_profile: 'must be an object: { code: "…" }',
  not_email: "is not an e-mail address",
  zip_code_lost_zero: "postcodes are text: a leading zero was probably lost. Read the column as text",
  padded_identifier: "has white space around it, and would be another identifier with it",
  not_identifier: "cannot be an identifier",
  not_parent: "must be the parent's Oplead ID or accountNumber, as text without white space",
  digits_only:
    'must not be digits only, which may be the Oplead ID of another user: give it a prefix ("HR-…"), or ' +
    "set platform.numericAccountNumbers if no ID looks like that",
  similar_field: ({ similar }: Strings<"similar">) =>
    `is not a field that Oplead is known to have; "${similar}" is one. Correct it, or list it in platform.customFields`,
  unknown_field: "is not a known field, and is not listed in platform.customFields",
  not_custom: "is a field beside custom too, or one that has its own place there",
  null_field:
    "must not be null: leave the field out, or give an empty text. Oplead documents neither what it does with an empty text nor " +
    "another way to clear a field",
  needs_account_number:
    "is required, also beside an id: once the id is stale, each call would create the user again. updateUser needs none",
};

export const tellUser: Teller<typeof USER> = /* @__PURE__ */ tellerOf(USER);

export const OPTIONS = {
  no_token: "is missing: give { token } or set OPLEAD_TOKEN. Your Oplead platform administrator issues it",
  given_undefined: "is undefined: a variable is probably not set. Leave the key out to take the default",
  empty_token: "is empty",
  padded_token: "has white space around it: it was probably copied with a line break",
  bearer_token: 'begins with "Bearer ": leave that out, the package adds it',
  unsendable_token: "has characters that a header cannot carry",
  not_url: "is not a URL: write https://host, without a path of the API (the package adds /v1/…)",
  not_http: "must begin with https://",
  plain_http:
    "is plain http to another machine, so secrets can be read on the way: write https://, or set allowHttp: true for a test server",
  url_with_password: "must not hold a user name or password",
  url_with_query: "must not hold a query or a fragment",
  url_with_version: "ends in /v1, which the package adds itself",
  not_platform_name: "must be a name of at most 100 characters",
  not_auth: 'must be "bearer" or { header: "NAME-OF-THE-HEADER" }',
  header_with_meaning: "names a header that has a meaning of its own",
  not_id_field: 'must be the name of a field, or a place with dots, for example "data.id"',
  not_api_field: ({ similar }: Perhaps<"similar">) =>
    `is not a field of the package${similar === undefined ? "" : `; "${similar}" is one`}`,
  not_wire_place: 'must be a path such as "address.postal_code", with the same number of [] as the field',
  place_contradicts: "puts a list elsewhere than another field of that list does",
  place_taken: ({ other }: Strings<"other">) => `has the place of ${other}: give that another one, too`,
  not_rule_path: 'must be a path with {id}, for example "/v1/users/{id}/rules/radius"',
  not_facts: "must be facts of a platform.json that this version can read: run oplead probe again",
  facts_of_other_platform: ({ baseUrl }: Strings<"baseUrl">) =>
    `are of ${baseUrl}, and this client has another base URL: run oplead probe against this one`,
  contradicts_fact: ({ option, fact }: Strings<"option" | "fact">) =>
    `is ${option}, and the facts of the platform say ${fact}: leave the option out, or run oplead probe again`,
  not_rate_limit: "must be { requests, perMs }, a shared rate, the rateLimit of another client, or false",
  not_retry: "must be { attempts, baseMs } or false",
  not_hooks: "must be an object with the function around, or a list of such objects",
  test_mode_unclear: 'OPLEAD_TEST_MODE must be "true" or "false"',
  fetch_failed: ({ error }: Strings<"error">) =>
    `failed by itself (${error}), not because of the connection: error.cause says where`,
  in_browser:
    "this looks like a web page, where every visitor could read the API token. Call Oplead from a server instead. " +
    "If only trusted people can see this page (a test in jsdom, an internal tool), set dangerouslyAllowBrowser: true",
  of_other_client: "is set by the client whose rateLimit this one shares",
  leaves_test_mode: "this client is in test mode, which can be switched on and never off: create another client",
  not_headers: "must be a plain object of names and values",
  not_header_name: "a header name has a character that is not allowed",
  reserved_header: "is set by the package",
  method_override: "would turn one method into another",
  not_header_value: "must be one line of ASCII text",
};

export const tellOption: Teller<typeof OPTIONS> = /* @__PURE__ */ tellerOf(OPTIONS);

export const PARTS = {
  not_ledger: "must be a ledger: memoryLedger(), fileLedger(path), redisLedger(redis) or createLedger(store)",
  not_ledger_store: "must be a store with get, replace and entries",
  not_delivery_store: "must be a delivery store with has and add",
  not_queue: "must be a queue: userQueue(…) of oplead-sdk/bullmq",
  not_ledger_key: "must be a secret of at least 16 bytes, or a list of such secrets, of which the first writes",
  not_directory: "must be the path of a directory",
  not_audit_place: "must be the path of a file, or { file, keepDays }",
  not_iterable: "must be a list, or something else that can be read one after the other",
  not_clock: "must be a function that returns milliseconds since 1970",
};

export const tellPart: Teller<typeof PARTS> = /* @__PURE__ */ tellerOf(PARTS);

const OLD = { entry: "an entry", lease: "a lease", info: "its facts" } as const;

export const STORES = {
  old_package: ({ name, installed, needed }: Strings<"name" | "installed" | "needed">) =>
    `${name} ${installed} is installed, and ${needed} or newer is needed: npm install ${name}`,
  not_redis: "must be a client of ioredis",
  has_key_prefix: "must have no keyPrefix, which SCAN ignores: use the option prefix instead",
  not_share: "must be a share above 0, at most 1",
  ledger_platform: ({ stored, current }: Strings<"current" | "stored">) =>
    `belongs to ${stored}, and this client to ${current}`,
  old_form: ({ what }: { readonly what: keyof typeof OLD }) =>
    `The ledger has ${OLD[what]} in the form of an older version: export the ids with that version, and import them into a new ledger.`,
};

export const tellStore: Teller<typeof STORES> = /* @__PURE__ */ tellerOf(STORES);

export const CONTENT = {
  not_version: "must be a number or text",
  unknown_key: ({ known, similar }: Lists<"known"> & Perhaps<"similar">) =>
    similar === undefined
      ? `is not known here: there are ${known.join(", ")}`
      : `is not known here; is "${similar}" meant?`,
  identifies_user: "is required: the ledger and Oplead identify the user by it",
  account_number_twice: "occurs twice",
  moved_twice:
    "occurs twice: a number is old or new in one move only; if numbers are exchanged, move by way of numbers that nobody has",
  id_twice: "occurs twice, with different account numbers",
};

export const tellContent: Teller<typeof CONTENT> = /* @__PURE__ */ tellerOf(CONTENT);

export const RECORDS = {
  map_failed: ({ error, at }: Strings<"error"> & Perhaps<"at">) =>
    `map threw ${error}${at === undefined ? "" : ` at ${at}`}`,
  map_reads_none: ({ error, at, columns }: Strings<"error"> & Lists<"columns"> & Perhaps<"at">) =>
    `map threw for every record, first ${error}${at === undefined ? "" : ` at ${at}`}: the file must have what map reads of the usual source` +
    (columns.length === 0 ? "" : `. It has ${columns.map((name) => JSON.stringify(name)).join(", ")}`),
  record_error: ({ message }: Strings<"message">) => message,
  leaver_rules_failed: ({ error, at }: Strings<"error"> & Perhaps<"at">) =>
    `leavers.rules threw ${error}${at === undefined ? "" : ` at ${at}`}`,
  leaver_empty_rule:
    "is empty, and is not sent for a leaver: that an empty rule admits no lead is assumed (emptyRule), it could admit all",
  other_key: "is not what key gives for this record",
  parent_cycle: ({ cycle }: Lists<"cycle">) => `is in a cycle of parents: ${cycle.join(" → ")}`,
  unknown_profile: ({ profile }: Strings<"profile">) => `"${profile}" is not a profile of this platform`,
  parent_not_above: ({ profile, parentProfile }: Strings<"profile" | "parentProfile">) =>
    `the parent has the profile "${parentProfile}", which is not above "${profile}"`,
  unknown_parent: ({ parent }: Strings<"parent">) => `names ${parent}, which neither the source nor the ledger knows`,
  no_segment: ({ field }: Strings<"field">) => `names "${field}", which the record does not have`,
  white_space: "has white space around it",
  shared_value: ({ field, other }: Strings<"field" | "other">) => `is also the ${field} of ${other}`,
  unknown_zip_code: ({ country }: Strings<"country">) => `is not a postcode of ${country}`,
  zip_code_lacks_zero: ({ country }: Strings<"country">) =>
    `is not a postcode of ${country}: a leading zero was probably lost`,
};

export const tellRecord: Teller<typeof RECORDS> = /* @__PURE__ */ tellerOf(RECORDS);

type Kinds<Names extends string> = {
  readonly [Name in Names]: "range" | "requestType" | "contactProfile" | "code" | "county" | "zipCode";
};

export type RuleText = Kinds<"kind">["kind"];

export const RULES = {
  not_rules: ({ known }: Lists<"known">) => `must be an object of rules: ${known.join(", ")}`,
  not_rule: ({ known }: Lists<"known">) => `is not a rule; rules are ${known.join(", ")}`,
  null_rule: "is null: leave it out to keep the rule as it is",
  not_rule_field: ({ known }: Lists<"known">) => `is not a field here; fields are ${known.join(", ")}`,
  empty_rule: ({ none }: Strings<"none">) =>
    `is empty. An empty list would clear the rule: if that is meant, write ${none}`,
  number_for_text: ({ kind }: Kinds<"kind">) =>
    `${plural(kind)} are text: a leading zero was probably lost. Read the column as text`,
  spaces: ({ kind }: Kinds<"kind">) =>
    kind === "zipCode"
      ? "has white space around it, more than single spaces in it, or an invisible character"
      : `has white space or an invisible character in it, and ${plural(kind)} have none`,
  other_code: ({ kind, found, prefix }: Strings<"prefix"> & Kinds<"kind" | "found">) =>
    `is the code of a ${inWords(found)}, where one of a ${inWords(kind)} ("${prefix}…") is expected`,
  not_code: ({ kind, prefix }: Strings<"prefix"> & Kinds<"kind">) =>
    `is not the code of a ${inWords(kind)}, which looks like "${prefix}XXX" (codes, not labels: they are the same in every language). ` +
    'If the codes of your platform look different, write code("…")',
  not_geographical: "must be geographical()… or { handledCountries: [{ handledCountry: { code }, handledCounties? }] }",
  not_handled_country: "must be { handledCountry: { code }, handledCounties? }",
  not_handled_county: "must be { handledCounty: { number }, handledPostCodeZips? }",
  covers_nothing: "covers nothing, which would clear the rule: if that is meant, write geographical.none()",
  no_counties: "is empty. Leave it out for the whole country",
  no_zip_codes: "is empty. Leave it out for the whole county",
  not_kilometres: "must be a number of kilometres",
  not_distance: "must be finite kilometres, more than 0",
  not_competence: "must be { range: { code }, requestType?: { code } }",
  not_request_type: "must be { code }, or left out where the platform has ranges only",
  mixed_competences:
    "mixes ranges alone with pairs of range and request type. A platform works in one of the two ways: " +
    "give every entry a request type, or none",
};

export const tellRule: Teller<typeof RULES> = /* @__PURE__ */ tellerOf(RULES);

export const BUILDERS = {
  nothing_to_find: "is empty. No postcodes cover nothing",
  not_reference: "must be what getCountry returned",
  no_reference_zips: "has no postcodes in its reference data, so none can be found",
  not_pair: "must be [range, request type]",
  empty_product: "is empty. The product would be empty: if that is meant, write competences.none()",
};

export const tellBuilder: Teller<typeof BUILDERS> = /* @__PURE__ */ tellerOf(BUILDERS);

// `value` is undefined if it may be personal.
export const RULE_FINDINGS = {
  unknown_country: ({ value }: Perhaps<"value">) => `${quoted(value)} is not a country of the platform`,
  unknown_county: ({ value, country }: Strings<"country"> & Perhaps<"value">) =>
    `${quoted(value)} is not a county of ${country}`,
  county_lost_zero: ({ value, country, found }: Strings<"country" | "found"> & Perhaps<"value">) =>
    `${quoted(value)} is not a county of ${country}: "${found}" is one, so a leading zero was probably lost`,
  zip_code_elsewhere: ({ value, county, liesIn }: Lists<"liesIn"> & Perhaps<"value" | "county">) =>
    `${quoted(value)} lies in ${liesIn.join(" and ")}, not in ${quoted(county)}`,
  no_such_zip_code: ({ value, country }: Strings<"country"> & Perhaps<"value">) =>
    `${quoted(value)} is not a postcode of ${country}`,
  zip_code_without_zero: ({ value, found }: Strings<"found"> & Perhaps<"value">) =>
    `${quoted(value)} is unknown: "${found}" is not, so a leading zero was probably lost`,
  metres: "is further than anything on earth is away: were these metres? The unit is kilometres",
  unknown_code: ({ value, kind }: Perhaps<"value"> & Kinds<"kind">) =>
    `${quoted(value)} is not a ${inWords(kind)} of the platform`,
  ranges_alone: "has ranges alone, and the platform has request types: it probably expects pairs",
};

export const tellRuleFinding: Teller<typeof RULE_FINDINGS> = /* @__PURE__ */ tellerOf(RULE_FINDINGS);

function plural(kind: RuleText): string {
  if (kind === "county") return "county numbers";
  return kind === "zipCode" ? "postcodes" : "codes";
}

function quoted(value: string | undefined): string {
  return value === undefined ? "this" : JSON.stringify(value);
}

function between(min: number, max: number): string {
  return max >= Number.MAX_SAFE_INTEGER ? `of at least ${number(min)}` : `from ${number(min)} to ${number(max)}`;
}
