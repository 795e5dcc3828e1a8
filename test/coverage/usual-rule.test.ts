import fc from "fast-check";
import { expect, it } from "vitest";
import { isUsual } from "../../src/coverage/usual-rule.ts";
import { tryRules } from "../../src/rules/read.ts";

const zip = fc.constantFrom("75001", "75002", "2A004", "AB 1", "", 75001, undefined);
const number = fc.constantFrom("75", "2A", "7 5", "", 75, null);
const code = (prefix: string) =>
  fc.record(
    { code: fc.constantFrom(`${prefix}A`, `${prefix}B`, prefix, "cars", "", 1), more: fc.constant(1) },
    { requiredKeys: [] },
  );
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });
const any = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: value }, fc.constantFrom(null, 1, "", {}, []));
const county = fc.record(
  { handledCounty: any(fc.record({ number })), handledPostCodeZips: any(list(zip)), more: fc.constant(1) },
  { requiredKeys: ["handledCounty"] },
);
const country = fc.record(
  {
    handledCountry: any(fc.record({ code: fc.constantFrom("FR", "BE", "fr", 1) })),
    handledCounties: any(list(county)),
  },
  { requiredKeys: ["handledCountry"] },
);
const competence = fc.record({ range: any(code("RNG_")), requestType: any(code("RTY_")) }, { requiredKeys: ["range"] });
const rule = fc.oneof(
  fc.tuple(fc.constant("geographical"), any(fc.record({ handledCountries: any(list(any(country))) }))),
  fc.tuple(
    fc.constant("maxDistance"),
    any(fc.record({ maxDistance: fc.constantFrom(1, 0.5, 0, -1, Number.NaN, "1") })),
  ),
  fc.tuple(fc.constant("competences"), any(list(any(competence)))),
  fc.tuple(fc.constant("contactProfiles"), any(list(any(code("CPR_"))))),
  fc.tuple(fc.constant("profileTypes"), any(list(fc.constantFrom("pro", "single", "other", 1)))),
  fc.tuple(fc.constantFrom("toString", "constructor", "other"), any(fc.constant(1))),
);

it("a body that is usual is valid, and is sent exactly as it is: so is each body that was read, in whatever damaged form it came", () => {
  const usual = new Map<string, number>();
  fc.assert(
    fc.property(rule, ([name, body]) => {
      const issues: unknown[] = [];
      const [read] = tryRules({ [name]: body }, (_rule, issue) => issues.push(issue));
      if (isUsual(name, body)) {
        expect(issues).toEqual([]);
        expect(read).toEqual({ name, body });
      }
      if (!read || issues.length > 0) return;
      // An empty list, and a text with a space, are left to the schema.
      const text = JSON.stringify(read.body);
      if (text.includes("[]") || text.includes(" ")) return;
      expect(isUsual(name, read.body)).toBe(true);
      usual.set(name, (usual.get(name) ?? 0) + 1);
    }),
    { numRuns: 5_000 },
  );
  expect([...usual.keys()].sort()).toEqual([
    "competences",
    "contactProfiles",
    "geographical",
    "maxDistance",
    "profileTypes",
  ]);
});
