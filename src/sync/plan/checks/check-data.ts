import type { OpleadIssue } from "../../../base/issues.ts";
import { isObject } from "../../../base/validation/is-object.ts";
import { counted } from "../../../base/words.ts";
import type { Oplead } from "../../../client/api.ts";
import { tally, who } from "../../text.ts";
import type { TimeSlice } from "../../time-slice.ts";
import { fieldNameIssues } from "./field-names.ts";
import type { SharedValues, UsersToSend } from "./shared-values.ts";
import { readZipCodes, zipCodeIssues } from "./zip-codes.ts";

/**
 * What looks wrong in users that are about to be sent, by account number. The users are gone through several times.
 * `shared`: the values of the whole source.
 */
export async function checkData(
  oplead: Oplead,
  { users, shared }: { readonly users: UsersToSend; readonly shared: SharedValues },
  slice: TimeSlice,
  warnings: string[],
): Promise<ReadonlyMap<string, readonly OpleadIssue[]>> {
  const zipCodes = await readZipCodes(oplead, users, slice, warnings);
  const sharing = await shared.find(users, slice);
  const found = new Map<string, readonly OpleadIssue[]>();
  for (const [accountNumber, user] of users) {
    if (slice.isOver) await slice.next();
    const issues = [
      ...zipCodeIssues(user, zipCodes),
      ...(sharing.get(accountNumber) ?? []),
      ...fieldNameIssues(user),
      ...spaceIssues(user),
    ];
    if (issues.length > 0) found.set(accountNumber, issues);
  }
  return found;
}

/**
 * Account numbers of digits only look like Oplead IDs: a user that is looked up by account number may be another user's
 * id. Only a warning, because a source often has no others.
 */
export function digitsWarning(newUsers: readonly { readonly accountNumber: string }[]): string[] {
  const digits = newUsers.filter(({ accountNumber }) => /^\d+$/.test(accountNumber));
  const [first] = digits;
  if (!first) return [];
  return [
    `${counted(digits.length, "new user")} with an account number of digits only, for example ${who(first.accountNumber)}. ` +
      "Oplead IDs may be such numbers too, and Oplead looks users up by either. A prefix makes account numbers safe.",
  ];
}

/** The line about suspicious records in a plan's warnings. */
export function suspiciousWarning(suspicious: readonly { readonly issues: readonly OpleadIssue[] }[]): string[] {
  if (suspicious.length === 0) return [];
  const paths = tally(suspicious.flatMap(({ issues }) => issues.map(({ path }) => path)));
  const some =
    suspicious.length === 1 ? "1 record that is sent looks" : `${suspicious.length} records that are sent look`;
  return [`${some} wrong (${paths}): see the list of suspicious data.`];
}

/** White space before or after a value: usually left over from an export, and part of the value for Oplead. */
export function spaceIssues(user: Readonly<Record<string, unknown>>, path = ""): OpleadIssue[] {
  return Object.entries(user).flatMap(([name, value]) => {
    if (isObject(value)) return spaceIssues(value, `${path}${name}.`);
    const isPadded = typeof value === "string" && value !== value.trim();
    return isPadded ? [{ path: `${path}${name}`, message: "has white space around it" }] : [];
  });
}
