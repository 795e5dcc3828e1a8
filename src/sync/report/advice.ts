import type { OpleadErrorCode } from "../../errors.ts";
import type { SyncStep } from "../../ledger/ledger.ts";

/** What to do about a failure, in a sentence. */
export function adviceFor(code: OpleadErrorCode, step: SyncStep, status: number | undefined): string {
  if (step !== "user" && (status === 403 || status === 404 || status === 405)) {
    return `Ask your Oplead platform administrator whether the rule ${step} is enabled; then run with retryHeld, or leave the rule out.`;
  }
  switch (code) {
    case "unauthorized":
      return "Renew the API token; the next run goes on from here.";
    case "forbidden":
      return "Ask your Oplead platform administrator what the API token may do; the next run tries again.";
    case "not_found":
      return "Check baseUrl: Oplead does not know the address; the next run tries again.";
    case "conflict":
      return "Look for another user with the same login, e-mail or accountNumber, and correct one of the two in the source.";
    case "rejected":
      return step === "user"
        ? "Correct the fields that Oplead names in the source; the user is tried again once it has changed."
        : "Correct the rule in the source, or leave it out where the platform does not have it; it is tried again once it has changed.";
    case "invalid_input":
      return "Correct the record in the source or in map.";
    case "rate_limited":
      return "Lower the client's rateLimit; the next run tries again.";
    case "server_error":
      return "Nothing to correct; the next run tries again. If it stays, send error.supportReport() to your Oplead platform administrator.";
    case "unexpected_response":
      return "Something between here and Oplead answers in its place (a proxy, maintenance): check baseUrl; the next run tries again.";
    case "ledger_unavailable":
      return "Mend the ledger; the next run finds out what has arrived.";
    case "ambiguous_creation":
      return "Nothing to correct; the next run finds out whether the user exists.";
    default:
      return "Nothing to correct; the next run tries again.";
  }
}
