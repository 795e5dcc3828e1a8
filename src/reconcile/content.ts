import type { CheckedUser } from "../client/check-input.ts";
import { isOpleadError } from "../core/errors.ts";
import { hashOf, quote } from "../core/hash.ts";
import { issueAt, type OpleadIssue, shownName } from "../core/issues.ts";
import { isPlain, isRecord, jsonCopy, similarTo } from "../core/values.ts";
import { isVersion, type Version } from "../ledger/version.ts";
import { tellContent, tellValue } from "../locales/en/core.ts";
import { build } from "../rules/rule.ts";
import {
  RULES,
  type RuleName,
  type RuleToSend,
  readRules,
  ruleNames,
  tryRules,
  type UserRules,
} from "../rules/rules.ts";
import { accountNumberOf, findUserIssues, flatUser, type UserInput, type UserOptions } from "../user/user.ts";

/** A user as the source has it, for {@link reconcileUser}. */
export interface SourceUser {
  /** The whole user. Its `accountNumber` is required: the ledger and Oplead identify the user by it. */
  readonly user: UserInput;
  /** The rules to keep in step. Rules that are left out stay as they are in Oplead. */
  readonly rules?: UserRules | undefined;
  /**
   * Tells which of two states of a user is newer: a state whose version is older than the version in the ledger is not
   * sent. Use a counter, or the time of the last change (RFC 3339). Default: none, and the state that arrives later
   * wins.
   */
  readonly version?: Version | undefined;
}

// Makes the compiler refuse a misspelt key in a callback's result, which it infers and does not check. A wrapper with a
// type parameter must name the types: `planSync<Row, SourceUser>(…)`. `any` passes; without `strict`, `() => null` is
// `any`.
/** Refuses a misspelt key in a callback's result, such as `verison`. */
export type OnlyKnownKeys<
  Mapped,
  Other = (Mapped extends readonly (infer Item)[] ? Item : Mapped) extends infer One
    ? 0 extends 1 & One // true for `any` only
      ? never
      : One extends object
        ? Exclude<keyof One, keyof SourceUser>
        : never
    : never,
> = [Other] extends [never] ? unknown : { readonly "unknown key beside user, rules and version": Other };

export interface HashedRule {
  readonly name: RuleName;
  readonly toSend: RuleToSend;
  readonly hash: string;
}

export interface Content {
  readonly accountNumber: string;
  readonly user: UserInput;
  readonly userHash: string;
  readonly rules: readonly HashedRule[];
  readonly version: Version | undefined;
  // True if the user has left the source: only its rules are known.
  readonly rulesOnly?: true | undefined;
  readonly checked?: CheckedUser | undefined;
}

export function readContent(
  source: SourceUser,
  options: UserOptions,
  checked?: CheckedUser,
): Content | readonly OpleadIssue[] {
  const { user, rules, version } = source;
  const accountNumber = accountNumberOf(user);
  const issues = keyIssues(source);
  if (version !== undefined && !isVersion(version)) issues.push(issueAt("version", tellContent("not_version")));
  let hashed: readonly HashedRule[] = [];
  try {
    if (rules !== undefined && rules !== null) hashed = readHashedRules(rules, options);
  } catch (error) {
    if (!isOpleadError(error)) throw error;
    issues.push(...(error.issues ?? []));
  }
  if (accountNumber === undefined || issues.length > 0) {
    const ofUser = findUserIssues(user, options);
    if (accountNumber === undefined && !ofUser.some(({ path }) => path === "accountNumber")) {
      ofUser.push(issueAt("accountNumber", tellContent("identifies_user")));
    }
    return [...ofUser, ...issues];
  }
  try {
    const flat = flatUser(user);
    const { wire } = options;
    return {
      accountNumber,
      user: flat,
      // Of what is sent: a change of `platform.fields` sends the users again that it concerns.
      userHash: hashOf(wire ? wire.sent("user", flat) : flat),
      rules: hashed,
      version,
      checked,
    };
  } catch {
    return [issueAt("", tellValue("not_json"))];
  }
}

const KEYS = ["user", "rules", "version"];

// Without this check, a misspelt `rules` or `version` would be ignored.
export function keyIssues(source: object): OpleadIssue[] {
  const unknown = Object.keys(source).filter((name) => !KEYS.includes(name));
  return unknown.map((name) =>
    issueAt(shownName(name), tellContent("unknown_key", { known: KEYS, similar: similarTo(name, KEYS) })),
  );
}

// Copies the content, because the source may reuse its objects.
export function keptContent(content: Content): Content {
  const { user, rules } = content;
  return { ...content, user: jsonCopy(user), rules: rules.map((rule) => ({ ...rule, toSend: jsonCopy(rule.toSend) })) };
}

// Rules are built again: `none()` and codes without the usual prefix are valid only from a builder.
export function sourceUserOf({ user, rules, version }: Pick<Content, "user" | "version"> & RuleBodies): SourceUser {
  const built = rules.map(({ name, toSend }) => [name, build<RuleName>(RULES[name], toSend.body, "wire")]);
  return { user, rules: Object.fromEntries(built) as UserRules, version };
}

interface RuleBodies {
  readonly rules: readonly { readonly name: RuleName; readonly toSend: { readonly body: unknown } }[];
}

// Returns the rules in a fixed order, with hashes of what is sent.
export function readHashedRules(rules: UserRules, { wire }: UserOptions): readonly HashedRule[] {
  const read = eachRule(rules);
  if (!wire) return read;
  return read.map((rule) => ({ ...rule, hash: hashOf(wire.sent(rule.name, rule.toSend.body)) }));
}

function eachRule(rules: UserRules): readonly HashedRule[] {
  if (!isRecord(rules)) return readRules(rules).map(hashed);
  const found: HashedRule[] = [];
  let others: Record<string, unknown> | undefined;
  for (const name of Object.keys(rules)) {
    const given = rules[name as RuleName];
    const rule = knownRule(name, given);
    if (rule) found.push(rule);
    else {
      others ??= {};
      others[name] = given;
    }
  }
  // `readRules` also refuses unknown names.
  if (others) for (const rule of readRules(others)) found.push(hashed(rule));
  return found.length < 2 ? found : found.sort((a, b) => ruleNames.indexOf(a.name) - ruleNames.indexOf(b.name));
}

// A cache, because many users have the same rules.
const known = new Map<string, HashedRule>();
const MOST_KNOWN = 2_000;
// A longer rule is probably used once.
const MOST_CHARACTERS = 300;

function knownRule(name: string, given: unknown): HashedRule | undefined {
  const text = exactJson(given);
  if (text === undefined || text.length > MOST_CHARACTERS) return undefined;
  const key = `${name} ${text}`;
  const rule = known.get(key);
  if (rule) return rule;
  let isValid = true;
  // The rule is read from the text: a getter may give another value next time.
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

// Undefined if JSON.parse would not return an equal value.
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
    // A getter or a proxy threw.
    return undefined;
  }
  return isList ? `[${text}]` : `{${text}}`;
}
