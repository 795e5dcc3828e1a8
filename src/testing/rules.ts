import type { FakeCode } from "./types/user.ts";
import { isObject, isText } from "./values.ts";

/** A user's rules, each as the body that was last PUT. A PUT replaces the whole rule (assumed). */
export interface FakeRules {
  readonly geographical?: {
    readonly handledCountries: readonly {
      readonly handledCountry: FakeCode;
      readonly handledCounties?: readonly {
        readonly handledCounty: { readonly number: string };
        readonly handledPostCodeZips?: readonly string[];
      }[];
    }[];
  };
  /** Kilometres. */
  readonly maxDistance?: { readonly maxDistance: number };
  readonly competences?: readonly { readonly range: FakeCode; readonly requestType?: FakeCode }[];
  readonly contactProfiles?: readonly FakeCode[];
  readonly profileTypes?: readonly ("pro" | "single")[];
}

/** The assignment rules of the guide ("Lead Assignment Rules via API"). */
export type FakeRuleName = keyof FakeRules;

interface FakeRule {
  /** The end of its path: `PUT /v1/users/{id}/rule/…`. */
  readonly path: string;
  /** The shape of its body. Whether its ranges, counties or profiles exist is not checked. */
  readonly fits: Test;
  /** The shape in words. */
  readonly expected: string;
  /** The field that a refusal names. */
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

/** The one table of the fake's rules. All paths are documented but those of `competences` and `contactProfiles` (assumed). */
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

/** One entry for each rule, under the name of its operation. */
export function bySetRuleOperation<Entry>(
  entryOf: (name: FakeRuleName, rule: FakeRule) => Entry,
): Readonly<Record<`set${Capitalize<FakeRuleName>}Rule`, Entry>> {
  const entries = Object.entries(fakeRules).map(([name, rule]) => [
    `set${name.charAt(0).toUpperCase()}${name.slice(1)}Rule`,
    // The keys of a record are names of its type.
    entryOf(name as FakeRuleName, rule),
  ]);
  return Object.fromEntries(entries);
}
