import type { FakeUser, FakeUserInput } from "../types/user.ts";
import { checkUser } from "./check-user.ts";
import { checkParent } from "./parent.ts";
import { type Platform, type Reply, refuse } from "./platform.ts";

export function createUser(platform: Platform, _parameter: string, body: unknown): Reply {
  const refusal = refuseUser(platform, body, undefined);
  if (refusal) return refusal;
  return saved(platform, 201, { ...(body as FakeUserInput), id: platform.ids.next(platform.store) });
}

export function updateUser(platform: Platform, idOrAccountNumber: string, body: unknown): Reply {
  const { store, replica } = platform;
  const found = replica.find("user", idOrAccountNumber);
  if (!found) return refuse(404, "User not found.");
  const refusal = refuseUser(platform, body, found.id);
  if (refusal) return refusal;
  // The body replaces the user (assumed), but a body that does not repeat the accountNumber leaves it in place.
  const { accountNumber } = store.byId(found.id) ?? found;
  return saved(platform, 200, { accountNumber, ...(body as FakeUserInput), id: found.id });
}

function saved(platform: Platform, status: number, user: FakeUser): Reply {
  const { accountNumber, parentUserIdentifier, ...rest } = user;
  const body = {
    ...rest,
    // Null means "none" (assumed). The document knows no null, so an answer leaves the field out.
    accountNumber: accountNumber ?? undefined,
    parentUserIdentifier: parentUserIdentifier ?? undefined,
    id: platform.ids.sent(user.id),
  };
  return {
    status,
    body,
    write: () => platform.store.put(user),
    conflicts: () => takenField(platform, user, user.id) !== undefined,
  };
}

/** The checks of POST and PUT alike: required fields, then profile and parent, then what must be unique. */
export function refuseUser(platform: Platform, body: unknown, id: string | undefined): Reply | undefined {
  const problems = checkUser(body);
  if (problems.length > 0) return refuse(422, undefined, problems);
  const user = body as FakeUserInput;

  const misplaced = checkParent(platform, user, id);
  if (misplaced) return refuse(422, undefined, [misplaced]);

  const field = takenField(platform, user, id);
  return field && refuse(409, undefined, [{ field, message: "This value is already used." }]);
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
