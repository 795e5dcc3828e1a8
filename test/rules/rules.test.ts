import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as core from "../../src/index.ts";
import { RULES, ruleNames } from "../../src/rules/rules.ts";
import { fakeRules } from "../../src/testing/user.ts";

it("each rule is listed under its own name", () => {
  expect(Object.keys(RULES)).toEqual(ruleNames);
});

it.each(ruleNames)("the rule %s has a builder in the main entry (src/index.ts) that reads its wire form", (name) => {
  const { [name]: builder } = core;
  expect(builder, `export the builder of ${name} from src/index.ts`).toBeDefined();
  expect(builder.parse).toBeTypeOf("function");
});

it.each(Object.values(RULES))(
  "the fake (src/testing/user.ts) has the rule $name under the path that the client uses",
  (rule) => {
    const known = { ...fakeRules }[rule.name];
    expect(known, `add ${rule.name} to fakeRules in src/testing/user.ts`).toBeDefined();
    expect(`/v1/users/{id}/rule/${known.path}`).toBe(rule.path);
  },
);

it.each(Object.values(RULES))(
  "the guide's table of rules (docs/rules/assignment-rules.md) has a row for $name",
  (rule) => {
    const guide = readFileSync(new URL("../../docs/rules/assignment-rules.md", import.meta.url), "utf8");
    const row = new RegExp(`^\\| \`${rule.name}\` +\\| .* \\| \`${rule.path.split("/").at(-1)}\` +\\|`, "m");
    expect(guide, `add a row for ${rule.name} to the table in docs/rules/assignment-rules.md`).toMatch(row);
  },
);

const given = {
  geographical: { handledCountries: [{ handledCountry: { code: "FR" } }] },
  maxDistance: 30,
  competences: [{ range: { code: "RNG_A" } }],
  contactProfiles: ["CPR_A"],
  profileTypes: ["pro"],
} as const;

it("the schema of a rule returns the same object that it was given", () => {
  for (const [name, value] of Object.entries(given)) {
    const result = core.ruleSchemas[name as keyof typeof given]["~standard"].validate(value);
    expect(result).toEqual({ value });
  }
});

it("the schema of all rules lists the problems of each, and a name that is no rule", () => {
  const { validate } = core.userRulesSchema["~standard"];
  expect(validate(given)).toEqual({ value: given });
  expect(validate({ maxDistance: -1, radius: 3 })).toMatchObject({
    issues: [
      { path: ["radius"], code: "not_rule" },
      { path: ["maxDistance"], code: expect.any(String) },
    ],
  });
  expect(validate([])).toMatchObject({ issues: [{ path: [], code: "not_rules" }] });
});

it("the schema of a rule lists every problem with its path and code", () => {
  const slip = { handledCountries: [{ handledCountry: { code: "fr" }, counties: [] }] };
  expect(core.ruleSchemas.geographical["~standard"].validate(slip).issues).toMatchObject([
    { path: ["handledCountries", 0, "counties"], code: "not_rule_field" },
    { path: ["handledCountries", 0, "handledCountry", "code"], code: "not_country_code" },
  ]);
  expect(core.ruleSchemas.profileTypes["~standard"].validate(["pro", "PRO"]).issues).toMatchObject([
    { path: [1], code: "not_one_of", parameters: { allowed: ["pro", "single"] } },
  ]);
  expect(core.ruleSchemas.maxDistance["~standard"].validate(null).issues).toMatchObject([
    { path: [], code: "null_rule" },
  ]);
});
