import { describe, expectTypeOf, it } from "vitest";
import type { CodeText } from "../../src/rules/codes.ts";
import { competences } from "../../src/rules/competences.ts";
import { contactProfiles } from "../../src/rules/contact-profiles.ts";
import { geographical } from "../../src/rules/geographical.ts";
import { maxDistance } from "../../src/rules/max-distance.ts";
import { profileTypes } from "../../src/rules/profile-types.ts";
import { readRules } from "../../src/rules/rules.ts";

declare const text: string;

describe("codes", () => {
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
