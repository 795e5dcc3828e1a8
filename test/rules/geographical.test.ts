import fc from "fast-check";
import { expect, it } from "vitest";
import { type GeographicalBuilder, geographical } from "../../src/rules/geographical.ts";
import { readRules } from "../../src/rules/rules.ts";
import { pathsOf, problemsOf } from "../support/expect-problems.ts";

const GUIDE = `{
  "handledCountries": [
    {
      "handledCountry": { "code": "FR" },
      "handledCounties": [
        {
          "handledCounty": { "number": "75" },
          "handledPostCodeZips": ["75001", "75002"]
        }
      ]
    }
  ]
}`;

const bytes = (rule: unknown) => JSON.stringify(rule);

it("geographical() is sent in the form that Oplead's guide shows", () => {
  const rule = geographical().zips("FR", "75", ["75002", "75001"]);
  expect(bytes(rule)).toBe(bytes(JSON.parse(GUIDE)));
  expect(bytes(geographical.parse(JSON.parse(GUIDE)))).toBe(bytes(JSON.parse(GUIDE)));
});

it("geographical() leaves out the counties of a whole country, and the postcodes of a whole county", () => {
  expect(geographical().country("BE").county("FR", "92").toJSON()).toEqual({
    handledCountries: [
      { handledCountry: { code: "BE" } },
      { handledCountry: { code: "FR" }, handledCounties: [{ handledCounty: { number: "92" } }] },
    ],
  });
});

it("geographical() sorts texts by code unit, and not by locale or as numbers", () => {
  const rule = geographical()
    .zips("SE", "é", ["b", "a", "B", "10", "9", "ä"])
    .county("SE", "z")
    .county("SE", "2B")
    .county("SE", "2A")
    .county("SE", "10");
  const [country] = rule.toJSON().handledCountries;
  expect(country?.handledCounties?.map(({ handledCounty }) => handledCounty.number)).toEqual([
    "10",
    "2A",
    "2B",
    "z",
    "é",
  ]);
  expect(country?.handledCounties?.at(-1)?.handledPostCodeZips).toEqual(["10", "9", "B", "a", "b", "ä"]);
});

it("the builder of a geographical rule is immutable", () => {
  const paris = geographical().zips("FR", "75", ["75001"]);
  const before = bytes(paris);
  paris.zips("FR", "75", ["75002"]);
  paris.county("FR", "75");
  paris.country("FR");
  paris.country("BE");
  expect(bytes(paris)).toBe(before);
  expect(bytes(geographical().country("BE"))).not.toContain("FR");
});

it("the builder of a geographical rule copies the postcodes that it takes and gives", () => {
  const zips = ["75001"];
  const rule = geographical().zips("FR", "75", zips);
  zips.push("75002");
  (rule.toJSON().handledCountries as unknown[]).push("more");
  expect(bytes(rule)).toBe(bytes(geographical().zips("FR", "75", ["75001"])));
});

it("geographical.none() clears the rule, and nothing else does", () => {
  expect(geographical.none().toJSON()).toEqual({ handledCountries: [] });
  expect(readRules({ geographical: geographical.none() })).toEqual([
    { name: "geographical", body: { handledCountries: [] } },
  ]);
  expect(geographical.parse({ handledCountries: [] }).toJSON()).toEqual({ handledCountries: [] });
});

it("an empty geographical builder does not clear the rule", () => {
  // JSON.stringify must not throw for code that only logs, nor give a rule that clears.
  expect(JSON.stringify({ rule: geographical() })).toBe('{"rule":{}}');
  expect(problemsOf(() => geographical.parse({}))).toMatchObject([
    { path: "geographical", message: expect.stringContaining("geographical.none()") },
  ]);
  expect(problemsOf(() => readRules({ geographical: geographical() }))).toMatchObject([
    { path: "geographical", message: expect.stringContaining("geographical.none()") },
  ]);
});

it.each([
  ["no postcodes", () => geographical().zips("FR", "75", []), "zips"],
  ["no countries", () => readRules({ geographical: { handledCountries: [] } }), "geographical.handledCountries"],
  [
    "no counties",
    () => readRules({ geographical: { handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: [] }] } }),
    "geographical.handledCountries[0].handledCounties",
  ],
  [
    "no postcodes, in plain data",
    () =>
      readRules({
        geographical: {
          handledCountries: [
            {
              handledCountry: { code: "FR" },
              handledCounties: [{ handledCounty: { number: "75" }, handledPostCodeZips: [] }],
            },
          ],
        },
      }),
    "geographical.handledCountries[0].handledCounties[0].handledPostCodeZips",
  ],
])("an empty variable does not clear a geographical rule: %s", (_what, call, path) => {
  expect(problemsOf(call)).toMatchObject([{ path, message: expect.stringContaining("is empty") }]);
});

const loose = geographical() as unknown as Record<keyof GeographicalBuilder, (...args: unknown[]) => unknown>;

