import type { Problem } from "../api/answer.ts";
import type { FakeUser, FakeUserInput } from "../types/user.ts";
import { at, isObject, isText } from "../values.ts";
import { type Platform, type Reply, refuse } from "./platform.ts";

export function createUser(platform: Platform, _parameter: string, body: unknown): Reply {
  const refusal = refuseUser(platform, body, undefined);
  if (refusal) return refusal;
  return saved(platform, 201, { ...(body as FakeUserInput), id: platform.ids.next(platform.store) });
}

export function updateUser(platform: Platform, idOrAccountNumber: string, body: unknown): Reply {
  const { store, replica } = platform;
  const found = replica.find("user", idOrAccountNumber);
  if (!found) return { ...refuse(404, "User not found."), form: platform.like.notFoundForm };
  const stored = store.byId(found.id) ?? found;
  // The body replaces the user (assumed), but a body that does not repeat the accountNumber leaves it in place.
  const kept = platform.like.partialUpdate ? stored : { accountNumber: stored.accountNumber };
  const refusal = refuseUser(
    platform,
    platform.like.partialUpdate && isObject(body) ? { ...kept, ...body } : body,
    found.id,
  );
  if (refusal) return refusal;
  return saved(platform, 200, { ...kept, ...(body as FakeUserInput), id: found.id });
}

function saved(platform: Platform, status: number, user: FakeUser): Reply {
  const { accountNumber, parentUserIdentifier, ...rest } = user;
  const body = {
    ...rest,
    // Null means "none" (assumed). The document knows no null, so an answer leaves the field out.
    accountNumber: (platform.like.echoesAccountNumber && accountNumber) || undefined,
    parentUserIdentifier: parentUserIdentifier ?? undefined,
  };
  return {
    status,
    body: withId(body, platform.like.idField, platform.ids.sent(user.id)),
    write: () => platform.store.put(user),
    conflicts: () => takenField(platform, user, user.id) !== undefined,
  };
}

/** A user with its id at its place, which may be in an envelope. */
function withId(user: object, place: string, id: unknown): unknown {
  const [leaf = place, ...envelopes] = place.split(".").reverse();
  return envelopes.reduce<unknown>((inner, name) => ({ [name]: inner }), { ...user, id: undefined, [leaf]: id });
}

/** The checks of POST and PUT alike: required fields, then profile and parent, then what must be unique. */
export function refuseUser(platform: Platform, body: unknown, id: string | undefined): Reply | undefined {
  const problems = checkUser(body);
  if (problems.length > 0) return refuse(422, undefined, problems);
  const user = body as FakeUserInput;

  const misplaced = checkParent(platform, user, id);
  if (misplaced) return refuse(422, undefined, [misplaced]);

  const field = takenField(platform, user, id);
  return field && refuse(platform.like.duplicateStatus, undefined, [{ field, message: "This value is already used." }]);
}

/** The field whose value must be unique and belongs to another user than `id`. */
function takenField(
  { replica, uniqueLogins, uniqueAccountNumbers }: Platform,
  user: FakeUserInput,
  id: string | undefined,
): "accountNumber" | "login" | undefined {
  for (const field of ["accountNumber", "login"] as const) {
    const isUnique = field === "login" ? uniqueLogins : uniqueAccountNumbers;
    const value = user[field];
    if (isUnique && typeof value === "string" && replica.holder(field, value, id) !== undefined) return field;
  }
  return undefined;
}

/** Why the profile of a user, or its parent, does not fit the profile hierarchy; undefined if both do. */
function checkParent(
  { replica, profiles }: Platform,
  user: FakeUserInput,
  id: string | undefined,
): Problem | undefined {
  const profile = profiles.get(user.profile.code);
  if (!profile) return { field: "profile.code", message: "This profile does not exist." };
  const field = "parentUserIdentifier";
  if (isAbsent(user.parentUserIdentifier)) {
    return profile.parent && { field, message: `A user with the profile ${profile.code} needs a parent.` };
  }
  const parent = replica.find("parent", String(user.parentUserIdentifier));
  if (!parent) return { field, message: "This user does not exist." };
  if (parent.id === id) return { field, message: "A user cannot be its own parent." };
  if (profile.parent && parent.profile.code !== profile.parent.code) {
    return { field, message: `The parent must have the profile ${profile.parent.code}.` };
  }
  return undefined;
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const requiredOfUser = [
  "civility",
  "lastname",
  "login",
  "email",
  "address.zipCode",
  "address.city",
  "address.country.code",
  "profile.code",
];

const optionalOfUser = ["firstname", "phone", "mobile", "company", "address.street"];

/**
 * Checks the required fields of the guide ("Prerequisites"), and the types of all fields that the OpenAPI document names: the
 * fake answers what it stores, and its answers must conform. It does not check whether profile and parent exist.
 */
function checkUser(body: unknown): Problem[] {
  if (!isObject(body)) return [{ field: "", message: "A JSON object is expected." }];
  const problems: Problem[] = [];
  for (const field of requiredOfUser) {
    const value = at(body, field);
    if (isAbsent(value) || value === "") problems.push({ field, message: "This is required." });
    else if (!isText(value)) problems.push({ field, message: "This must be a non-empty text." });
  }
  for (const field of optionalOfUser) {
    const value = at(body, field);
    if (value !== undefined && typeof value !== "string") problems.push({ field, message: "This must be a text." });
  }
  if (isText(body.email) && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(body.email)) {
    problems.push({ field: "email", message: "This is not a valid e-mail address." });
  }
  const { accountNumber, parentUserIdentifier } = body;
  if (!isAbsent(accountNumber) && !isText(accountNumber)) {
    problems.push({ field: "accountNumber", message: "This must be a non-empty text." });
  }
  if (!isAbsent(parentUserIdentifier) && !isText(parentUserIdentifier) && !Number.isInteger(parentUserIdentifier)) {
    problems.push({ field: "parentUserIdentifier", message: "This must be an id or an accountNumber." });
  }
  return problems;
}
