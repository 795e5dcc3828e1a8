import { invalid } from "../base/errors.ts";
import { issueAt, type OpleadIssue } from "../base/issues.ts";
import { valueAt } from "../base/validation/value-at.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import { tryRules } from "../rules/read.ts";
import type { RuleBody, RuleName } from "../rules/rules.ts";
import type { Assumptions, Coordinates, CoverageUser } from "./types.ts";

/** The part of a user that the evaluation needs, as plain data without personal data. The report carries it as JSON. */
export interface ReadUser {
  readonly accountNumber: string;
  /** Where distances are measured from. */
  readonly home: {
    readonly country?: string | undefined;
    readonly zipCode?: string | undefined;
    readonly coordinates?: Coordinates | undefined;
  };
  /** In their wire form. */
  readonly rules: { readonly [Name in RuleName]?: RuleBody<Name> | undefined };
  /** Rules that Oplead would not be sent, because they are not valid, each with its first problem. */
  readonly invalid: { readonly [Name in RuleName]?: OpleadIssue };
}

/**
 * Checks users and makes plain data of them. `caller`: the function that was given them. A rule that is not valid is kept as such: `setRules` refuses it, so what
 * Oplead has for it does not change, and its verdict is uncertain.
 *
 * @throws {@link OpleadError} `invalid_input` for a user without an account number or with coordinates that are none, and for
 * two users with the same account number.
 */
export function readUsers(users: Iterable<CoverageUser>, assumptions: Assumptions, caller: string): ReadUser[] {
  const issues: OpleadIssue[] = [];
  const read: ReadUser[] = [];
  const seen = new Set<string>();
  const known: RulesRead = new Map();
  for (const [index, user] of [...users].entries()) {
    const accountNumber = user?.user?.accountNumber;
    const path = `users[${index}].user.accountNumber`;
    if (typeof accountNumber !== "string" || accountNumber === "") {
      issues.push(issueAt(path, tellCoverageOption("names_user")));
    } else if (seen.has(accountNumber)) {
      issues.push(issueAt(path, tellCoverageOption("names_two_users")));
    } else {
      seen.add(accountNumber);
      const one = readUser(accountNumber, user, assumptions, known);
      if (!areCoordinates(one.home.coordinates))
        issues.push(issueAt(`users[${index}].coordinates`, tellCoverageOption("not_coordinates")));
      read.push(one);
    }
  }
  if (issues.length > 0) throw invalid("invalid_input", `${caller}: the users are not valid`, issues);
  return read;
}

/** Rules that were read before, by the object that was given. Users of a plan share them: each is checked once. */
export type RulesRead = Map<unknown, { readonly name: string; readonly body: unknown }>;

/** `known`: for a caller with many users, that is done before their rules can change. */
export function readUser(
  accountNumber: string,
  user: CoverageUser,
  { distanceFrom }: Assumptions,
  known?: RulesRead,
): ReadUser {
  const { address } = user.user;
  const rules: { [name: string]: unknown } = {};
  const invalid: { [Name in RuleName]?: OpleadIssue } = {};
  const given: { [name: string]: unknown } = {};
  for (const [name, rule] of Object.entries(user.rules ?? {})) {
    const before = known?.get(rule);
    if (before?.name === name) rules[name] = before.body;
    else given[name] = isEmptyList(rule) ? none(name, rule) : rule;
  }
  const read = tryRules(given, (name, found) => {
    if (name !== undefined) invalid[name] ??= found;
  });
  for (const { name, body } of read) {
    rules[name] = body;
    known?.set(user.rules?.[name], { name, body });
  }
  // A rule of which it is not known what Oplead has is like one that is not valid.
  for (const name of user.unknown ?? []) {
    delete rules[name];
    invalid[name] = issueAt(name, tellCoverageOption("not_kept"));
  }
  return {
    accountNumber,
    home: {
      country: address?.country?.code,
      zipCode: address?.zipCode,
      coordinates: distanceFrom === "address" ? user.coordinates : distanceFrom(user),
    },
    rules,
    invalid,
  };
}

/** Whether coordinates are sound, or left out. */
export function areCoordinates(coordinates: unknown): boolean {
  const isWithin = (degrees: unknown, limit: number) => typeof degrees === "number" && Math.abs(degrees) <= limit;
  if (!Array.isArray(coordinates)) return coordinates === undefined;
  return coordinates.length === 2 && isWithin(coordinates[0], 90) && isWithin(coordinates[1], 180);
}

function isEmptyList(rule: unknown): boolean {
  const list = valueAt(rule, "handledCountries") ?? rule;
  return Array.isArray(list) && list.length === 0;
}

/** Here an empty list means none: what is sent elsewhere must say so by the builder's `none()`. */
function none(rule: string, body: unknown): unknown {
  return { rule, toJSON: () => body };
}
