import { isObject, isText } from "./arguments.ts";

/**
 * A user, in the form of request bodies. The required fields are documented ("Prerequisites"); the nesting of `address`
 * and `profile` is assumed. Unknown fields are stored and answered.
 */
export interface FakeUserInput {
  /** Oplead's id. Default: the next one of {@link FakeOpleadOptions.ids}. */
  readonly id?: string | undefined;
  /** Key in the source system. Documented: unique, and accepted in place of the id. */
  readonly accountNumber?: string | null | undefined;
  readonly civility: string;
  readonly firstname?: string | undefined;
  readonly lastname: string;
  /** Assumed to be unique. */
  readonly login: string;
  readonly email: string;
  readonly address: {
    readonly street?: string | undefined;
    readonly zipCode: string;
    readonly city: string;
    readonly country: { readonly code: string };
  };
  readonly profile: { readonly code: string };
  /** The parent's id or accountNumber. Not needed if the profile has no parent profile (assumed). */
  readonly parentUserIdentifier?: string | number | null | undefined;
  readonly [field: string]: unknown;
}

/** A stored user. Writes replace it: one that a test has read does not change. */
export interface FakeUser extends FakeUserInput {
  /** Oplead's id as text, whatever its form in the answers. */
  readonly id: string;
}

/** A profile of `GET /v1/settings/user-profiles`. The path is documented, the shape assumed. */
export interface FakeProfile {
  readonly code: string;
  readonly label: string;
  /** Profile of the parent. If omitted, any parent fits, or none. */
  readonly parent?: { readonly code: string } | undefined;
}

/** A county (département, province) of a {@link FakeCountry}, with the field names of the geographical rule. */
export interface FakeCounty {
  readonly number: string;
  readonly label: string;
  /** Postcodes as text. One may lie in several counties. */
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
  /** Largest distance from lead to user, in km. */
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
  // `PUT /v1/users/{id}/rule/…`
  readonly path: string;
  // Checks the shape only, not whether ranges, counties or profiles exist.
  readonly fits: Test;
  readonly expected: string;
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

// All paths are documented, except those of `competences` and `contactProfiles` (assumed).
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

export function bySetRuleOperation<Entry>(
  entryOf: (name: FakeRuleName, rule: FakeRule) => Entry,
): Readonly<Record<`set${Capitalize<FakeRuleName>}Rule`, Entry>> {
  const entries = Object.entries(fakeRules).map(([name, rule]) => [
    `set${name.charAt(0).toUpperCase()}${name.slice(1)}Rule`,
    // Safe: the keys are the rules' names.
    entryOf(name as FakeRuleName, rule),
  ]);
  return Object.fromEntries(entries);
}
