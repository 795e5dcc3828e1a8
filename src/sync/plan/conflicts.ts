import type { HeldStep } from "../../ledger/ledger.ts";

/** Values that no two users may share. */
const UNIQUE_FIELDS = ["login", "email"];

/** Whether a change may free a value that another user was refused for. The marks of fields miss one change in sixteen. */
export function mayFreeValue(changedPaths: readonly string[]): boolean {
  return changedPaths.length === 0 || changedPaths.some((path) => UNIQUE_FIELDS.includes(path));
}

/** Whether a refusal may mean that another user has the same value: how Oplead answers a duplicate is not documented. */
export function isConflict({ step, status }: HeldStep): boolean {
  return step === "user" && (status === 409 || status === 422 || status === 400);
}
