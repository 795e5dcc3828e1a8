import type { HeldStep } from "../../ledger/ledger.ts";

/** Values that no two users may share. */
const UNIQUE_FIELDS = ["login", "email"];

/** Whether a change may free a value that another user was refused for. */
export function freesUniqueValue(changedFields: readonly string[]): boolean {
  return changedFields.some((field) => UNIQUE_FIELDS.includes(field));
}

/** Whether a refusal may mean that another user has the same value: how Oplead answers a duplicate is not documented. */
export function isConflict({ step, status }: HeldStep): boolean {
  return step === "user" && (status === 409 || status === 422 || status === 400);
}
