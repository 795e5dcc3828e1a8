import { canonicalJson } from "../core/hash.ts";
import { isObject, isRecord, jsonCopy } from "../core/values.ts";
import type { AcceptedRules, LedgerEntry, StoredRefusal } from "../ledger/ledger.ts";
import { type Fingerprints, isOlder } from "../ledger/version.ts";
import type { RuleName } from "../rules/rules.ts";
import type { SyncStep } from "../rules/types.ts";
import type { Content, HashedRule } from "./content.ts";

export interface OpenSteps {
  // True if the ledger has a newer version, or the user has moved. Nothing is sent.
  readonly stale: boolean;
  readonly user: boolean;
  readonly rules: readonly HashedRule[];
  readonly held: readonly StoredRefusal[];
  // True if everything is sent once more, because an older request may have come last.
  readonly doubted: boolean;
}

const NOTHING: OpenSteps = { stale: false, user: false, rules: [], held: [], doubted: false };

// `retryHeld`: `true` for all held steps, or a list. If the user is held, its rules are not sent either.
export function compare(
  content: Content,
  entry: LedgerEntry | undefined,
  retryHeld: boolean | readonly SyncStep[],
  resend = false,
  isSettled = false,
): OpenSteps {
  // After a move, a record that still has the old number would create a second user.
  if (entry?.movedTo !== undefined || isOlder(content.version, entry?.version)) return { ...NOTHING, stale: true };
  const isRetried = (step: SyncStep): boolean =>
    typeof retryHeld === "boolean" ? retryHeld : retryHeld.includes(step);
  const refusalOf = (step: SyncStep, hash: string): StoredRefusal | undefined => {
    const refused = isRetried(step) ? undefined : entry?.held?.[step];
    return refused?.hash === hash ? { ...refused, step } : undefined;
  };

  // Only sending the user itself ends an intent: a leaver keeps its intent until it is back.
  const doubted = isSettled && !content.rulesOnly;
  const all = resend || doubted;
  const isUserOpen = !content.rulesOnly && (all || userDiffers(content, entry));
  const heldUser = isUserOpen ? refusalOf("user", content.userHash) : undefined;
  if (heldUser) return { ...NOTHING, held: [heldUser] };
  const rules: HashedRule[] = [];
  const held: StoredRefusal[] = [];
  for (const rule of content.rules) {
    if (!all && !ruleDiffers(rule, entry)) continue;
    const heldRule = refusalOf(rule.name, rule.hash);
    if (heldRule) held.push(heldRule);
    else rules.push(rule);
  }
  return { stale: false, user: isUserOpen, rules, held, doubted };
}

// A lost answer removes the hash of the user, and keeps its fingerprints.
export function isComparable(entry: LedgerEntry): boolean {
  return entry.user !== undefined || entry.fields !== undefined;
}

// An intent does not count as a difference. `changed` is called only without a hash; if it returns undefined, the
// content counts as different.
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

// All paths if Oplead never accepted the user; undefined without fingerprints, or with an unknown key.
export function changedPaths(
  user: UserFingerprints,
  entry: LedgerEntry | undefined,
  fingerprints: Fingerprints,
): string[] | undefined {
  const before = entry?.fields;
  if (!before && entry?.user !== undefined) return undefined;
  const now = before && user.like(entry, fingerprints);
  if (before && !now) return undefined;
  const changed = before && now ? namesThatDiffer(fingerprintsIn(before), now) : user.paths();
  return innermost(changed);
}

function namesThatDiffer(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  const gone = Object.keys(before).filter((name) => now[name] === undefined && before[name] !== undefined);
  return [...gone, ...Object.keys(now).filter((name) => before[name] !== now[name])];
}

// Parts that the answer lacks are not compared; an answer may write a text as a number.
export function pathsThatDiffer(sent: object, answered: object, prefix = ""): string[] {
  return Object.entries(sent).flatMap(([name, value]: [string, unknown]) => {
    const other: unknown = Object.hasOwn(answered, name) ? Reflect.get(answered, name) : undefined;
    if (value === undefined || other === undefined || value === other) return [];
    if (isRecord(value) && isRecord(other)) return pathsThatDiffer(value, other, `${prefix}${name}.`);
    const [is, was] = [other, value].map((one) => (typeof one === "object" ? canonicalJson(one) : String(one)));
    return is === was ? [] : [prefix + name];
  });
}

