import { isObject } from "../validation/is-object.ts";

/** The account number of what should be a user; undefined where there is none that could identify it. */
export function accountNumberOf(user: unknown): string | undefined {
  const value = isObject(user) ? user.accountNumber : undefined;
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
