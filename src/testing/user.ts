import type { RuleName } from "../rules/types.ts";
import type { UserFields } from "../user/user.ts";
import { isObject, isText } from "./arguments.ts";

// Of a request's body. Unknown fields are stored and answered.
export type FakeUserInput = UserFields & { readonly id?: string | undefined; readonly [field: string]: unknown };

/** A stored user. Writes replace it: one that a test has read does not change. */
export interface FakeUser extends UserFields {
  /** Oplead's id as text, whatever its form in the answers. */
  readonly id: string;
  readonly [field: string]: unknown;
}

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
export const fakeRules: Readonly<Record<RuleName, FakeRule>> = {
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
  entryOf: (name: RuleName, rule: FakeRule) => Entry,
): Readonly<Record<`set${Capitalize<RuleName>}Rule`, Entry>> {
  const entries = Object.entries(fakeRules).map(([name, rule]) => [
    `set${name.charAt(0).toUpperCase()}${name.slice(1)}Rule`,
    // Safe: the keys are the rules' names.
    entryOf(name as RuleName, rule),
  ]);
  return Object.fromEntries(entries);
}
