import type { OpleadIssue } from "../../../base/issues.ts";
import { isObject } from "../../../base/validation/is-object.ts";
import { recordIssue } from "../../told.ts";

const USER_FIELDS = [
  ...["civility", "firstname", "lastname", "login", "email", "phone", "mobile", "company", "accountNumber"],
  ...["parentUserIdentifier", "address", "profile"],
];
const ADDRESS_FIELDS = ["street", "zipCode", "city", "country"];

/** Unknown fields pass, because platforms have fields of their own. One that resembles a known field is probably a slip. */
export function fieldNameIssues(user: Readonly<Record<string, unknown>>): OpleadIssue[] {
  const { address } = user;
  return [
    ...issuesOf(Object.keys(user), USER_FIELDS, ""),
    ...(isObject(address) ? issuesOf(Object.keys(address), ADDRESS_FIELDS, "address.") : []),
  ];
}

function issuesOf(names: readonly string[], known: readonly string[], path: string): OpleadIssue[] {
  return names.flatMap((name) => {
    const similar = known.includes(name) ? undefined : known.find((field) => isSimilar(name, field));
    return similar === undefined ? [] : [recordIssue(`${path}${name}`, "similar_field", { similar })];
  });
}

/** The same letters in another case or with other separators, or one letter too many, missing or wrong. */
function isSimilar(name: string, field: string): boolean {
  const [a, b] = [plain(name), plain(field)];
  if (a === b) return true;
  // phone2 and address2 are fields of their own.
  if (b.length < 5 || /\d/.test(a)) return false;
  const first = [...b].findIndex((letter, at) => letter !== a[at]);
  const start = first < 0 ? b.length : first;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

function plain(name: string): string {
  return name.replace(/[\s_-]/g, "").toLowerCase();
}
