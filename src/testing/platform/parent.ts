import type { Problem } from "../api/error-body.ts";
import type { FakeUserInput } from "../types/user.ts";
import type { Platform } from "./platform.ts";

/** Why the profile of a user, or its parent, does not fit the profile hierarchy; undefined if both do. */
export function checkParent(
  { replica, profiles }: Platform,
  user: FakeUserInput,
  id: string | undefined,
): Problem | undefined {
  const profile = profiles.get(user.profile.code);
  if (!profile) return { field: "profile.code", message: "This profile does not exist." };
  const field = "parentUserIdentifier";
  if (user.parentUserIdentifier === undefined || user.parentUserIdentifier === null) {
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
