import { showIdentity } from "../core/redact.ts";
import { tellNotCounted } from "../locales/en/not-counted.ts";
import type { NotCounted } from "./types.ts";

// Users of coverage and of a plan have these fields.
interface Receiver {
  readonly rules?: object | undefined;
  readonly invalid?: object | undefined;
  readonly unknown?: readonly string[] | undefined;
  readonly receives?: boolean | undefined;
}

export function someHaveRules(users: readonly Receiver[]): boolean {
  return users.some(hasRules);
}

function hasRules({ rules = {}, ...user }: Receiver): boolean {
  return hasUnknownRules(user) || Object.values(rules).some((rule) => rule !== undefined);
}

function hasUnknownRules({ invalid = {}, unknown = [] }: Receiver): boolean {
  return unknown.length > 0 || Object.values(invalid).some((problem) => problem !== undefined);
}

// If some users have rules, those without are mostly managers, who would cover everything.
export function isCounted(user: Receiver, othersHaveRules: boolean): boolean {
  return user.receives ?? (hasRules(user) || !othersHaveRules);
}

interface Named<User> {
  readonly nameOf: (user: User) => string;
  readonly rowOf?: (user: User) => number | string | undefined;
  // Whether the user has a radius, but no known place.
  readonly lacksPlace: (user: User) => boolean;
}

// Users that a sentence names.
const MOST_NAMED = 5;

export function notCountedAmong<User extends Receiver>(
  users: readonly User[],
  othersHaveRules: boolean,
  { nameOf, rowOf, lacksPlace }: Named<User>,
): NotCounted[] {
  const [counted, others]: [User[], User[]] = [[], []];
  for (const user of users) (isCounted(user, othersHaveRules) ? counted : others).push(user);
  const reasons = [
    ["users_without_rules", others.filter(({ receives }) => receives === undefined)],
    ["users_without_leads", others.filter(({ receives }) => receives === false)],
    ["users_without_place", counted.filter(lacksPlace)],
    ["users_with_unknown_rules", counted.filter(hasUnknownRules)],
  ] as const;
  return reasons.flatMap(([code, concerned]) => {
    if (concerned.length === 0) return [];
    const first = concerned.slice(0, MOST_NAMED);
    const told = tellNotCounted(code, {
      users: first.map((user) => showIdentity(nameOf(user))),
      userCount: concerned.length,
      rows: first.map((user) => rowOf?.(user)),
    });
    return [{ ...told, accountNumbers: concerned.map(nameOf) }];
  });
}