it.each([
  ["numbers as postcodes", () => loose.zips("FR", "01", [1000, "01100", 1200]), ["zips[0]", "zips[2]"], "leading zero"],
  ["a number as a county", () => loose.county("FR", 1), ["county"], "a leading zero was probably lost"],
  ["a number as a county of postcodes", () => loose.zips("FR", 1, ["01000"]), ["county"], "leading zero"],
  ["a country in small letters", () => loose.country("fr"), ["country"], "capitals"],
  ["the name of a country", () => loose.country("France"), ["country"], "two-letter"],
  ["a country code with a line break", () => loose.country("FR\n"), ["country"], "two-letter"],
  ["no country", () => loose.county(undefined, "75"), ["country"], "two-letter"],
  ["no county", () => loose.county("FR", undefined), ["county"], "required"],
  ["an empty county", () => loose.county("FR", ""), ["county"], "empty"],
  ["white space in a county", () => loose.county("FR", " 75"), ["county"], "white space"],
  ["one postcode without its list", () => loose.zips("FR", "75", "75001"), ["zips"], "must be a list"],
  ["a set", () => loose.zips("FR", "75", new Set(["75001"])), ["zips"], "must be a list"],
  ["no list", () => loose.zips("FR", "75", undefined), ["zips"], "required"],
  ["null among the postcodes", () => loose.zips("FR", "75", ["75001", null]), ["zips[1]"], "required"],
  ["a hole among the postcodes", () => loose.zips("FR", "75", Array(1)), ["zips[0]"], "required"],
  ["an empty postcode", () => loose.zips("FR", "75", [""]), ["zips[0]"], "empty"],
  ["white space around a postcode", () => loose.zips("FR", "75", ["75001 "]), ["zips[0]"], "white space"],
  ["a no-break space", () => loose.zips("FR", "75", ["75\u00a0001"]), ["zips[0]"], "white space"],
  ["a zero-width space", () => loose.zips("FR", "75", ["75001\u200b"]), ["zips[0]"], "invisible"],
  ["everything at once", () => loose.zips("fr", 75, [1]), ["country", "county", "zips[0]"], ""],
])("geographical() refuses %s", (_what, call, paths, message) => {
  expect(pathsOf(call)).toEqual(paths);
  for (const problem of problemsOf(call)) expect(problem.message).toContain(message);
});

it("geographical() takes postcodes that hold a space or letters", () => {
  expect(bytes(geographical().zips("GB", "LND", ["SW1A 1AA"]).zips("PT", "11", ["1000-001"]))).toContain("SW1A 1AA");
});

it("geographical.parse says where each problem of a plain rule is", () => {
  const plain = {
    handledCountries: [
      { handledCountry: { code: "BE" } },
      {
        handledCountry: { code: "fr" },
        handledCounties: [
          { handledCounty: { number: 1 }, handledPostCodeZips: ["01000", 1100] },
          { handledCounty: "75" },
          { handledCounty: { number: "75" }, handledPostCodeZips: "75001" },
          null,
        ],
      },
      { country: "FR" },
      { handledCountry: { code: "IT" }, handledCounties: "all" },
    ],
  };
  const at = "geographical.handledCountries";
  expect(pathsOf(() => readRules({ geographical: plain as never }))).toEqual([
    `${at}[1].handledCountry.code`,
    `${at}[1].handledCounties[0].handledCounty.number`,
    `${at}[1].handledCounties[0].handledPostCodeZips[1]`,
    `${at}[1].handledCounties[1]`,
    `${at}[1].handledCounties[2].handledPostCodeZips`,
    `${at}[1].handledCounties[3]`,
    `${at}[2]`,
    `${at}[3].handledCounties`,
  ]);
  expect(pathsOf(() => geographical.parse(plain))).toEqual(
    pathsOf(() => readRules({ geographical: plain as never })).map((path) => path.replace("geographical.", "")),
  );
});

it("geographical.parse refuses a misspelt field, for the rule could cover a whole country", () => {
  const slip = { handledCountries: [{ handledCountry: { code: "FR" }, handledCounty: [{ number: "75" }] }] };
  expect(problemsOf(() => readRules({ geographical: slip as never }))).toMatchObject([
    {
      path: "geographical.handledCountries[0].handledCounty",
      message: "is not a field here; fields are handledCountry, handledCounties",
    },
  ]);
});

it("geographical.parse accepts a country with more fields than its code, such as that of getCountry", () => {
  const country = { code: "FR", label: "France", counties: [] };
  const county = { number: "75", label: "Paris", postCodeZips: ["75001"] };
  const rule = { handledCountries: [{ handledCountry: country, handledCounties: [{ handledCounty: county }] }] };
  expect(readRules({ geographical: rule })).toEqual([
    { name: "geographical", body: geographical().county("FR", "75").toJSON() },
  ]);
});

