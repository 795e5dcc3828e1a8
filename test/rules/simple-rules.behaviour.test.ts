import fc from "fast-check";
import { expect, it } from "vitest";
import { code } from "../../src/rules/codes.ts";
import { contactProfiles } from "../../src/rules/contact-profiles.ts";
import { maxDistance } from "../../src/rules/max-distance.ts";
import { profileTypes } from "../../src/rules/profile-types.ts";
import { readRules } from "../../src/rules/rules.ts";
import { pathsOf, problemsOf } from "../support/expect-problems.ts";

const bytes = (rule: unknown) => JSON.stringify(rule);
const bodyOf = (rules: Parameters<typeof readRules>[0]) => readRules(rules)[0]?.body;

it("maxDistance is sent in the form that Oplead's integration guide shows", () => {
  expect(bytes(maxDistance(30))).toBe(bytes(JSON.parse('{ "maxDistance": 30 }')));
  expect(bodyOf({ maxDistance: 30 })).toEqual({ maxDistance: 30 });
  expect(bodyOf({ maxDistance: { maxDistance: 30 } })).toEqual({ maxDistance: 30 });
  expect(bodyOf({ maxDistance: maxDistance(30) })).toEqual({ maxDistance: 30 });
});

it.each([0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  "maxDistance refuses the distance %o",
  (kilometres) => {
    expect(pathsOf(() => maxDistance(kilometres))).toEqual(["maxDistance"]);
    expect(pathsOf(() => maxDistance.parse({ maxDistance: kilometres }))).toEqual(["maxDistance"]);
    expect(pathsOf(() => readRules({ maxDistance: kilometres }))).toEqual(["maxDistance"]);
    expect(pathsOf(() => readRules({ maxDistance: { maxDistance: kilometres } }))).toEqual(["maxDistance.maxDistance"]);
  },
);

it.each(["30", "30 km", null, undefined, true, 30n, [30], {}])(
  "maxDistance refuses %o, which is not a number, and says that it takes kilometres",
  (kilometres) => {
    expect(problemsOf(() => maxDistance(kilometres as number))[0]?.message).toContain("kilometres");
  },
);

it("readRules refuses a unit in maxDistance, because the unit would not be sent to Oplead", () => {
  const withUnit = { maxDistance: 30_000, unit: "m" };
  expect(pathsOf(() => readRules({ maxDistance: withUnit }))).toEqual(["maxDistance.unit"]);
  expect(bytes(maxDistance.parse(withUnit))).toBe('{"maxDistance":30000}');
});

it("maxDistance cannot be cleared, because no way to do so is known", () => {
  expect(Object.keys(maxDistance)).toEqual(["parse"]);
});

it("maxDistance.parse reads the same rule back from the JSON of a rule, whatever the distance", () => {
  const kilometres = fc.double({ min: 0, minExcluded: true, max: 20_000, noNaN: true });
  fc.assert(
    fc.property(kilometres, (distance) => {
      expect(maxDistance.parse(JSON.parse(bytes(maxDistance(distance))))).toEqual(maxDistance(distance));
    }),
  );
});

const GUIDE = `[
    { "code": "CPR_XXX" },
    { "code": "CPR_YYY" }
  ]`;

it("contactProfiles is sent in the form that Oplead's integration guide shows", () => {
  const wire = bytes(JSON.parse(GUIDE));
  expect(bytes(contactProfiles("CPR_YYY", "CPR_XXX", "CPR_YYY"))).toBe(wire);
  expect(bytes(contactProfiles.parse(JSON.parse(GUIDE)))).toBe(wire);
  expect(bytes(bodyOf({ contactProfiles: ["CPR_YYY", { code: "CPR_XXX" }, "CPR_XXX"] }))).toBe(wire);
});

it("contactProfiles takes codes of code() with an unusual prefix, also inside an object", () => {
  const own = code("12");
  expect(bytes(contactProfiles(own, "CPR_A"))).toBe('[{"code":"12"},{"code":"CPR_A"}]');
  expect(bodyOf({ contactProfiles: [own, { code: own }, "CPR_A"] })).toEqual([{ code: "12" }, { code: "CPR_A" }]);
  expect(contactProfiles.parse([{ code: "12" }, { code: "CPR_A" }])).toEqual(contactProfiles("CPR_A", own));
});

it.each([
  ["contactProfiles", contactProfiles],
  ["profileTypes", profileTypes],
] as const)("%s is cleared only by an explicit call", (name, builder) => {
  expect(bytes(builder.none())).toBe("[]");
  expect(builder.parse([])).toEqual(builder.none());
  expect(bodyOf({ [name]: builder.none() })).toEqual([]);
  for (const call of [() => builder(), () => readRules({ [name]: [] })]) {
    expect(problemsOf(call)[0]?.message).toContain(`${name}.none()`);
  }
});

it("contactProfiles refuses labels and codes of other kinds, with their paths", () => {
  const wrong = ["CPR_A", "Architect", { code: "RNG_A" }, 7, { label: "CPR_A" }, null, ["CPR_A"]];
  expect(pathsOf(() => readRules({ contactProfiles: wrong as never }))).toEqual([
    "contactProfiles[1]",
    "contactProfiles[2].code",
    "contactProfiles[3]",
    "contactProfiles[4].code",
    "contactProfiles[5]",
    "contactProfiles[6]",
  ]);
  expect(pathsOf(() => readRules({ contactProfiles: "CPR_A" as never }))).toEqual(["contactProfiles"]);
});

it("profileTypes is sent in the form that Oplead's integration guide shows", () => {
  const wire = bytes(JSON.parse('["pro", "single"]'));
  expect(bytes(profileTypes("single", "pro", "single"))).toBe(wire);
  expect(bytes(profileTypes.parse(JSON.parse('["pro", "single"]')))).toBe(wire);
  expect(bytes(bodyOf({ profileTypes: ["single", "pro"] }))).toBe(wire);
  expect(bytes(profileTypes("single"))).toBe('["single"]');
});

it("profileTypes refuses a type that is neither pro nor single", () => {
  const wrong = ["pro", "PRO", "private", undefined, ["pro"]];
  expect(pathsOf(() => profileTypes(...(wrong as never[])))).toEqual([
    "profileTypes[1]",
    "profileTypes[2]",
    "profileTypes[3]",
    "profileTypes[4]",
  ]);
  expect(pathsOf(() => readRules({ profileTypes: "pro" as never }))).toEqual(["profileTypes"]);
});
