import { issueAt, type OpleadIssue, shownName } from "../base/issues.ts";
import { isObject } from "../base/validation/is-object.ts";
import { valueAt } from "../base/validation/value-at.ts";
import { tellUser, tellValue } from "../locales/en/core.ts";
import { similarTo } from "../locales/similar.ts";

/** The options of a client that say which users its platform can have. `OpleadOptions` explains them. */
export interface UserOptions {
  readonly numericAccountNumbers?: boolean | undefined;
  readonly customFields?: readonly string[] | undefined;
}

const USER_FIELDS = [
  ...["civility", "firstname", "lastname", "login", "email", "phone", "mobile", "company", "accountNumber"],
  ...["parentUserIdentifier", "address", "profile", "custom"],
];

/** The known fields of each part of a user, by the part's path. */
export const FIELDS: readonly (readonly [path: string, known: readonly string[]])[] = [
  ["", USER_FIELDS],
  ["address", ["street", "zipCode", "city", "country"]],
  ["address.country", ["code"]],
  ["profile", ["code"]],
];

/**
 * The fields that are slips. Unknown fields pass, because platforms have fields of their own: all that `customFields` lists or, without
 * a list, all that do not resemble a known one.
 */
export function fieldIssues(user: unknown, { customFields }: UserOptions): OpleadIssue[] {
  const check = (name: string, path: string, known: readonly string[], prefix = ""): OpleadIssue[] => {
    const start = path === "" ? "" : `${path}.`;
    if (customFields?.includes(start + name)) return [];
    const place = prefix + start + shownName(name);
    const similar = similarTo(name, known);
    if (similar !== undefined) return [issueAt(place, tellUser("similar_field", { similar }))];
    return customFields ? [issueAt(place, tellUser("unknown_field"))] : [];
  };
  const issues = FIELDS.flatMap(([path, known]) => {
    const part = valueAt(user, path);
    const names = isObject(part) ? Object.keys(part) : [];
    return names.flatMap((name) => (known.includes(name) ? [] : check(name, path, known)));
  });
  if (!isObject(user) || user.custom === undefined) return issues;
  if (!isObject(user.custom)) return [...issues, issueAt("custom", tellValue("not_object"))];
  const ofCustom = Object.keys(user.custom).flatMap((name) =>
    isTaken(name, user)
      ? [issueAt(`custom.${shownName(name)}`, tellUser("not_custom"))]
      : check(name, "", USER_FIELDS, "custom."),
  );
  return [...issues, ...ofCustom];
}

/** The user as it is sent: the fields in `custom` stand beside the others. With a problem in `custom`, the user as it is. */
export function flatUser<User>(given: User): User {
  const user: unknown = isObject(given) && typeof given.toJSON === "function" ? given.toJSON() : given;
  if (!isObject(user) || !isObject(user.custom)) return given;
  const { custom, ...fields } = user;
  const names = Object.keys(user.custom);
  // A user is sent with whichever fields it has.
  return names.some((name) => isTaken(name, fields)) ? given : ({ ...fields, ...user.custom } as User);
}

function isTaken(name: string, fields: object): boolean {
  return USER_FIELDS.includes(name) || Object.hasOwn(fields, name);
}
