import fc from "fast-check";
import { expect, it } from "vitest";
import { hashOf } from "../../src/core/hash.ts";
import { code, competences, contactProfiles, geographical, type UserRules } from "../../src/index.ts";
import { readHashedRules } from "../../src/reconcile/content.ts";
import { readRules } from "../../src/rules/rules.ts";
import { sized } from "../support/long-form.ts";

/** The result of `read`, or the issues of its error. */
function told(read: () => unknown) {
  try {
    return read();
  } catch (error) {
    return (error as { issues?: unknown }).issues ?? error;
  }
}

/** The expected result: the rules read and hashed without any memory of earlier rules. */
function afresh(rules: UserRules) {
  return readRules(rules).map((toSend) => ({ name: toSend.name, toSend, hash: hashOf(toSend.body) }));
}

const range = fc.constantFrom("RNG_A", "RNG_B", "RTY_A", "", " RNG_A", 5, null, code("A"), { ...code("B") });
const county = fc.record(
  {
    handledCounty: fc.constantFrom({ number: "01" }, { number: 1 }, {}, null),
    handledPostCodeZips: fc.constantFrom(["01000"], ["02000", "01000"], [], ["01000", 1000], "01000", null, undefined),
    handledPostCodeZip: fc.constantFrom(["01000"], undefined),
  },
  { requiredKeys: ["handledCounty"] },
);
const country = fc.record(
  {
    handledCountry: fc.constantFrom({ code: "FR" }, { code: "fr" }),
    handledCounties: fc.array(county, { maxLength: 2 }),
  },
  { requiredKeys: ["handledCountry"] },
);
/** Only a few values of each kind, so that they are often repeated. Some are valid, and others only look valid. */
const someRules = fc.record(
  {
    geographical: fc.oneof(
      fc.record({ handledCountries: fc.array(country, { maxLength: 2 }) }),
      fc.constantFrom(geographical(), geographical.none(), geographical().country("FR"), geographical.none().toJSON()),
    ),
    maxDistance: fc.constantFrom(30, "30", Number.NaN, { maxDistance: 30 }, { maxDistance: 30, unit: undefined }, null),
    competences: fc.oneof(
      fc.array(fc.record({ range: fc.record({ code: range }) }), { maxLength: 2 }),
      fc.constantFrom(competences.none(), competences.ranges(code("A")), competences.none().toJSON()),
    ),
    contactProfiles: fc.oneof(
      fc.array(fc.constantFrom("CPR_A", "CPR_B", { code: "CPR_A" }, code("A"), "A"), { maxLength: 2 }),
      fc.constantFrom(contactProfiles("CPR_A"), contactProfiles(code("A")), contactProfiles.none()),
    ),
    profileTypes: fc.constantFrom(["pro"], ["single", "pro"], ["pro", "pro"], [], ["Pro"], "pro", new Set(["pro"])),
    profileType: fc.constant(["pro"]),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<UserRules>;

it("rules that were read before give the same rules, hashes and problems", () => {
  fc.assert(
    fc.property(fc.oneof(someRules, fc.constant("30" as never)), (rules) => {
      expect(told(() => readHashedRules(rules, {}))).toEqual(told(() => afresh(rules)));
    }),
    { numRuns: sized(500, 3_000) },
  );
});

it("a rule whose getter returns a new value each time is remembered with the value that was checked", () => {
  let kilometres = 40;
  const moving = {
    get maxDistance() {
      return kilometres++ === 40 ? 41 : -1;
    },
  };
  expect(told(() => readHashedRules({ maxDistance: moving }, {}))).toMatchObject([
    { toSend: { body: { maxDistance: 41 } } },
  ]);
  expect(readHashedRules({ maxDistance: { maxDistance: 41 } }, {})).toEqual(afresh({ maxDistance: 41 }));
});
