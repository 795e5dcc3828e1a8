import { invalid } from "../base/errors.ts";
import { issueBy } from "../base/issues.ts";
import { OPTIONS } from "../base/texts/en/options.ts";
import { isObject } from "../base/validation/is-object.ts";
import type { PlatformFacts } from "../facts.ts";
import { isFacts } from "../settings.ts";
import { factNames, undecided } from "./assumed.ts";

const issue = /* @__PURE__ */ issueBy(OPTIONS);

/**
 * Reads the content of a `platform-facts.json`, as text or parsed. Facts that an older version did not write are undecided; those of a
 * newer one are passed over.
 *
 * @throws {@link OpleadError} `invalid_input` for anything else, and for a form that this version cannot read.
 */
export function readFacts(content: unknown): PlatformFacts {
  const given = typeof content === "string" ? parsed(content) : content;
  if (!isFacts(given)) throw invalid("invalid_input", "readFacts", [issue("", "not_facts")]);
  const facts = factNames.map((name) => {
    const fact: unknown = given.facts[name];
    const isRead =
      isObject(fact) && /^(?:confirmed|refuted|undecided)$/.test(String(fact.verdict)) && Array.isArray(fact.evidence);
    return [name, isRead ? fact : undecided("not_shown")];
  });
  // Every name was set above, and what the package acts on was checked.
  return { ...given, facts: Object.fromEntries(facts) as PlatformFacts["facts"] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
