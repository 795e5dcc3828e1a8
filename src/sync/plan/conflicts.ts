import type { SyncStep } from "../../ledger/ledger.ts";

/** Whether a refusal may mean that another user has the same value: how Oplead answers a duplicate is not documented. */
export function isConflict(step: SyncStep, status: number | undefined): boolean {
  return step === "user" && (status === 409 || status === 422 || status === 400);
}
