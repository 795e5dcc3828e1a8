import { isObject } from "../../../base/validation/is-object.ts";
import { valueAt } from "../../../base/validation/value-at.ts";
import type { UserInput } from "../../../user/user.ts";
import type { Judged } from "../planning.ts";
import { isPresent } from "./guard.ts";

/** Of fewer users than this, a field that none has any more may be a coincidence. */
const WORTH_A_FINDING = 10;

/** A field that each user of the source had when Oplead accepted it last, and that none has now: a column that was emptied, or renamed. */
export interface GoneField {
  readonly field: string;
  readonly users: number;
}

/** On most nights users are unchanged, so that no field can have gone from all of them, and nothing is looked at. */
export function findGoneFields(judged: Judged): readonly GoneField[] {
  const { judgement, changes, reading, snapshot } = judged;
  if (!reading.isFull || judgement.unchanged > 0 || changes.length < WORTH_A_FINDING) return [];
  let candidates: readonly string[] | undefined;
  let users = 0;
  // Those who are new, or of whom nothing is known: none of them may have the field either.
  const others: UserInput[] = [];
  for (const { planned, paths, content } of changes) {
    if (planned.kind === "leaver") continue;
    const before = snapshot.get(planned.accountNumber);
    if (!isPresent(before) || before?.fields === undefined) {
      others.push(content.user);
      continue;
    }
    users += 1;
    // What differs and is empty now had a value, if Oplead has had the field.
    const { fields } = before;
    const gone = (candidates ?? paths ?? []).filter((path) => {
      return fields[path] !== undefined && paths?.includes(path) && isEmpty(valueAt(content.user, path));
    });
    if (gone.length === 0) return [];
    candidates = gone;
  }
  if (users < WORTH_A_FINDING || !candidates) return [];
  const fields = candidates.filter((path) => others.every((user) => isEmpty(valueAt(user, path))));
  return fields.map((field) => ({ field, users }));
}

function isEmpty(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** The fields that are wrong in nearly all records that cannot be sent of users that Oplead has: usually a column that was emptied, or renamed. */
export function fieldsOfInvalid({ users, judgement, snapshot }: Judged): string[] {
  const counts = new Map<string, number>();
  let records = 0;
  for (const { accountNumber, issues } of [...users.invalid(), ...judgement.invalid]) {
    if (accountNumber === undefined || !isPresent(snapshot.get(accountNumber))) continue;
    records += 1;
    for (const path of new Set(issues.map((issue) => issue.path))) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts].flatMap(([path, count]) => (path !== "" && count >= 0.9 * records ? [path] : [])).slice(0, 5);
}
