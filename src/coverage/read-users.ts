import { invalid } from "../base/errors.ts";
import { issueBy, type OpleadIssue } from "../base/issues.ts";
import { COVERAGE_OPTIONS } from "../base/texts/en/coverage-options.ts";
import { valueAt } from "../base/validation/value-at.ts";
import { tryRules } from "../rules/read.ts";
import type { RuleName, RuleToSend } from "../rules/rules.ts";
import type { Assumptions } from "./assumptions.ts";
import type { Coordinates, CoverageUser } from "./types.ts";

/** A user as plain data: what the evaluation needs, and no personal data. The report carries it as JSON. */
export interface ReadUser {
  readonly accountNumber: string;
  /** Where distances are measured from. */
  readonly home: {
    readonly country?: string | undefined;
    readonly zipCode?: string | undefined;
    readonly coordinates?: Coordinates | undefined;
  };
  /** In their wire form. */
  readonly rules: { readonly [Rule in RuleToSend as Rule["name"]]?: Rule["body"] | undefined };
  /** Rules that Oplead would not be sent, because they are not valid: what is wrong with each. */
  readonly invalid: { readonly [Name in RuleName]?: string };
}

const issue = /* @__PURE__ */ issueBy(COVERAGE_OPTIONS);

/**
 * Checks users and makes plain data of them. A rule that is not valid is kept as such: `setRules` refuses it, so what
 * Oplead has for it does not change, and its verdict is uncertain.
 *
 * @throws {@link OpleadError} `invalid_input` for a user without an account number or with coordinates that are none, and for
 * two users with the same account number.
 */
export function readUsers(users: Iterable<CoverageUser>, assumptions: Assumptions, what: string): ReadUser[] {
  const issues: OpleadIssue[] = [];
  const read: ReadUser[] = [];
  const seen = new Set<string>();
  for (const [index, user] of [...users].entries()) {
    const accountNumber = user?.user?.accountNumber;
    const path = `users[${index}].user.accountNumber`;
    if (typeof accountNumber !== "string" || accountNumber === "") {
      issues.push(issue(path, "names_user"));
    } else if (seen.has(accountNumber)) {
      issues.push(issue(path, "names_two_users"));
    } else {
      seen.add(accountNumber);
      const one = readUser(accountNumber, user, assumptions);
      if (!areCoordinates(one.home.coordinates)) issues.push(issue(`users[${index}].coordinates`, "not_coordinates"));
      read.push(one);
    }
  }
  if (issues.length > 0) throw invalid("invalid_input", `${what}: the users are not valid`, issues);
  return read;
}

function readUser(accountNumber: string, user: CoverageUser, { distanceFrom }: Assumptions): ReadUser {
  const { address } = user.user;
  const problems: { [Name in RuleName]?: string } = {};
  const toRead: Record<string, unknown> = {};
  const rules: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(user.rules ?? {})) {
    if (isEmptyList(name, rule)) rules[name] = name === "geographical" ? { handledCountries: [] } : [];
    else toRead[name] = rule;
  }
  for (const { name, body } of tryRules(toRead, (name, { message }) => {
    if (name !== undefined) problems[name] ??= message;
  })) {
    if (problems[name] === undefined) rules[name] = body;
  }
  return {
    accountNumber,
    home: {
      country: address?.country?.code,
      zipCode: address?.zipCode,
      coordinates: distanceFrom === "address" ? user.coordinates : distanceFrom(user),
    },
    rules,
    invalid: problems,
  };
}

/** Whether a value is the coordinates of a place. None are fine too. */
export function areCoordinates(coordinates: unknown): boolean {
  if (coordinates === undefined) return true;
  const isWithin = (degrees: unknown, limit: number) => typeof degrees === "number" && Math.abs(degrees) <= limit;
  const isPair = Array.isArray(coordinates) && coordinates.length === 2;
  return isPair && isWithin(coordinates[0], 90) && isWithin(coordinates[1], 180);
}

/** Plain data for "none". The builders have `none()` for it; in plain data an empty list is all there is. */
function isEmptyList(name: string, rule: unknown): boolean {
  const list = valueAt(rule, name === "geographical" ? "handledCountries" : "");
  return Array.isArray(list) && list.length === 0;
}
