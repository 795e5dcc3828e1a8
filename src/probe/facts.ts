import { invalid } from "../core/errors.ts";
import type { Fact, FactEvidence, FactGap, FactName, FactValues, PlatformFacts } from "../core/facts.ts";
import { issueAt } from "../core/issues.ts";
import { isObject, jsonIn } from "../core/values.ts";
import { tellOption } from "../locales/en/core.ts";
import { RULES, type RuleName, ruleNames } from "../rules/rules.ts";
import { isFacts } from "../transport/settings.ts";

interface FactForm<Value> {
  readonly assumed: Value;
  // Possible values. Default: all values of the type of `assumed`.
  readonly words?: readonly Value[];
  // True if the client sends or compares the value, so any change breaks the client.
  readonly isSent?: true;
  readonly wanted?: Value;
}

const FORMS = ["json", "html", "empty", "text"] as const;
const SPELLING = { assumed: "kept", words: ["kept", "ignored"], wanted: "kept" } as const;

const FACTS: { readonly [Name in FactName]: FactForm<FactValues[Name]> } = {
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
  // Safe: there is an entry for every name.
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

function isAssumed(name: FactName, value: unknown): boolean {
  const { assumed } = FACTS[name];
  if (name !== "rulePaths") return JSON.stringify(value) === JSON.stringify(assumed);
  return Object.entries(value as object).every(([rule, path]) =>
    Object.entries(assumed).some(([a, b]) => a === rule && b === path),
  );
}

// Facts that an older version did not know are undecided; facts of a newer version are ignored.
export function readFacts(content: unknown): PlatformFacts {
  const given = typeof content === "string" ? jsonIn(content) : content;
  const what = "readFacts: nothing was read";
  if (!isFacts(given)) throw invalid("invalid_input", what, [issueAt("", tellOption("not_facts"))]);
  const wrong = factNames.filter((name) => !isFact(name, given.facts[name] ?? undecided("not_shown")));
  if (wrong.length > 0) {
    throw invalid(
      "invalid_input",
      what,
      wrong.map((name) => issueAt(`facts.${name}`, tellOption("not_facts"))),
    );
  }
  const facts = factNames.map((name) => [name, given.facts[name] ?? undecided("not_shown")]);
  // Safe: every name was set, and each value checked.
  return { ...given, facts: Object.fromEntries(facts) as PlatformFacts["facts"] };
}

function isFact(name: FactName, fact: unknown): boolean {
  if (!isObject(fact) || !Array.isArray(fact.evidence)) return false;
  const { verdict, value } = fact;
  if (verdict === "undecided") return true;
  if (verdict !== "confirmed" && verdict !== "refuted") return false;
  const { assumed, words } = FACTS[name];
  if (words) return (words as readonly unknown[]).includes(value);
  // Safe: the value of `auth` was checked before.
  return name === "auth" || (typeof value === typeof assumed && Array.isArray(value) === Array.isArray(assumed));
}

export interface FactChange {
  readonly fact: FactName;
  readonly before: unknown;
  readonly after: unknown;
  readonly verdict: Fact<unknown>["verdict"];
  // True if the package would act wrongly on the platform as it is now.
  readonly breaks: boolean;
}

export interface FactComparison {
  readonly outcome: "same" | "compatible" | "broken";
  readonly changes: readonly FactChange[];
}

export function compareFacts(before: PlatformFacts, after: PlatformFacts): FactComparison {
  const [old, now] = [readFacts(before).facts, readFacts(after).facts];
  const changes = factNames.flatMap((fact): FactChange[] => {
    const [was, is] = [old[fact], now[fact]];
    const isSame = was.verdict !== "undecided" && textOf(was.value, is.value) === textOf(is.value, was.value);
    if (is.verdict === "undecided" || isSame || fact === "readLagMs") return [];
    const isNew = was.verdict === "undecided";
    // The package relies on its assumption if the old value was not known.
    const { isSent, wanted } = FACTS[fact];
    const isLess = wanted !== undefined && is.value !== wanted;
    const breaks = (isSent || isLess) && (!isNew || is.verdict === "refuted");
    return [{ fact, before: was.value, after: is.value, verdict: is.verdict, breaks }];
  });
  const isBroken = changes.some(({ breaks }) => breaks);
  return { outcome: isBroken ? "broken" : changes.length > 0 ? "compatible" : "same", changes };
}

// Compares only fields that both values have: the probes may have used users with different rules.
function textOf(value: unknown, other: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => name in Object(other));
  return JSON.stringify(names.sort().map((name) => [name, (value as Record<string, unknown>)[name]]));
}
