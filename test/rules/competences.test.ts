import fc from "fast-check";
import { expect, it } from "vitest";
import { code } from "../../src/rules/codes.ts";
import { competences } from "../../src/rules/competences.ts";
import { readRules } from "../../src/rules/rules.ts";
import { pathsOf, problemsOf } from "../support/expect-problems.ts";

const RANGES_OF_THE_GUIDE = `[
  { "range": { "code": "RNG_XXX" } },
  { "range": { "code": "RNG_YYY" } }
]`;
const PAIRS_OF_THE_GUIDE = `[
  { "range": { "code": "RNG_XXX" }, "requestType": { "code": "RTY_XXX" } },
  { "range": { "code": "RNG_YYY" }, "requestType": { "code": "RTY_YYY" } }
]`;

const bytes = (rule: unknown) => JSON.stringify(rule);
const loose = competences as unknown as Record<keyof typeof competences, (...args: unknown[]) => unknown>;

it("competences.ranges() is sent in the form that Oplead's guide shows", () => {
  const wire = bytes(JSON.parse(RANGES_OF_THE_GUIDE));
  expect(bytes(competences.ranges("RNG_YYY", "RNG_XXX", "RNG_YYY"))).toBe(wire);
  expect(bytes(competences.parse(JSON.parse(RANGES_OF_THE_GUIDE)))).toBe(wire);
  expect(bytes(readRules({ competences: JSON.parse(RANGES_OF_THE_GUIDE) })[0]?.body)).toBe(wire);
});

it("competences.pairs() is sent in the form that Oplead's guide shows", () => {
  const wire = bytes(JSON.parse(PAIRS_OF_THE_GUIDE));
  expect(bytes(competences.pairs(["RNG_YYY", "RTY_YYY"], ["RNG_XXX", "RTY_XXX"]))).toBe(wire);
  expect(bytes(competences.parse(JSON.parse(PAIRS_OF_THE_GUIDE)))).toBe(wire);
  expect(bytes(readRules({ competences: JSON.parse(PAIRS_OF_THE_GUIDE) })[0]?.body)).toBe(wire);
});

it("competences.matrix() is sent as the list of its pairs", () => {
  expect(bytes(competences.matrix(["RNG_B", "RNG_A"], ["RTY_2", "RTY_1"]))).toBe(
    bytes(competences.pairs(["RNG_A", "RTY_1"], ["RNG_A", "RTY_2"], ["RNG_B", "RTY_1"], ["RNG_B", "RTY_2"])),
  );
});

it("competences.none() is sent as an empty list", () => {
  expect(bytes(competences.none())).toBe("[]");
  expect(readRules({ competences: competences.none() })).toEqual([{ name: "competences", body: [] }]);
  expect(competences.parse([])).toEqual(competences.none());
});

it("the body of built competences cannot be changed", () => {
  const body = competences.ranges("RNG_A").toJSON() as unknown as { range: { code: string } }[];
  expect(() => body.push({ range: { code: "RNG_B" } })).toThrow(TypeError);
  expect(() => Object.assign(body[0]?.range ?? {}, { code: "RNG_B" })).toThrow(TypeError);
});

it("competences accept any code from code(), and write it as text in JSON", () => {
  const rule = competences.pairs([code("Windows"), code("12")]);
  expect(bytes(rule)).toBe('[{"range":{"code":"Windows"},"requestType":{"code":"12"}}]');
  expect(bytes(competences.parse(JSON.parse(bytes(rule))))).toBe(bytes(rule));
  expect(readRules({ competences: rule })[0]?.body).toEqual(rule.toJSON());
  expect(readRules({ competences: [{ range: { code: code("Windows") } }] })[0]?.body).toEqual([
    { range: { code: "Windows" } },
  ]);
  expect(bytes({ code: code("WIN") })).toBe('{"code":"WIN"}');
  expect(`${code("WIN")}`).toBe("WIN");
});

it.each(["", " ", "WIN DOWS", "WIN\t", "WIN\u00a0", "WIN\u200b", "WIN\u0000", undefined, null, 12, {}])(
  "code() refuses %o, because a code is text without white space",
  (text) => {
    expect(problemsOf(() => code(text as string))).toHaveLength(1);
  },
);

