import { invalid } from "../base/errors.ts";
import { issueAt } from "../base/issues.ts";
import { isObject } from "../base/validation/is-object.ts";
import { jsonIn } from "../base/validation/json-in.ts";
import type { FactName, PlatformFacts } from "../facts.ts";
import { tellOption } from "../locales/en/core.ts";
import { isFacts } from "../settings/settings.ts";
import { FACTS, factNames, undecided } from "./assumed.ts";

/**
 * Reads the content of a `platform-facts.json`, as text or parsed. Facts that an older version did not write are undecided; those of a
 * newer one are passed over.
 *
 * @throws {@link OpleadError} `invalid_input` for anything else, for a form that this version cannot read, and for a fact that no probe writes.
 */
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
  // Every name was set above, and each value was checked.
  return { ...given, facts: Object.fromEntries(facts) as PlatformFacts["facts"] };
}

function isFact(name: FactName, fact: unknown): boolean {
  if (!isObject(fact) || !Array.isArray(fact.evidence)) return false;
  const { verdict, value } = fact;
  if (verdict === "undecided") return true;
  if (verdict !== "confirmed" && verdict !== "refuted") return false;
  const { assumed, words } = FACTS[name];
  if (words) return (words as readonly unknown[]).includes(value);
  // How the token travels was checked before.
  return name === "auth" || (typeof value === typeof assumed && Array.isArray(value) === Array.isArray(assumed));
}
