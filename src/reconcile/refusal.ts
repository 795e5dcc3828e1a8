import type { OpleadError } from "../errors.ts";
import type { SyncStep } from "../ledger/ledger.ts";

/** Answers that say something of the moment, the token or the address, and nothing of the content that was sent. */
const NOT_THE_CONTENT = new Set([401, 407, 408, 423, 425, 429]);

/**
 * Whether Oplead has refused the content for good. A user that is forbidden (403) or not found (404) may be fine: the
 * token or the base URL is wrong. For a rule the same answers say that it is not enabled for the platform.
 */
export function isRefusedForGood(step: SyncStep, error: OpleadError): boolean {
  const { status } = error;
  if (error.code === "ambiguous_creation" || status === undefined || status < 400 || status >= 500) return false;
  if (step === "user" && (status === 403 || status === 404 || status === 405)) return false;
  return !NOT_THE_CONTENT.has(status);
}
