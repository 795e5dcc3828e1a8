import type { Fingerprints } from "../../ledger/fingerprints.ts";
import type { HeldStep, LedgerEntry, SyncStep } from "../../ledger/ledger.ts";
import { isOlder } from "../../ledger/version.ts";
import type { Content } from "./content.ts";
import { UNIQUE_FIELDS, type UserMarks } from "./marks.ts";
import type { HashedRule } from "./read-hashed-rules.ts";

/** The steps of a user that differ from what Oplead has accepted, and must be sent. */
export interface OpenSteps {
  /** Whether the ledger has a newer version. Then nothing is open. */
  readonly stale: boolean;
  /** Whether the user itself is open. */
  readonly user: boolean;
  readonly rules: readonly HashedRule[];
  /** Steps that differ and are not sent, because Oplead refused this content before. */
  readonly held: readonly HeldStep[];
  /** Accepted steps are open too, because an attempt at this time, whose outcome is unknown, may have replaced them. */
  readonly doubtedAt: number | undefined;
}

/**
 * Compares a user with its entry. `retryHeld` opens held steps again: all of them, or those listed. `resend`, and a doubt
 * that is to be cleared up, open every step that is not held, although Oplead has accepted it. The rules of a user that is held stay closed.
 */
export function compare(
  content: Content,
  entry: LedgerEntry | undefined,
  retryHeld: boolean | readonly SyncStep[],
  resend = false,
  doubted?: number,
): OpenSteps {
  const nothing = { stale: false, user: false, rules: [], held: [], doubtedAt: undefined };
  // The person has another account number now: what still comes for this one would create the user a second time.
  if (entry?.movedTo !== undefined || isOlder(content.version, entry?.version)) return { ...nothing, stale: true };
  const isRetried = (step: SyncStep): boolean =>
    typeof retryHeld === "boolean" ? retryHeld : retryHeld.includes(step);
  const refusalOf = (step: SyncStep, hash: string): HeldStep | undefined => {
    const refused = isRetried(step) ? undefined : entry?.held?.[step];
    return refused?.hash === hash ? { ...refused, step } : undefined;
  };

  // A doubt is about the whole user. It waits for the one who has left to come back.
  const doubtedAt = content.rulesOnly ? undefined : doubted;
  const all = resend || doubtedAt !== undefined;
  const isUserOpen = !content.rulesOnly && (all || userDiffers(content, entry));
  const heldUser = isUserOpen ? refusalOf("user", content.userHash) : undefined;
  if (heldUser) return { ...nothing, held: [heldUser] };
  const rules: HashedRule[] = [];
  const held: HeldStep[] = [];
  for (const rule of content.rules) {
    if (!all && !ruleDiffers(rule, entry)) continue;
    const heldRule = refusalOf(rule.name, rule.hash);
    if (heldRule) held.push(heldRule);
    else rules.push(rule);
  }
  return { stale: false, user: isUserOpen, rules, held, doubtedAt };
}

/**
 * Whether an entry tells what Oplead accepted of the user last. Of a user whose state is in doubt it does: the doubt takes the hash away,
 * and leaves the marks of the fields.
 */
export function isComparable(entry: LedgerEntry): boolean {
  return entry.user !== undefined || entry.fields !== undefined;
}

/**
 * Whether the content is another one than Oplead accepted last. What is only in doubt does not differ. `changed`: the {@link changedPaths}, which
 * are asked for only where no hash tells. Where they are not known either, nothing says that the user is the same.
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

function namesThatDiffer(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]);
}

function userDiffers({ userHash }: Content, entry: LedgerEntry | undefined): boolean {
  return entry?.id === undefined || entry.user !== userHash;
}

function ruleDiffers({ name, hash }: HashedRule, entry: LedgerEntry | undefined): boolean {
  return entry?.rules[name] !== hash;
}

/**
 * The paths in which a user differs from what Oplead has accepted: `phone`, `address.city`. All of them if it never accepted
 * any. Undefined if they are not known: the entry has no fingerprints, or no key reads them. A field is named by what changed inside.
 */
export function changedPaths(
  marks: UserMarks,
  entry: LedgerEntry | undefined,
  fingerprints: Fingerprints,
): string[] | undefined {
  const before = entry?.fields;
  if (!before && entry?.user !== undefined) return undefined;
  const now = before && marks.like(entry, fingerprints);
  if (before && !now) return undefined;
  const changed = before && now ? namesThatDiffer(before, now) : marks.paths();
  return innermost(changed);
}

/** Paths in alphabetical order, without those of fields that have others inside. */
export function innermost(paths: readonly string[]): string[] {
  const changed = [...paths].sort();
  return changed.filter((name) => !changed.some((other) => other.startsWith(`${name}.`)));
}

/** Which of the paths, and of the rules, Oplead has not had. Nothing is said of a user whose content the ledger does not know. */
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

/** The top-level fields of paths. */
export function fieldsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.replace(/\..*$/, "")))];
}

/**
 * Whether a user gives up a login or an e-mail address, so that another one that was refused for it may fit now. `paths`: those in which it
 * differs. Undefined if that is not known.
 */
export function freesValue(
  content: Content,
  entry: LedgerEntry | undefined,
  paths: () => readonly string[] | undefined,
): boolean | undefined {
  if (!entry || entry.user === content.userHash) return false;
  // After an attempt without a known outcome the hash is forgotten, and the marks tell what Oplead had before.
  if (entry.user === undefined && entry.fields === undefined) return entry.doubtedAt === undefined ? false : undefined;
  const changed = paths() ?? [];
  return changed.length === 0 ? undefined : UNIQUE_FIELDS.some((field) => changed.includes(field));
}
