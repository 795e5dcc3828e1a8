import { canonicalJson } from "../core/hash.ts";
import { jsonCopy } from "../core/values.ts";
import type { AcceptedRules, HeldStep, LedgerEntry } from "../ledger/ledger.ts";
import { type Fingerprints, isOlder } from "../ledger/version.ts";
import type { RuleName } from "../rules/rules.ts";
import type { SyncStep } from "../rules/types.ts";
import type { Content, HashedRule } from "./content.ts";

/** The steps of a user that differ from what Oplead has accepted, and must be sent. */
export interface OpenSteps {
  /**
   * Whether the ledger has a newer version of the user, or the user has moved to another account number. Then no step
   * is sent.
   */
  readonly stale: boolean;
  /** Whether the user itself must be sent. */
  readonly user: boolean;
  readonly rules: readonly HashedRule[];
  /** Steps that differ and are not sent, because Oplead refused this content before. */
  readonly held: readonly HeldStep[];
  /** Whether everything is sent once more, because a settled intent says that an older request may have come last. */
  readonly doubted: boolean;
}

const NOTHING: OpenSteps = { stale: false, user: false, rules: [], held: [], doubted: false };

// `retryHeld`: the held steps to send again, `true` for all of them. With `resend`, or if the intent of the entry is settled,
// every step is sent that is not held. If the user itself is held, its rules are not sent either.
export function compare(
  content: Content,
  entry: LedgerEntry | undefined,
  retryHeld: boolean | readonly SyncStep[],
  resend = false,
  isSettled = false,
): OpenSteps {
  // The user has moved to a new account number. If a record still has the old number, sending it would create a second
  // user.
  if (entry?.movedTo !== undefined || isOlder(content.version, entry?.version)) return { ...NOTHING, stale: true };
  const isRetried = (step: SyncStep): boolean =>
    typeof retryHeld === "boolean" ? retryHeld : retryHeld.includes(step);
  const refusalOf = (step: SyncStep, hash: string): HeldStep | undefined => {
    const refused = isRetried(step) ? undefined : entry?.held?.[step];
    return refused?.hash === hash ? { ...refused, step } : undefined;
  };

  // To end an intent, the user itself must be sent too. A leaver is not sent, so it keeps its intent until it is back.
  const doubted = isSettled && !content.rulesOnly;
  const all = resend || doubted;
  const isUserOpen = !content.rulesOnly && (all || userDiffers(content, entry));
  const heldUser = isUserOpen ? refusalOf("user", content.userHash) : undefined;
  if (heldUser) return { ...NOTHING, held: [heldUser] };
  const rules: HashedRule[] = [];
  const held: HeldStep[] = [];
  for (const rule of content.rules) {
    if (!all && !ruleDiffers(rule, entry)) continue;
    const heldRule = refusalOf(rule.name, rule.hash);
    if (heldRule) held.push(heldRule);
    else rules.push(rule);
  }
  return { stale: false, user: isUserOpen, rules, held, doubted };
}

/**
 * Whether an entry tells which content of the user Oplead accepted last. An entry in doubt may still tell it: the doubt
 * removes the hash, but keeps the fingerprints of the fields.
 */
export function isComparable(entry: LedgerEntry): boolean {
  return entry.user !== undefined || entry.fields !== undefined;
}

/**
 * Whether the content differs from the content that Oplead accepted last. A doubt does not count as a difference.
 * `changed` returns the {@link changedPaths}; it is called only if the entry has no hash. If `changed` returns
 * undefined, the content counts as different.
 */
export function differsFromLast(
  content: Content,
  entry: LedgerEntry | undefined,
  changed: () => readonly string[] | undefined,
): boolean {
  if (entry?.id === undefined) return true;
  const { user, rules, accepted } = entry;
  const isOther = user === undefined ? changed()?.length !== 0 : user !== content.userHash;
  return isOther || content.rules.some(({ name, hash }) => (rules[name] ?? accepted?.rules[name]?.hash) !== hash);
}

function userDiffers({ userHash }: Content, entry: LedgerEntry | undefined): boolean {
  return entry?.id === undefined || entry.user !== userHash;
}

function ruleDiffers({ name, hash }: HashedRule, entry: LedgerEntry | undefined): boolean {
  return entry?.rules[name] !== hash;
}

