import type { Fact, FactEvidence, FactGap, FactName, FactValues } from "../facts.ts";
import { RULES, type RuleName, ruleNames } from "../rules/rules.ts";

/** A fact: what the package assumes, which values there are, and what a change of it means. */
interface FactForm<Value> {
  readonly assumed: Value;
  /** The words that the value is one of. Default: any value of the same kind as the assumed one. */
  readonly words?: readonly Value[];
  /** Whether the client sends or compares the value: any other value than the expected one breaks it. */
  readonly isSent?: true;
  /** The value of which the platform must not become less. */
  readonly wanted?: Value;
}

const FORMS = ["json", "html", "empty", "text"] as const;
const SPELLING = { assumed: "kept", words: ["kept", "ignored"], wanted: "kept" } as const;

export const FACTS: { readonly [Name in FactName]: FactForm<FactValues[Name]> } = {
  auth: { assumed: "bearer", isSent: true },
  idField: { assumed: "id", isSent: true },
  idType: { assumed: "digits", words: ["number", "digits", "uuid", "text"] },
  notFoundForm: { assumed: "json", words: FORMS, isSent: true },
  wrongPathForm: { assumed: "json", words: FORMS },
  errorFields: { assumed: ["errors[].field"] },
  refusesDuplicates: { assumed: true, wanted: true },
  duplicateStatus: { assumed: 409 },
  partialUpdate: { assumed: false, wanted: true },
  echoesAccountNumber: { assumed: true },
  identifierCase: SPELLING,
  identifierSpaces: SPELLING,
  ...ofEachRule({ assumed: "enabled", words: ["enabled", "disabled"], wanted: "enabled" }),
  rulePaths: {
    assumed: Object.fromEntries(Object.values(RULES).map(({ name, path }) => [name, path])),
    isSent: true,
  },
  requestTypes: { assumed: true },
  zipCodesListed: { assumed: true },
  testModeArrives: { assumed: true, wanted: true },
  rateHeaders: { assumed: [] },
  requestIdHeader: { assumed: "x-request-id" },
  readLagMs: { assumed: 0 },
};

function ofEachRule<Form>(form: Form): Readonly<Record<`rules.${RuleName}`, Form>> {
  // One for each name.
  return Object.fromEntries(ruleNames.map((name) => [`rules.${name}`, form])) as Record<`rules.${RuleName}`, Form>;
}

export const factNames = Object.keys(FACTS) as readonly FactName[]; // the keys of a record are names of its type

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
  const { assumed } = FACTS[name];
  if (name !== "rulePaths") return JSON.stringify(value) === JSON.stringify(assumed);
  return Object.entries(value as object).every(([rule, path]) =>
    Object.entries(assumed).some(([a, b]) => a === rule && b === path),
  );
}
