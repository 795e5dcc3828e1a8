import { quote } from "../../base/hash/canonical-json.ts";
import { hashOf } from "../../base/hash/hash.ts";
import { isPlain, isRecord } from "../../base/validation/is-object.ts";
import { readRules, tryRules } from "../../rules/read.ts";
import { type RuleName, type RuleToSend, ruleNames, type UserRules } from "../../rules/rules.ts";

export interface HashedRule {
  readonly name: RuleName;
  readonly toSend: RuleToSend;
  readonly hash: string;
}

/** Valid rules by their names and texts: many users have the same ones, which need not be checked again. */
const known = new Map<string, HashedRule>();
const MOST_KNOWN = 2_000;
/** A longer rule is probably one user's own. */
const MOST_CHARACTERS = 300;

/**
 * The rules given, as they are sent, always in the same order, each with its hash.
 *
 * @throws {@link OpleadError} `invalid_input` that lists every problem of all the rules.
 */
export function readHashedRules(rules: UserRules): readonly HashedRule[] {
  if (!isRecord(rules)) return readRules(rules).map(hashed);
  const found: HashedRule[] = [];
  const others: Record<string, unknown> = {};
  for (const name of Object.keys(rules)) {
    const given = rules[name as RuleName];
    const rule = knownRule(name, given);
    if (rule) found.push(rule);
    else others[name] = given;
  }
  // The names that are left are checked as well.
  for (const rule of readRules(others)) found.push(hashed(rule));
  return found.sort((a, b) => ruleNames.indexOf(a.name) - ruleNames.indexOf(b.name));
}

function knownRule(name: string, given: unknown): HashedRule | undefined {
  const text = exactJson(given);
  if (text === undefined || text.length > MOST_CHARACTERS) return undefined;
  const key = `${name} ${text}`;
  const rule = known.get(key);
  if (rule) return rule;
  let isValid = true;
  // What the text says, because a getter may say something else the next time.
  const [read] = tryRules({ [name]: JSON.parse(text) }, () => {
    isValid = false;
  });
  if (!read || !isValid) return undefined;
  const made = hashed(read);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, made);
  return made;
}

function hashed(toSend: RuleToSend): HashedRule {
  return { name: toSend.name, toSend, hash: hashOf(toSend.body) };
}

/** The JSON of a value that JSON gives back as it is; undefined for any other value. */
function exactJson(value: unknown): string | undefined {
  if (typeof value === "string") return quote(value);
  if (typeof value === "boolean" || value === null || Number.isFinite(value)) return String(value);
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return undefined;
  let text = "";
  try {
    for (const name of isList ? value.keys() : Object.keys(value)) {
      const inner = exactJson((value as Readonly<Record<string | number, unknown>>)[name]);
      if (inner === undefined || text.length > MOST_CHARACTERS) return undefined;
      text += `${text === "" ? "" : ","}${isList ? "" : `${quote(String(name))}:`}${inner}`;
    }
  } catch {
    // A getter, or a proxy.
    return undefined;
  }
  return isList ? `[${text}]` : `{${text}}`;
}