/**
 * The paths in which a user differs from what Oplead has accepted, for example `phone` and `address.city`. All paths if
 * Oplead never accepted the user. Undefined if the entry has no fingerprints, or they were made with an unknown key. If
 * only a part of a field changed, the path of that part is returned and not the field.
 */
export function changedPaths(
  user: UserFingerprints,
  entry: LedgerEntry | undefined,
  fingerprints: Fingerprints,
): string[] | undefined {
  const before = entry?.fields;
  if (!before && entry?.user !== undefined) return undefined;
  const now = before && user.like(entry, fingerprints);
  if (before && !now) return undefined;
  const changed = before && now ? namesThatDiffer(before, now) : user.paths();
  return innermost(changed);
}

function namesThatDiffer(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  const gone = Object.keys(before).filter((name) => now[name] === undefined && before[name] !== undefined);
  return [...gone, ...Object.keys(now).filter((name) => before[name] !== now[name])];
}

/**
 * The paths in alphabetical order. A path is left out if the list has a path inside it: `address` beside
 * `address.city`.
 */
export function innermost(paths: readonly string[]): string[] {
  if (paths.length < 2) return [...paths];
  const changed = [...paths].sort();
  return changed.filter((name) => !changed.some((other) => other.startsWith(`${name}.`)));
}

/**
 * The paths and rules of the user for which Oplead had no value before. Empty if the ledger does not know the content
 * of the user.
 */
export function addedPaths(
  paths: readonly string[],
  rules: readonly HashedRule[],
  entry: LedgerEntry | undefined,
): ReadonlySet<string> {
  const { user, fields, rules: known } = entry ?? {};
  if (user === undefined) return new Set();
  const newRules = rules.filter(({ name }) => known?.[name] === undefined).map(({ name }) => `rules.${name}`);
  return new Set([...(fields ? paths.filter((path) => fields[path] === undefined) : []), ...newRules]);
}

/** The top-level fields that the paths belong to. */
export function fieldsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.replace(/\..*$/, "")))];
}

/**
 * Whether a user gives up a login or an e-mail address. Oplead may then accept another user that it refused because of
 * that value. `paths` returns the changed paths. Undefined if the ledger does not tell.
 */
export function freesValue(
  content: Content,
  entry: LedgerEntry | undefined,
  paths: () => readonly string[] | undefined,
): boolean | undefined {
  if (!entry) return false;
  // Oplead may have carried out an earlier request late, so that the user has a value that the ledger does not know.
  const otherwise = entry.intent === undefined ? false : undefined;
  if (entry.user === content.userHash) return otherwise;
  // If the outcome of an attempt is unknown, the entry has no hash; its fingerprints tell what Oplead had before.
  if (entry.user === undefined && entry.fields === undefined) return otherwise;
  const changed = paths() ?? [];
  if (changed.length === 0) return undefined;
  return UNIQUE_FIELDS.some((field) => changed.includes(field)) || otherwise;
}

/*
 * Keyed fingerprints tell which fields of a user changed, so that a plan can show these fields. They never decide
 * whether the user is sent: the hash of the whole user does.
 */

/** The fingerprints that an entry keeps of a user's fields. */
export type EntryFingerprints = Pick<LedgerEntry, "key" | "fields" | "identity">;

/** Fields whose value only one user may have. It is assumed that Oplead refuses a value that another user has. */
export const UNIQUE_FIELDS = ["login", "email"] as const;

/**
 * The fields of one user and their fingerprints. Both are computed once and only when needed, because they take most of
 * the time of a comparison.
 */
export class UserFingerprints {
  readonly #user: object;
  #fields: readonly (readonly [path: string, value: unknown])[] | undefined;
  #made: { readonly id: string; readonly key: string; readonly texts: Readonly<Record<string, string>> } | undefined;

  constructor(user: object) {
    this.#user = user;
  }

  /**
   * The paths of all fields of the user as it is sent. Parts of a field have their own path (`address.city`), so that a
   * plan can say which part of an address changed.
   */
  paths(): string[] {
    return this.#all().map(([path]) => path);
  }

