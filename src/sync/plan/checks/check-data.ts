import type { OpleadIssue } from "../../../base/issues.ts";
import type { TimeSlice } from "../../../base/time-slice.ts";
import { isObject } from "../../../base/validation/is-object.ts";
import type { Oplead } from "../../../client/api.ts";
import { recordIssue } from "../../told.ts";
import type { SyncWarning } from "../../types/records.ts";
import type { SharedValues, UsersToSend } from "./shared-values.ts";
import { readZipCodes, zipCodeIssues } from "./zip-codes.ts";

/**
 * Finds data that looks wrong in users that are about to be sent, by account number. Iterates over the users several times.
 * `shared`: the values of the whole source.
 */
export async function checkData(
  oplead: Oplead,
  { users, shared }: { readonly users: UsersToSend; readonly shared: SharedValues },
  slice: TimeSlice,
  warnings: SyncWarning[],
): Promise<ReadonlyMap<string, readonly OpleadIssue[]>> {
  const zipCodes = await readZipCodes(oplead, users, slice, warnings);
  const sharing = await shared.find(users, slice);
  const found = new Map<string, readonly OpleadIssue[]>();
  for (const [accountNumber, user] of users) {
    if (slice.isOver) await slice.next();
    const issues = [...zipCodeIssues(user, zipCodes), ...(sharing.get(accountNumber) ?? []), ...spaceIssues(user)];
    if (issues.length > 0) found.set(accountNumber, issues);
  }
  return found;
}

/** White space before or after a value: usually left over from an export, and part of the value for Oplead. */
export function spaceIssues(user: object, path = ""): OpleadIssue[] {
  return Object.entries(user).flatMap(([name, value]) => {
    if (isObject(value)) return spaceIssues(value, `${path}${name}.`);
    const isPadded = typeof value === "string" && value !== value.trim();
    return isPadded ? [recordIssue(`${path}${name}`, "white_space")] : [];
  });
}
