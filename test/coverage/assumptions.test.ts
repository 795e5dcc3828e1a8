import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { PlatformFacts } from "../../src/core/facts.ts";
import { assumptionsOf, type CoverageUser, defaultAssumptions, explainLead } from "../../src/coverage/index.ts";
import { ruleNames } from "../../src/rules/rules.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = await readFile(join(root, "docs/operate/assumptions.md"), "utf8");

it("the coverage page lists every assumption with its default", async () => {
  const { enabledRules, ...others } = defaultAssumptions;
  expect(enabledRules).toEqual(ruleNames);
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|.*\|.*\|$/gm)].map(([, name, value]) => [name, value]);
  expect(rows.slice(-10)).toEqual([
    ["enabledRules", "all"],
    ...Object.entries(others).map(([name, value]) => [name, `\`${JSON.stringify(value)}\``]),
  ]);
});

const fact = (value: unknown) => ({ verdict: value === null ? "undecided" : "confirmed", value, evidence: [] });
const factsOf = (values: Readonly<Record<string, unknown>>) => {
  const facts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fact(value)]));
  return { version: 2, baseUrl: "https://api.oplead.com", facts } as unknown as PlatformFacts;
};
const rules = { "rules.geographical": "enabled", "rules.maxDistance": "disabled", "rules.competences": "enabled" };
const others = { "rules.contactProfiles": "enabled", "rules.profileTypes": "enabled" };

it("the facts of a platform replace the assumptions about it, and results no longer list them", async () => {
  const assumptions = assumptionsOf({ facts: factsOf({ ...rules, ...others, requestTypes: false }) });
  expect(assumptions.enabledRules).not.toContain("maxDistance");
  const coordinates = [48, 2] as const;
  const users: CoverageUser[] = [
    {
      user: { accountNumber: "A" },
      coordinates,
      rules: { competences: [{ range: { code: "RNG_A" } }], maxDistance: 1 },
    },
  ];
  const namesFor = async (range: string, more = {}) => {
    const lead = { country: "FR", coordinates, range, requestType: "RTY_A" };
    return (await explainLead(lead, users, { countries: [], ...more })).assumptions;
  };
  expect(await namesFor("RNG_A")).toEqual(["absentRule", "distanceFrom", "rangeAlone"]);
  expect(await namesFor("RNG_B")).toEqual(["enabledRules"]);
  expect(await namesFor("RNG_A", { assumptions })).toEqual(["absentRule"]);
  expect(await namesFor("RNG_B", { assumptions })).toEqual([]);
});

it("what a probe left undecided stays an assumption", () => {
  expect(assumptionsOf({ facts: factsOf({ ...rules, "rules.profileTypes": null }) }).known).toEqual([]);
});

it("content that is not a file of facts is refused", () => {
  expect(() => assumptionsOf({} as never)).toThrowError(expect.objectContaining({ code: "invalid_input" }));
});