  /** The fingerprints to keep for the user under this Oplead ID; without any fingerprint if the ledger has no key. */
  toKeep(id: string, fingerprints: Fingerprints): EntryFingerprints {
    const { key } = fingerprints;
    const identity = key === undefined ? undefined : identityOf(this.#user, fingerprints, key);
    return { key, fields: this.like({ id, key }, fingerprints), identity };
  }

  /**
   * The fingerprints of this user, made with the key and the Oplead ID of an entry. So they can be compared with the
   * fingerprints in that entry. Undefined if the entry names no key, or names an unknown key.
   */
  like(
    { id = "", key }: Pick<LedgerEntry, "id" | "key">,
    fingerprints: Fingerprints,
  ): Readonly<Record<string, string>> | undefined {
    if (key === undefined || !fingerprints.reads(key)) return undefined;
    if (this.#made?.id === id && this.#made.key === key) return this.#made.texts;
    const texts: Record<string, string> = {};
    for (const [path, value] of this.#all()) {
      texts[path] = fingerprints.of(`${id}\n${path}\n${canonicalJson(value)}`, key) as string;
    }
    this.#made = { id, key, texts };
    return texts;
  }

  #all(): readonly (readonly [path: string, value: unknown])[] {
    this.#fields ??= fieldsIn(jsonCopy(this.#user), "", []);
    return this.#fields;
  }
}

function fieldsIn(fields: object, prefix: string, found: [path: string, value: unknown][]): typeof found {
  for (const name of Object.keys(fields)) {
    const value: unknown = Reflect.get(fields, name);
    found.push([prefix + name, value]);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      fieldsIn(value, `${prefix}${name}.`, found);
  }
  return found;
}

/**
 * The fingerprints of the login and the e-mail address, made with a key. Upper and lower case count as the same: mail
 * servers ignore the difference, and most logins do too.
 */
export function identityOf(
  user: object,
  fingerprints: Fingerprints,
  key: string,
): NonNullable<LedgerEntry["identity"]> {
  const of = (field: (typeof UNIQUE_FIELDS)[number]): string | undefined => {
    const value = comparable(Reflect.get(user, field));
    return value ? fingerprints.of(`identity\n${field}\n${value}`, key) : undefined;
  };
  return { login: of("login"), email: of("email") };
}

/**
 * A login or an e-mail address in lower case, without white space around it. Differences in case or in outer white
 * space rarely matter.
 */
export function comparable(value: unknown): string | undefined {
  return typeof value === "string" ? value.trim().toLowerCase() : undefined;
}

type Kept = { [Name in RuleName]?: { readonly hash: string; readonly body: unknown } };

/**
 * The country, the postcode and the rules to keep in an entry. Each part is taken from `content` if the entry has the
 * hash of that part. Every other part stays as it was, for example while its step is in doubt.
 */
export function acceptedBy(
  { user, rules, accepted }: Pick<LedgerEntry, "user" | "rules" | "accepted">,
  content: Content,
): AcceptedRules {
  const kept: Kept = { ...accepted?.rules };
  for (const { name, hash, toSend } of content.rules) {
    if (rules[name] === hash && kept[name]?.hash !== hash) kept[name] = { hash, body: bodyOf(hash, toSend.body) };
  }
  if (content.rulesOnly || user !== content.userHash) return { ...accepted, rules: kept };
  const { address } = content.user;
  return { user, country: textOf(address?.country?.code), zipCode: textOf(address?.zipCode), rules: kept };
}

/**
 * Whether an entry keeps the country, the postcode and each rule that Oplead accepted. Parts without a hash in the
 * entry are not checked.
 */
export function keepsAccepted({ user, rules, accepted }: LedgerEntry): boolean {
  if (user !== undefined && accepted?.user !== user) return false;
  for (const name in rules) {
    const hash = rules[name as RuleName];
    if (hash !== undefined && accepted?.rules[name as RuleName]?.hash !== hash) return false;
  }
  return true;
}

/** One copy of each rule that many users have. It is a copy because a source may reuse its objects. */
const bodies = new Map<string, unknown>();
const MOST_BODIES = 2_000;

function bodyOf(hash: string, body: unknown): unknown {
  const known = bodies.get(hash) ?? jsonCopy(body);
  if (bodies.size >= MOST_BODIES) bodies.clear();
  bodies.set(hash, known);
  return known;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
