import type { Fact, FactEvidence, FactGap, FactName, FactValues } from "../facts.ts";
import { RULES } from "../rules/rules.ts";

/** The package's assumptions, against which a fact is confirmed or refuted. */
export const ASSUMED: FactValues = {
  auth: "bearer",
  idField: "id",
  idType: "digits",
  notFoundForm: "json",
  wrongPathForm: "json",
  errorFields: ["errors[].field"],
  refusesDuplicates: true,
  duplicateStatus: 409,
  partialUpdate: false,
  echoesAccountNumber: true,
  identifierCase: "kept",
  identifierSpaces: "kept",
  "rules.geographical": "enabled",
  "rules.maxDistance": "enabled",
  "rules.competences": "enabled",
  "rules.contactProfiles": "enabled",
  "rules.profileTypes": "enabled",
  rulePaths: Object.fromEntries(Object.values(RULES).map(({ name, path }) => [name, path])),
  requestTypes: true,
  zipCodesListed: true,
  testModeArrives: true,
  rateHeaders: [],
  requestIdHeader: "x-request-id",
  readLagMs: 0,
};

export const factNames = Object.keys(ASSUMED) as readonly FactName[]; // the keys of a record are names of its type

export function found<Name extends FactName>(
  name: Name,
  value: FactValues[Name],
  evidence: readonly FactEvidence[],
): Fact<FactValues[Name]> {
  return { verdict: isAssumed(name, value) ? "confirmed" : "refuted", value, evidence };
}

export function undecided(why: FactGap, evidence: readonly FactEvidence[] = []): Fact<never> {
  return { verdict: "undecided", value: null, why, evidence };
}

/** Whether a value is what is assumed. Of the paths of rules, those that were found count. */
function isAssumed(name: FactName, value: unknown): boolean {
  const assumed = ASSUMED[name];
  if (name !== "rulePaths") return JSON.stringify(value) === JSON.stringify(assumed);
  return Object.entries(value as object).every(([rule, path]) =>
    Object.entries(assumed).some(([a, b]) => a === rule && b === path),
  );
}
