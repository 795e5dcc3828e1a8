import type { OpleadIssue } from "../../../base/issues.ts";
import { issueAt } from "../../../base/issues.ts";
import { inTurns, type LongWork } from "../../../base/time/in-turns.ts";
import { isObject } from "../../../base/validation/is-object.ts";
import type { Oplead } from "../../../client/api.ts";
import { tellRecord } from "../../../locales/en/core.ts";
import type { CountryDetails } from "../../../reference-types.ts";
import type { SourcePosition, SyncWarning } from "../../types/records.ts";
import type { SuspectedRecord } from "../../types/source.ts";
import { oncePerValue, type SharedValues, type UsersToSend } from "./shared-values.ts";
import { type AreasToSend, areaCheck, readReferences, zipCodeIssues } from "./zip-codes.ts";

interface ToCheck {
  readonly users: UsersToSend;
  readonly areas?: AreasToSend;
  readonly shared: SharedValues;
  /** Those of the universe, where the plan has one: for a country whose postcodes the platform does not list. */
  readonly countries?: readonly CountryDetails[];
}

/**
 * Finds data that looks wrong in users that are about to be sent, by account number. Iterates over the users several times.
 * `shared`: the values of the whole source.
 */
export async function checkData(
  oplead: Oplead,
  { users, areas = [], shared, countries = [] }: ToCheck,
  work: LongWork,
  warnings: SyncWarning[],
): Promise<Map<string, readonly OpleadIssue[]>> {
  const references = await readReferences(oplead, users, areas, work.signal, warnings, countries);
  const sharing = shared.find(users);
  const found = new Map<string, readonly OpleadIssue[]>();
  for await (const [accountNumber, user] of inTurns(users, work)) {
    const issues = [...zipCodeIssues(user, references), ...(sharing.get(accountNumber) ?? []), ...spaceIssues(user)];
    addTo(found, accountNumber, oncePerValue(user, issues));
  }
  const issuesOf = areaCheck(references);
  for (const [accountNumber, rule] of areas) {
    addTo(found, accountNumber, issuesOf(rule));
  }
  return found;
}

/** What the source suspects of its own records, once it was read, by account number. */
export function suspectedBySource(
  source: unknown,
  rows: ReadonlyMap<string, SourcePosition>,
): Map<string, readonly OpleadIssue[]> {
  const { suspected } = (typeof source === "function" ? source : {}) as {
    suspected?: () => readonly SuspectedRecord[];
  };
  const found = new Map<string, readonly OpleadIssue[]>();
  const byRecord = new Map<number, OpleadIssue[]>();
  for (const { record, issue } of suspected?.() ?? []) byRecord.set(record, [...(byRecord.get(record) ?? []), issue]);
  if (byRecord.size === 0) return found;
  for (const [accountNumber, { record }] of rows) {
    addTo(found, accountNumber, byRecord.get(record) ?? []);
  }
  return found;
}

/** The issues of a user with those of its record. A postcode that lost a zero may be found by both. */
export function together(issues: readonly OpleadIssue[] = [], bySource: readonly OpleadIssue[] = []): OpleadIssue[] {
  const hasNoZero = issues.some(({ code }) => code === "zip_code_lacks_zero");
  return [...issues, ...bySource.filter(({ code }) => !hasNoZero || code !== "zip_codes_lost_zero")];
}

export function addTo(
  found: Map<string, readonly OpleadIssue[]>,
  accountNumber: string,
  issues: readonly OpleadIssue[],
): void {
  if (issues.length > 0) found.set(accountNumber, [...(found.get(accountNumber) ?? []), ...issues]);
}

/** White space before or after a value: usually left over from an export, and part of the value for Oplead. */
export function spaceIssues(user: object, path = ""): OpleadIssue[] {
  return Object.entries(user).flatMap(([name, value]) => {
    if (isObject(value)) return spaceIssues(value, `${path}${name}.`);
    const isPadded = typeof value === "string" && value !== value.trim();
    return isPadded ? [issueAt(`${path}${name}`, tellRecord("white_space"))] : [];
  });
}