it.each(["Windows", "PVC", "rng_A", "RNG_", "RNG-A", " RNG_A", "RNG_A ", "RNG_A B", "RNG_A\n", "", undefined, 1, {}])(
  "competences.ranges refuses %o as a range",
  (range) => {
    expect(pathsOf(() => loose.ranges("RNG_OK", range))).toEqual(["competences[1]"]);
    expect(pathsOf(() => readRules({ competences: [{ range: { code: range as "RNG_" } }] }))).toEqual([
      "competences[0].range.code",
    ]);
  },
);

it("the error for a label says what a code looks like, and how to send a code that looks different", () => {
  const [problem] = problemsOf(() => loose.ranges("Windows"));
  expect(problem?.message).toContain('"RNG_XXX"');
  expect(problem?.message).toContain("labels");
  expect(problem?.message).toContain('code("…")');
  expect(problem?.message).not.toContain("Windows");
});

it("the error for a range and a request type in the wrong order says so, and calls neither a label", () => {
  expect(problemsOf(() => loose.pairs(["RTY_A", "RNG_A"]))).toMatchObject([
    {
      path: "competences[0][0]",
      message: 'is the code of a request type, where one of a range ("RNG_…") is expected',
    },
    {
      path: "competences[0][1]",
      message: 'is the code of a range, where one of a request type ("RTY_…") is expected',
    },
  ]);
});

it.each([
  ["no ranges", () => competences.ranges(), "competences"],
  ["no pairs", () => competences.pairs(), "competences"],
  ["no columns", () => competences.matrix(["RNG_A"], []), "requestTypes"],
  ["no rows", () => competences.matrix([], ["RTY_A"]), "ranges"],
  ["no plain competences", () => readRules({ competences: [] }), "competences"],
])("competences with %s are refused, because such competences would clear the rule at Oplead", (_what, call, path) => {
  expect(problemsOf(call)).toMatchObject([{ path, message: expect.stringContaining("competences.none()") }]);
});

it("competences refuse a list where single codes are expected, and single codes where a list is expected", () => {
  expect(pathsOf(() => loose.ranges(["RNG_A"]))).toEqual(["competences[0]"]);
  expect(pathsOf(() => loose.pairs("RNG_A", "RTY_A"))).toEqual(["competences[0]", "competences[1]"]);
  expect(pathsOf(() => loose.matrix("RNG_A", "RTY_A"))).toEqual(["requestTypes", "ranges"]);
  expect(pathsOf(() => loose.pairs(["RNG_A"]))).toEqual(["competences[0]"]);
  expect(pathsOf(() => loose.pairs(undefined, null, 7, {}))).toEqual([
    "competences[0]",
    "competences[1]",
    "competences[2]",
    "competences[3]",
  ]);
});

it("competences refuse a list that mixes single ranges with pairs", () => {
  const mixed = [{ range: { code: "RNG_A" } }, { range: { code: "RNG_B" }, requestType: { code: "RTY_B" } }];
  expect(problemsOf(() => readRules({ competences: mixed as never }))).toMatchObject([
    { path: "competences", message: expect.stringContaining("mixes") },
  ]);
  expect(problemsOf(() => competences.parse([...mixed].reverse()))).toMatchObject([
    { path: "competences", message: expect.stringContaining("mixes") },
  ]);
});

it("competences refuse plain data of a wrong form, with the path of each problem", () => {
  const wrong = [
    { range: { code: "RNG_A" }, requestType: { code: "quote" } },
    { range: "RNG_A" },
    "RNG_A",
    { range: { code: "RNG_A" }, requestType: null },
    { range: { code: "RNG_A" }, requesttype: { code: "RTY_A" } },
  ];
  expect(pathsOf(() => readRules({ competences: wrong as never }))).toEqual([
    "competences[0].requestType.code",
    "competences[1]",
    "competences[2]",
    "competences[3].requestType",
    "competences[4].requesttype",
    "competences",
  ]);
});

const range = fc.constantFrom("RNG_A", "RNG_AB", "RNG_B", "RNG___proto__").map((text) => text as "RNG_A");

it("ranges of competences give one JSON in any order, and competences.parse reads it back", () => {
  fc.assert(
    fc.property(fc.array(range, { minLength: 1 }), (ranges) => {
      const rule = competences.ranges(...ranges);
      expect(bytes(competences.ranges(...ranges.toReversed(), ...ranges))).toBe(bytes(rule));
      expect(competences.parse(JSON.parse(bytes(rule)))).toEqual(rule);
      expect(rule.toJSON()).toHaveLength(new Set(ranges).size);
    }),
  );
});
