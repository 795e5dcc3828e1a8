import type { FakeRuleName } from "../types/user.ts";
import { isObject, isText } from "../values.ts";
import { type Platform, type Reply, refuse } from "./platform.ts";

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

/** The shape of each rule's body. Whether its ranges, counties or profiles exist is not checked. */
const bodies: Readonly<Record<FakeRuleName, { fits: Test; expected: string; field?: string }>> = {
  geographical: {
    fits: shape({ handledCountries: listOf(country) }),
    field: "handledCountries",
    expected:
      "A list of { handledCountry: { code }, handledCounties?: [{ handledCounty: { number }, handledPostCodeZips?: [text] }] }",
  },
  maxDistance: {
    fits: shape({ maxDistance: (value) => typeof value === "number" && value >= 0 }),
    field: "maxDistance",
    expected: "A number of kilometres, 0 or more,",
  },
  competences: {
    fits: listOf(shape({ range: reference, requestType: optional(reference) })),
    expected: "A list of { range: { code }, requestType?: { code } }",
  },
  contactProfiles: { fits: listOf(reference), expected: "A list of { code }" },
  profileTypes: {
    fits: listOf((item) => item === "pro" || item === "single"),
    expected: 'A list of "pro" and "single"',
  },
};

export function setRule(name: FakeRuleName) {
  const { fits, expected, field = "" } = bodies[name];
  return ({ store, replica, ids, disabledRules }: Platform, idOrAccountNumber: string, body: unknown): Reply => {
    const user = replica.find("rule", idOrAccountNumber);
    if (!user) return refuse(404, "User not found.");
    if (disabledRules.has(name)) return refuse(403, `The rule "${name}" is not enabled for this platform.`);
    if (!fits(body)) return refuse(422, undefined, [{ field, message: `${expected} is expected.` }]);
    const answer = { id: ids.sent(user.id), [name]: body };
    return { status: 200, body: answer, write: () => store.putRule(user.id, name, body) };
  };
}
