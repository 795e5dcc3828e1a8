import type { OpleadError } from "../base/errors.ts";
import { fieldsNamedIn } from "../base/redact.ts";
import type { SyncStep } from "../ledger/ledger.ts";

/** Answers about the moment, the token or the address, and not about the content that was sent. */
const NOT_ABOUT_CONTENT = new Set([401, 407, 408, 423, 425, 429]);

/**
 * Whether Oplead itself refused the content for good. A user that is answered 403, 404 or 405 may be fine, because the token
 * or the base URL is wrong; a rule that is answered the same is not enabled for the platform.
 */
export function isRefusedForGood(step: SyncStep, error: OpleadError): boolean {
  const { status, code, retryable } = error;
  if (retryable || code === "ambiguous_creation" || code === "unexpected_response") return false;
  if (status === undefined || status < 400 || status >= 500 || NOT_ABOUT_CONTENT.has(status)) return false;
  return step !== "user" || (status !== 403 && status !== 404 && status !== 405);
}

/** Whether a refusal may mean that Oplead does not have the user's parent. */
export function mayBeAboutParent({ body }: OpleadError): boolean {
  const named = fieldsNamedIn(body);
  return named.length === 0 || named.includes("parentUserIdentifier");
}

/** Whether a refusal may mean that another user has the same value: how Oplead answers a duplicate is not documented. */
export function mayBeConflict(step: SyncStep, status: number | undefined): boolean {
  return step === "user" && (status === 409 || status === 422 || status === 400);
}