it("a geographical rule treats codes such as __proto__ and constructor like any other code", () => {
  const wire = JSON.parse(
    '{"handledCountries":[{"__proto__":{"polluted":1},"handledCountry":{"code":"FR"},"handledCounties":' +
      '[{"handledCounty":{"number":"__proto__"},"handledPostCodeZips":["constructor","__proto__","75001"]}]}],"__proto__":{}}',
  );
  const rule = geographical.parse(wire);
  expect(rule.toJSON().handledCountries[0]?.handledCounties).toEqual([
    { handledCounty: { number: "__proto__" }, handledPostCodeZips: ["75001", "__proto__", "constructor"] },
  ]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(pathsOf(() => readRules({ geographical: wire }))).toEqual([
    "geographical.__proto__",
    "geographical.handledCountries[0].__proto__",
  ]);
});

type Step =
  | { readonly kind: "country"; readonly country: string }
  | { readonly kind: "county"; readonly country: string; readonly county: string }
  | { readonly kind: "zips"; readonly country: string; readonly county: string; readonly zips: readonly string[] };

const country = fc.constantFrom("FR", "BE", "LU");
const county = fc.constantFrom("01", "2A", "2B", "75", "971", "__proto__");
const zips = fc.array(fc.constantFrom("01000", "01410", "20000", "75001", "97133", "constructor"), { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("country" as const), country }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("county" as const), country, county }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("zips" as const), country, county, zips }) },
);
const steps = fc.array(step, { minLength: 1, maxLength: 30 });

function build(all: readonly Step[]) {
  return all.reduce((rule, one) => {
    if (one.kind === "country") return rule.country(one.country);
    if (one.kind === "county") return rule.county(one.country, one.county);
    return rule.zips(one.country, one.county, one.zips);
  }, geographical());
}

// As the guide reads it.
function covers(rule: GeographicalBuilder, wanted: { country: string; county: string; zip: string }) {
  const listed = rule.toJSON().handledCountries.find(({ handledCountry }) => handledCountry.code === wanted.country);
  if (!listed) return false;
  if (!listed.handledCounties) return true;
  const inCounty = listed.handledCounties.find(({ handledCounty }) => handledCounty.number === wanted.county);
  if (!inCounty) return false;
  return !inCounty.handledPostCodeZips || inCounty.handledPostCodeZips.includes(wanted.zip);
}

it("areas that are added in any order, and repeatedly, give one and the same JSON", () => {
  const shuffled = steps.chain((all) =>
    fc.record({
      all: fc.constant(all),
      again: fc
        .shuffledSubarray([...all, ...all], { minLength: 0 })
        .chain((extra) => fc.shuffledSubarray([...all, ...extra], { minLength: all.length + extra.length })),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ all, again }) => {
      expect(bytes(build(again))).toBe(bytes(build(all)));
    }),
  );
});

it("if a built geographical rule is written as JSON and parsed, the result is the same rule", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const rule = build(all);
      const back = geographical.parse(JSON.parse(bytes(rule)));
      expect(bytes(back)).toBe(bytes(rule));
      expect(back).toEqual(rule);
    }),
  );
});

it("a geographical rule of plain data, in any order, is sent as the JSON of the builder", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const handledCountries = all.map((one) => ({
        handledCountry: { code: one.country },
        ...(one.kind !== "country" && {
          handledCounties: [
            {
              handledCounty: { number: one.county },
              ...(one.kind === "zips" && { handledPostCodeZips: one.zips }),
            },
          ],
        }),
      }));
      expect(bytes(readRules({ geographical: { handledCountries } })[0]?.body)).toBe(bytes(build(all)));
    }),
  );
});

it("the union of geographical rules covers exactly the postcodes that at least one of the rules covers", () => {
  const place = fc.record({
    country,
    county,
    zip: fc.constantFrom("01000", "01410", "20000", "75001", "97133", "99999"),
  });
  fc.assert(
    fc.property(steps, steps, place, (some, others, where) => {
      const together = covers(build([...some, ...others]), where);
      expect(together).toBe(covers(build(some), where) || covers(build(others), where));
    }),
  );
});

it("geographical rules of hostile data are in their normal form, or throw an error with paths", () => {
  const hostile = fc.oneof(
    fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true, withSparseArray: true }),
    fc.record(
      {
        handledCountries: fc.array(
          fc.record(
            {
              handledCountry: fc.oneof(fc.record({ code: fc.oneof(country, fc.anything()) }), fc.anything()),
              handledCounties: fc.oneof(fc.array(fc.anything()), fc.anything()),
            },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(hostile, (value) => {
      let rule: GeographicalBuilder;
      try {
        rule = geographical.parse(value);
      } catch {
        expect(problemsOf(() => geographical.parse(value)).length).toBeGreaterThan(0);
        return;
      }
      expect(bytes(geographical.parse(JSON.parse(bytes(rule))))).toBe(bytes(rule));
    }),
  );
});
