import { expect, it } from "vitest";
import type { FactValues } from "../../src/core/facts.ts";
import { found } from "../../src/probe/facts.ts";
import { compareFacts, readFacts } from "../../src/probe/index.ts";

function factsOf(values: Partial<FactValues>) {
  const facts = Object.entries(values).map(([name, value]) => [name, found(name as "idField", value as string, [])]);
  return readFacts({ version: 2, baseUrl: "https://api.oplead.com", facts: Object.fromEntries(facts) });
}

const COMPETENCES = "/v1/users/{id}/rule/competences";
const cases: [says: string, before: Partial<FactValues>, after: Partial<FactValues>, outcome: string][] = [
  ["nothing changed", { idField: "uuid" }, { idField: "uuid" }, "same"],
  ["the second probe did not ask for a fact again", { idField: "uuid", auth: "bearer" }, {}, "same"],
  ["the read lag was longer", { readLagMs: 250 }, { readLagMs: 500 }, "same"],
  [
    "the probes asked with different users, which name different rules",
    { rulePaths: { competences: COMPETENCES } },
    { rulePaths: { competences: COMPETENCES } },
    "same",
  ],
  ["an assumption was confirmed", {}, { idField: "id" }, "compatible"],
  ["an assumption that is relied on was refuted", {}, { idField: "uuid" }, "broken"],
  ["a fact that contradicted an assumption now confirms it", { idField: "uuid" }, { idField: "id" }, "broken"],
  ["a rule was enabled", { "rules.maxDistance": "disabled" }, { "rules.maxDistance": "enabled" }, "compatible"],
  ["a rule was disabled", { "rules.maxDistance": "enabled" }, { "rules.maxDistance": "disabled" }, "broken"],
  [
    "a rule moved",
    { rulePaths: { competences: COMPETENCES } },
    { rulePaths: { competences: "/v1/users/{id}/rule/x" } },
    "broken",
  ],
  ["duplicates are refused now", { refusesDuplicates: false }, { refusesDuplicates: true }, "compatible"],
  ["duplicates are no longer refused", { refusesDuplicates: true }, { refusesDuplicates: false }, "broken"],
  ["updates with a part of a user are now refused", { partialUpdate: true }, { partialUpdate: false }, "broken"],
  ["it was confirmed that updates with a part of a user are refused", {}, { partialUpdate: false }, "compatible"],
  ["the status of a duplicate changed", { duplicateStatus: 409 }, { duplicateStatus: 400 }, "compatible"],
];

it.each(cases)(
  "compareFacts tells whether a platform is the same, compatible or broken if %s",
  (_says, before, after, outcome) => {
    const result = compareFacts(factsOf(before), factsOf(after));
    expect(result.outcome).toBe(outcome);
    expect(result.changes).toHaveLength(outcome === "same" ? 0 : 1);
  },
);
