import { inspect } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { competences } from "../../src/rules/competences.ts";
import { contactProfiles } from "../../src/rules/contact-profiles.ts";
import { geographical } from "../../src/rules/geographical.ts";
import { maxDistance } from "../../src/rules/max-distance.ts";
import { profileTypes } from "../../src/rules/profile-types.ts";
import { readRules, type UserRules } from "../../src/rules/rules.ts";
import { pathsOf, problemsOf } from "../support/expect-problems.ts";

const all = {
  profileTypes: profileTypes("pro"),
  contactProfiles: contactProfiles("CPR_A"),
  competences: competences.ranges("RNG_A"),
  maxDistance: maxDistance(30),
  geographical: geographical().country("FR"),
} satisfies UserRules;

it("readRules gives the rules in one order, whatever order they came in", () => {
  expect(readRules(all)).toEqual([
    { name: "geographical", body: { handledCountries: [{ handledCountry: { code: "FR" } }] } },
    { name: "maxDistance", body: { maxDistance: 30 } },
    { name: "competences", body: [{ range: { code: "RNG_A" } }] },
    { name: "contactProfiles", body: [{ code: "CPR_A" }] },
    { name: "profileTypes", body: ["pro"] },
  ]);
});

it("readRules gives nothing to send for a rule that is left out or undefined", () => {
  expect(readRules({})).toEqual([]);
  expect(readRules({ maxDistance: undefined, competences: undefined })).toEqual([]);
  expect(readRules(Object.freeze(Object.create(null)))).toEqual([]);
});

it("readRules lists every problem of all rules in one error", () => {
  const rules = {
    radius: 3,
    geographical: geographical(),
    maxDistance: -1,
    competences: [{ range: { code: "RNG_A" } }, { range: { code: "Windows" } }],
    contactProfiles: ["CPR_A", "b"],
    profileTypes: [],
  };
  expect(pathsOf(() => readRules(rules as never))).toEqual([
    "radius",
    "geographical",
    "maxDistance",
    "competences[1].range.code",
    "contactProfiles[1]",
    "profileTypes",
  ]);
});

it("the error of readRules for an unknown name says which names are rules", () => {
  expect(problemsOf(() => readRules({ max_distance: 30 } as never))).toMatchObject([
    {
      path: "max_distance",
      message: "is not a rule; rules are geographical, maxDistance, competences, contactProfiles, profileTypes",
    },
  ]);
  expect(pathsOf(() => readRules(JSON.parse('{"__proto__":{"maxDistance":1},"toString":1}')))).toEqual([
    "__proto__",
    "toString",
  ]);
});

it("readRules refuses a rule outside of an object of rules, and one under another's name", () => {
  expect(pathsOf(() => readRules(maxDistance(30) as never))).toContain("rule");
  expect(pathsOf(() => readRules({ competences: contactProfiles("CPR_A") } as never))).toEqual(["competences"]);
  expect(pathsOf(() => readRules({ profileTypes: profileTypes } as never))).toEqual(["profileTypes"]);
});

it("readRules does not mistake plain data with a builder's field for a builder", () => {
  expect(pathsOf(() => readRules({ competences: { rule: "competences", body: [] } as never }))).toEqual([
    "competences",
  ]);
  const document = Object.assign([], { toJSON: () => [] });
  expect(pathsOf(() => readRules({ profileTypes: document }))).toEqual(["profileTypes"]);
});

it("readRules takes rules that another copy of the package built, and checks them", () => {
  const foreign = { rule: "competences" as const, toJSON: () => [{ range: { code: "WIN" } }] };
  expect(readRules({ competences: foreign })).toEqual([{ name: "competences", body: [{ range: { code: "WIN" } }] }]);
  const broken = { rule: "competences" as const, toJSON: () => [{ range: { code: "a b" } }] };
  expect(pathsOf(() => readRules({ competences: broken }))).toEqual(["competences[0].range.code"]);
});

it("readRules never quotes a value, which may have come from the wrong column", () => {
  const secret = "jane.doe@dealers.example";
  const rules = {
    [secret]: 1,
    geographical: {
      [secret]: secret,
      handledCountries: [
        secret,
        {
          handledCountry: { code: secret },
          handledCounties: [{ handledCounty: { number: ` ${secret}` }, handledPostCodeZips: [`${secret} `] }],
        },
      ],
    },
    maxDistance: secret,
    competences: [secret, { range: { code: secret }, requestType: { code: secret } }],
    contactProfiles: [secret],
    profileTypes: [secret],
  };
  try {
    readRules(rules as never);
    expect.unreachable();
  } catch (error) {
    expect(inspect(error) + JSON.stringify(error)).not.toContain("jane");
  }
});

it("for any data, readRules throws only invalid_input or gives bodies that JSON can carry", () => {
  const rules = fc.record(
    {
      geographical: fc.anything(),
      maxDistance: fc.anything(),
      competences: fc.anything(),
      contactProfiles: fc.anything(),
      profileTypes: fc.anything(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(rules, fc.anything({ withNullPrototype: true })), (value) => {
      try {
        const read = readRules(value as UserRules);
        expect(JSON.parse(JSON.stringify(read))).toEqual(read);
      } catch {
        expect(problemsOf(() => readRules(value as UserRules)).length).toBeGreaterThan(0);
      }
    }),
  );
});
