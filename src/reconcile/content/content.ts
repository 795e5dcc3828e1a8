import { isOpleadError } from "../../base/errors.ts";
import { hashOf } from "../../base/hash/hash.ts";
import { issueAt, type OpleadIssue, shownName } from "../../base/issues.ts";
import { isVersion, type Version } from "../../ledger/version.ts";
import { tellContent, tellValue } from "../../locales/en/core.ts";
import { similarTo } from "../../locales/similar.ts";
import { build } from "../../rules/build.ts";
import { RULES, type RuleName, type UserRules } from "../../rules/rules.ts";
import { flatUser, type UserOptions } from "../../user/fields.ts";
import { accountNumberOf, findUserIssues, type UserInput } from "../../user/user.ts";
import { type HashedRule, readHashedRules } from "./read-hashed-rules.ts";

/** A user as the source has it, for {@link reconcileUser}. */
export interface SourceUser {
  /** The whole user. Its `accountNumber` is required: the ledger and Oplead identify the user by it. */
  readonly user: UserInput;
  /** The rules to keep in step. Rules that are left out stay as they are in Oplead. */
  readonly rules?: UserRules | undefined;
  /**
   * Orders the states of one user: a state with an older version than the ledger's is not sent. Use a counter, or the time
   * of the last change (RFC 3339). Default: none, and the state that arrives later wins.
   */
  readonly version?: Version | undefined;
}

type OtherKeys<Mapped> = Mapped extends readonly (infer Item)[]
  ? OtherKeys<Item>
  : Mapped extends object
    ? Exclude<keyof Mapped, keyof SourceUser>
    : never;

/**
 * Makes the compiler refuse a callback whose result has a misspelt key: by itself it checks an object for them only where it knows the type
 * before it reads the object. Asks nothing of a right one.
 */
export type OnlyKnownKeys<Mapped> = [OtherKeys<Mapped>] extends [never]
  ? unknown
  : { readonly "unknown key beside user, rules and version": OtherKeys<Mapped> };

/** A {@link SourceUser} with the hashes of its content. The user itself has not been checked yet. */
export interface Content {
  readonly accountNumber: string;
  readonly user: UserInput;
  readonly userHash: string;
  readonly rules: readonly HashedRule[];
  readonly version: Version | undefined;
  /** For a user that left the source, of which only rules are known: the user itself is never sent. */
  readonly rulesOnly?: true | undefined;
}

const KEYS = ["user", "rules", "version"];

/** The keys that a {@link SourceUser} does not have: a misspelt one would be passed over, and with it the rules or the order. */
export function keyIssues(source: object): OpleadIssue[] {
  const unknown = Object.keys(source).filter((name) => !KEYS.includes(name));
  return unknown.map((name) =>
    issueAt(shownName(name), tellContent("unknown_key", { known: KEYS, similar: similarTo(name, KEYS) })),
  );
}

/** Reads and hashes a user. Returns every problem instead if one of them leaves nothing to compare. */
export function readContent(source: SourceUser, options: UserOptions): Content | readonly OpleadIssue[] {
  const { user, rules, version } = source;
  const accountNumber = accountNumberOf(user);
  const issues = keyIssues(source);
  if (version !== undefined && !isVersion(version)) issues.push(issueAt("version", tellContent("not_version")));
  let hashed: readonly HashedRule[] = [];
  try {
    hashed = readHashedRules(rules ?? {});
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
    return { accountNumber, user: flat, userHash: hashOf(flat), rules: hashed, version };
  } catch {
    return [issueAt("", tellValue("not_json"))];
  }
}

/** A copy of the content as it will be sent, which stays the same when the source reuses its objects. */
export function keptContent(content: Content): Content {
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
  const { user, rules } = content;
  return { ...content, user: copy(user), rules: rules.map((rule) => ({ ...rule, toSend: copy(rule.toSend) })) };
}

/**
 * The user that content was read from. Its rules are built from what is sent: an empty rule (`none()`) and codes without
 * the usual prefix are accepted from builders only, not as plain data.
 */
export function sourceUserOf({ user, rules, version }: Pick<Content, "user" | "version"> & RuleBodies): SourceUser {
  const built = rules.map(({ name, toSend }) => [name, build<RuleName, unknown>(RULES[name], toSend.body, "wire")]);
  return { user, rules: Object.fromEntries(built) as UserRules, version };
}

interface RuleBodies {
  readonly rules: readonly { readonly name: RuleName; readonly toSend: { readonly body: unknown } }[];
}
