import { isObject, isText } from "./arguments.ts";

/**
 * A user, in the form of the request bodies. Which fields are required is documented ("Prerequisites"); the nesting of
 * `address` and `profile` is assumed. The fake stores fields that it does not know, and its answers have them.
 */
export interface FakeUserInput {
  /** Oplead's id. Default: the next id, in the form that {@link FakeOpleadOptions.ids} says. */
  readonly id?: string | undefined;
  /**
   * The source system's key of the user. It is documented that this key is unique for each user, and that Oplead
   * accepts it instead of the id.
   */
  readonly accountNumber?: string | null | undefined;
  readonly civility: string;
  readonly firstname?: string | undefined;
  readonly lastname: string;
  /** The name the user logs in with. Assumed to be unique. */
  readonly login: string;
  readonly email: string;
  readonly address: {
    readonly street?: string | undefined;
    readonly zipCode: string;
    readonly city: string;
    readonly country: { readonly code: string };
  };
  readonly profile: { readonly code: string };
  /** The parent's id or accountNumber. A user whose profile has no parent profile needs no parent (assumed). */
  readonly parentUserIdentifier?: string | number | null | undefined;
  readonly [field: string]: unknown;
}

/** A stored user. A write replaces the record, so a record that a test has read does not change with later writes. */
export interface FakeUser extends FakeUserInput {
  /** Oplead's id as text, whatever its form in the answers. */
  readonly id: string;
}

/** A profile of `GET /v1/settings/user-profiles`. The path is documented, the shape assumed. */
export interface FakeProfile {
  readonly code: string;
  readonly label: string;
  /**
   * The profile that the parent of a user with this profile must have. If it is left out, any parent fits, and the user
   * may also have no parent.
   */
  readonly parent?: { readonly code: string } | undefined;
}

/**
 * A county (département, province) inside a {@link FakeCountry}. The field names are the same as in the geographical
 * rule.
 */
export interface FakeCounty {
  readonly number: string;
  readonly label: string;
  /** Postcodes, as text. A postcode may lie in several counties. */
  readonly postCodeZips?: readonly string[] | undefined;
}

/** The answer to `GET /v1/types/country/{code}`. The path is documented, the shape assumed. */
export interface FakeCountry {
  readonly code: string;
  readonly label: string;
  readonly counties: readonly FakeCounty[];
}

/** A user's rules, each as the body that was last PUT. A PUT replaces the whole rule (assumed). */
export interface FakeRules {
  readonly geographical?: {
    readonly handledCountries: readonly {
      readonly handledCountry: { readonly code: string };
      readonly handledCounties?: readonly {
        readonly handledCounty: { readonly number: string };
        readonly handledPostCodeZips?: readonly string[];
      }[];
    }[];
  };
  /** How far a lead may be from the user, in kilometres. */
  readonly maxDistance?: { readonly maxDistance: number };
  readonly competences?: readonly {
    readonly range: { readonly code: string };
    readonly requestType?: { readonly code: string };
  }[];
  readonly contactProfiles?: readonly { readonly code: string }[];
  readonly profileTypes?: readonly ("pro" | "single")[];
}

/** The assignment rules of the guide ("Lead Assignment Rules via API"). */
export type FakeRuleName = keyof FakeRules;

interface FakeRule {
  /** The end of the rule's path: `PUT /v1/users/{id}/rule/…`. */
  readonly path: string;
  /** Checks the shape of the rule's body. It does not check whether its ranges, counties or profiles exist. */
  readonly fits: Test;
  /** The shape of the rule's body, in words for a message. */
  readonly expected: string;
  /** The field that the answer to a wrong body names. */
  readonly field?: string;
}

type Test = (value: unknown) => boolean;

const shape =
  (fields: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, test]) => test(value[name]));

const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);

const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);

const reference = shape({ code: isText });
const county = shape({ handledCounty: shape({ number: isText }), handledPostCodeZips: optional(listOf(isText)) });
const country = shape({ handledCountry: reference, handledCounties: optional(listOf(county)) });

/**
 * The table of the fake's rules. All paths are documented, except those of `competences` and `contactProfiles`
 * (assumed).
 */
export const fakeRules: Readonly<Record<FakeRuleName, FakeRule>> = {
  geographical: {
    path: "geographical",
    fits: shape({ handledCountries: listOf(country) }),
    field: "handledCountries",
    expected:
      "A list of { handledCountry: { code }, handledCounties?: [{ handledCounty: { number }, handledPostCodeZips?: [text] }] }",
  },
  maxDistance: {
    path: "max-distance",
    fits: shape({ maxDistance: (value) => typeof value === "number" && value >= 0 }),
    field: "maxDistance",
    expected: "A number of kilometres, 0 or more,",
  },
  competences: {
    path: "competences",
    fits: listOf(shape({ range: reference, requestType: optional(reference) })),
    expected: "A list of { range: { code }, requestType?: { code } }",
  },
  contactProfiles: { path: "contact-profiles", fits: listOf(reference), expected: "A list of { code }" },
  profileTypes: {
    path: "profile-types",
    fits: listOf((item) => item === "pro" || item === "single"),
    expected: 'A list of "pro" and "single"',
  },
};

/** Makes one entry for each rule, under the name of the operation that sets the rule. */
export function bySetRuleOperation<Entry>(
  entryOf: (name: FakeRuleName, rule: FakeRule) => Entry,
): Readonly<Record<`set${Capitalize<FakeRuleName>}Rule`, Entry>> {
  const entries = Object.entries(fakeRules).map(([name, rule]) => [
    `set${name.charAt(0).toUpperCase()}${name.slice(1)}Rule`,
    // The cast is safe: the keys of the table are the names of the rules.
    entryOf(name as FakeRuleName, rule),
  ]);
  return Object.fromEntries(entries);
}