// Leaves `address` out beside `address.city`.
export function innermost(paths: readonly string[]): string[] {
  if (paths.length < 2) return [...paths];
  const changed = [...paths].sort();
  return changed.filter((name) => !changed.some((other) => other.startsWith(`${name}.`)));
}

// Paths that Oplead did not have. Empty if the ledger does not know what Oplead had.
export function addedPaths(
  paths: readonly string[],
  rules: readonly HashedRule[],
  entry: LedgerEntry | undefined,
): ReadonlySet<string> {
  const { user, fields, rules: known } = entry ?? {};
  if (user === undefined) return new Set();
  const newRules = rules.filter(({ name }) => known?.[name] === undefined).map(({ name }) => `rules.${name}`);
  const before = fingerprintsIn(fields);
  return new Set([...(fields ? paths.filter((path) => before[path] === undefined) : []), ...newRules]);
}

export function fieldsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.replace(/\..*$/, "")))];
}

// Whether the user gives up a login or e-mail address that another user may need. Undefined if the ledger does not
// tell.
export function freesValue(
  content: Content,
  entry: LedgerEntry | undefined,
  paths: () => readonly string[] | undefined,
): boolean | undefined {
  if (!entry) return false;
  // A request that came last may have brought a value that the ledger does not know.
  const otherwise = entry.intent === undefined ? false : undefined;
  if (entry.user === content.userHash) return otherwise;
  if (entry.user === undefined && entry.fields === undefined) return otherwise;
  const changed = paths() ?? [];
  if (changed.length === 0) return undefined;
  return UNIQUE_FIELDS.some((field) => changed.includes(field)) || otherwise;
}

// Fingerprints only tell which fields changed. The hash of the user decides whether the user is sent.

export type EntryFingerprints = Pick<LedgerEntry, "key" | "fields" | "identity">;

// Assumed: Oplead refuses a value that another user has.
export const UNIQUE_FIELDS = ["login", "email"] as const;

// Fingerprints are computed once and when needed: they take most of the time of a comparison.
export class UserFingerprints {
  readonly #user: object;
  #fields: readonly (readonly [path: string, value: unknown])[] | undefined;
  #made: { readonly id: string; readonly key: string; readonly texts: Readonly<Record<string, string>> } | undefined;

  constructor(user: object) {
    this.#user = user;
  }

  // Of the user as sent; of an object, the paths of its fields (`address.city`).
  paths(): string[] {
    return this.#all().map(([path]) => path);
  }

  toKeep(id: string, fingerprints: Fingerprints): EntryFingerprints {
    const { key } = fingerprints;
    const identity = key === undefined ? undefined : identityOf(this.#user, fingerprints, key);
    const made = this.like({ id, key }, fingerprints);
    const lines = made && Object.entries(made).map(([path, text]) => `${text} ${path}`);
    return { key, fields: lines?.join("\n"), identity };
  }

  // Fingerprints made like those of the entry, so that both can be compared. Undefined without a known key.
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

// An entry has one text, because an object takes long to read.
export function fingerprintsIn(fields: LedgerEntry["fields"]): Readonly<Record<string, string>> {
  const pairs = (fields?.split("\n") ?? []).map((line) => {
    const at = line.indexOf(" ");
    return [line.slice(at + 1), line.slice(0, at)];
  });
  return Object.fromEntries(pairs);
}

function fieldsIn(fields: object, prefix: string, found: [path: string, value: unknown][]): typeof found {
  for (const name of Object.keys(fields)) {
    const value: unknown = Reflect.get(fields, name);
    const path = prefix + name.replaceAll("\n", " ");
    if (isObject(value) && Object.keys(value).length > 0) fieldsIn(value, `${path}.`, found);
    else found.push([path, value]);
  }
  return found;
}

// Case does not count: mail servers and most logins ignore it.
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

export function comparable(value: unknown): string | undefined {
  return typeof value === "string" ? value.trim().toLowerCase() : undefined;
}

type Kept = { [Name in RuleName]?: { readonly hash: string; readonly body: unknown } };

// Takes each part of the content whose hash is the entry's. The other parts stay as they were.
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

// Whether `accepted` has the content of each hash. Parts without a hash are not checked.
export function keepsAccepted({ user, rules, accepted }: LedgerEntry): boolean {
  if (user !== undefined && accepted?.user !== user) return false;
  for (const name in rules) {
    const hash = rules[name as RuleName];
    if (hash !== undefined && accepted?.rules[name as RuleName]?.hash !== hash) return false;
  }
  return true;
}

// Copies, because a source may reuse its objects.
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
