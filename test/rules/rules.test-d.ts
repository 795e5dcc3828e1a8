import { describe, expectTypeOf, it } from "vitest";
import { type Code, type CodeText, code } from "../../src/rules/codes.ts";
import { competences } from "../../src/rules/competences.ts";
import { contactProfiles } from "../../src/rules/contact-profiles.ts";
import { geographical } from "../../src/rules/geographical.ts";
import { maxDistance } from "../../src/rules/max-distance.ts";
import { profileTypes } from "../../src/rules/profile-types.ts";
import { readRules, type UserRules } from "../../src/rules/rules.ts";

declare const text: string;

describe("codes", () => {
  it("a code is any text, or the result of code(): the function that builds the rule checks its prefix", () => {
    const row = { ranges: ["RNG_A"], pairs: [["RNG_A", "RTY_A"]] as [string, string][], profiles: ["CPR_A"] };
    competences.ranges("RNG_A", code("WIN"), code(text));
    competences.ranges(...row.ranges);
    competences.pairs(["RNG_A", "RTY_A"], [code("WIN"), "RTY_A"]);
    competences.pairs(...row.pairs);
    competences.matrix(["RNG_A"], ["RTY_A", code("12")]);
    competences.matrix(row.ranges, [text]);
    contactProfiles("CPR_A", code("12"));
    contactProfiles(...row.profiles);
    const rules: UserRules = {
      contactProfiles: row.profiles,
      competences: row.ranges.map((code) => ({ range: { code } })),
    };
    expectTypeOf(rules).toExtend<UserRules>();
    expectTypeOf(code("12")).toEqualTypeOf<Code>();
  });

  it("the type of a code names the prefix of its kind, accepts any text, and nothing but text", () => {
    expectTypeOf<`RNG_${string}`>().toExtend<CodeText<"RNG">>();
    expectTypeOf<Extract<CodeText<"RNG">, string>>().toEqualTypeOf<`RNG_${string}` | (string & Record<never, never>)>();
    // @ts-expect-error a number
    competences.ranges(12);
    // @ts-expect-error half a pair
    competences.pairs(["RNG_A"]);
    // @ts-expect-error an object that looks like a code
    contactProfiles({ code: "Architect" });
  });
});

describe("the builders", () => {
  it("the builders refuse values of a wrong type", () => {
    // @ts-expect-error a postcode is text
    geographical().zips("FR", "75", [75001]);
    // @ts-expect-error postcodes are a list
    geographical().zips("FR", "75", "75001");
    // @ts-expect-error a county number is text
    geographical().county("FR", 75);
    // @ts-expect-error kilometres are a number
    maxDistance("30");
    // @ts-expect-error there is no way to clear it
    maxDistance.none();
    // @ts-expect-error neither pro nor single
    profileTypes("private");
    // @ts-expect-error a rule cannot be changed
    maxDistance(30).toJSON().maxDistance = 40;
  });
});

describe("UserRules", () => {
  it("the type UserRules can be filled step by step", () => {
    const rules: UserRules = {};
    rules.maxDistance = 30;
    rules.geographical = geographical().country("FR");
    expectTypeOf(rules.maxDistance).toEqualTypeOf<number>();
  });

  it("the type UserRules takes builders, plain data and undefined", () => {
    const rules: UserRules[] = [
      {},
      {
        geographical: geographical().country("FR"),
        maxDistance: maxDistance(30),
        competences: competences.ranges("RNG_A"),
        contactProfiles: contactProfiles("CPR_A"),
        profileTypes: profileTypes("pro"),
      },
      {
        geographical: undefined,
        maxDistance: undefined,
        competences: undefined,
        contactProfiles: undefined,
        profileTypes: undefined,
      },
      {
        geographical: {
          handledCountries: [
            {
              handledCountry: { code: text },
              handledCounties: [{ handledCounty: { number: text }, handledPostCodeZips: [text] }],
            },
          ],
        },
        maxDistance: 30,
        competences: [{ range: { code: "RNG_A" } }, { range: { code: code("WIN") } }],
        contactProfiles: ["CPR_A", { code: "CPR_B" }, code("12"), { code: code("12") }],
        profileTypes: ["pro", "single"],
      },
      {
        maxDistance: { maxDistance: 30 },
        competences: [{ range: { code: "RNG_A" }, requestType: { code: "RTY_A" } }],
      },
    ];
    expectTypeOf(rules).items.toExtend<UserRules>();
  });

  it("the type UserRules refuses an unknown rule, and a value of a wrong type", () => {
    // @ts-expect-error no rule has this name
    readRules({ radius: 30 });
    const pair = { range: { code: "RNG_A" }, requestType: { code: "RTY_A" } } as const;
    // @ts-expect-error ranges alone mixed with pairs
    readRules({ competences: [{ range: { code: "RNG_A" } }, pair] });
    // @ts-expect-error null is not undefined
    readRules({ maxDistance: null });
    // @ts-expect-error a rule in the place of another
    readRules({ competences: contactProfiles("CPR_A") });
    // @ts-expect-error a rule in the place of another
    readRules({ contactProfiles: competences.ranges("RNG_A") });
    // @ts-expect-error a single rule
    readRules(maxDistance(30));
    // @ts-expect-error the function, not what it makes
    readRules({ profileTypes });
    // @ts-expect-error a misspelt field
    readRules({ geographical: { handledCountries: [{ handledCountry: { code: "FR" }, handledCounty: [] }] } });
  });
});
