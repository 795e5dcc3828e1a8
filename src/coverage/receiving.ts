import { showIdentity } from "../core/redact.ts";
import type { ToldBy } from "../locales/coded.ts";
import { type NOT_COUNTED, tellNotCounted } from "../locales/en/not-counted.ts";

/**
 * The fields of a user that decide whether the user gets leads at all. Users of coverage and users of a plan both have
 * these fields.
 */
interface Receiver {
  readonly rules?: object | undefined;
  /**
   * Rules that are not valid, or whose content in Oplead is not known. A user who has only such rules counts as a user
   * with rules.
   */
  readonly invalid?: object | undefined;
  readonly unknown?: readonly string[] | undefined;
  /** The answer of `receives`; undefined if there is no answer. */
  readonly receives?: boolean | undefined;
}

/** Whether some of the users have rules. If so, users without rules are not counted. */
export function someHaveRules(users: readonly Receiver[]): boolean {
  return users.some(hasRules);
}

function hasRules({ rules = {}, invalid = {}, unknown = [] }: Receiver): boolean {
  return unknown.length > 0 || [rules, invalid].some((some) => Object.values(some).some((one) => one !== undefined));
}

/**
 * Whether a user is counted for gaps, shares, findings and policies. The answer of `receives` decides. Without an
 * answer, users with rules are counted; users without rules are counted only if no user has rules. Where some users
 * have rules, those without are mostly managers, who would otherwise cover everything.
 */
export function isCounted(user: Receiver, othersHaveRules: boolean): boolean {
  return user.receives ?? (hasRules(user) || !othersHaveRules);
}

/** The maximum number of users that a sentence names. */
const NAMED = 5;

/** The users who are not counted, one entry for each reason, with a sentence about it. */
export function notCountedAmong<User extends Receiver>(
  users: readonly User[],
  othersHaveRules: boolean,
  nameOf: (user: User) => string,
): (ToldBy<typeof NOT_COUNTED> & { readonly accountNumbers: readonly string[] })[] {
  const others = users.filter((user) => !isCounted(user, othersHaveRules));
  const reasons = [
    ["users_without_rules", others.filter(({ receives }) => receives === undefined).map(nameOf)],
    ["users_without_leads", others.filter(({ receives }) => receives === false).map(nameOf)],
  ] as const;
  return reasons.flatMap(([code, accountNumbers]) => {
    if (accountNumbers.length === 0) return [];
    const users = accountNumbers.slice(0, NAMED).map(showIdentity);
    return [{ ...tellNotCounted(code, { users, userCount: accountNumbers.length }), accountNumbers }];
  });
}
