import { showIdentity } from "../core/redact.ts";
import { append } from "../core/values.ts";
import { tellNotCounted } from "../locales/en/not-counted.ts";
import type { CoverageUser, NotCounted } from "./types.ts";

// Users of coverage and of a plan have these fields.
interface Receiver extends Pick<CoverageUser, "unknown" | "notCounted"> {
  readonly rules?: object | undefined;
  readonly invalid?: object | undefined;
  readonly receives?: boolean | undefined;
}

export function someHaveRules(users: readonly Receiver[]): boolean {
  return users.some(hasRules);
}

function hasRules({ rules = {}, ...user }: Receiver): boolean {
  return hasUnknownRules(user) || Object.values(rules).some((rule) => rule !== undefined);
}

export function hasUnknownRules({ invalid = {}, unknown = [] }: Receiver): boolean {
  return unknown.length > 0 || Object.values(invalid).some((problem) => problem !== undefined);
}

const EXCLUSIONS = [
  "users_invalid",
  "users_refused",
  "users_left",
  "users_without_rules",
  "users_without_leads",
] as const;

export type Exclusion = (typeof EXCLUSIONS)[number];

// If some users have rules, those without are mostly managers, who would cover everything.
export function exclusionOf(user: Receiver, othersHaveRules: boolean): Exclusion | undefined {
  const { notCounted, receives } = user;
  if (notCounted) return `users_${notCounted}`;
  if (receives !== undefined) return receives ? undefined : "users_without_leads";
  return othersHaveRules && !hasRules(user) ? "users_without_rules" : undefined;
}

interface Judged {
  readonly user: Receiver & Pick<CoverageUser, "row">;
  readonly accountNumber: string;
  readonly excluded: Exclusion | undefined;
  // Whether the user has a radius, but no known place.
  readonly lacksPlace: boolean;
}

// Users that a sentence names.
const MOST_NAMED = 5;

const CODES = [...EXCLUSIONS, "users_without_place", "users_with_unknown_rules"] as const;

export function notCountedAmong(users: readonly Judged[]): NotCounted[] {
  const found = new Map<(typeof CODES)[number], Judged[]>();
  for (const one of users) {
    const { user, excluded, lacksPlace } = one;
    if (excluded) append(found, excluded, one);
    if (!excluded && lacksPlace) append(found, "users_without_place", one);
    if (!excluded && hasUnknownRules(user)) append(found, "users_with_unknown_rules", one);
  }
  return CODES.flatMap((code) => {
    const concerned = found.get(code) ?? [];
    if (concerned.length === 0) return [];
    const first = concerned.slice(0, MOST_NAMED);
    const told = tellNotCounted(code, {
      users: first.map(({ accountNumber }) => showIdentity(accountNumber)),
      userCount: concerned.length,
      rows: first.map(({ user }) => user.row),
    });
    return [{ ...told, accountNumbers: concerned.map(({ accountNumber }) => accountNumber) }];
  });
}
