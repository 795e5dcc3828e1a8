import { type Teller, tellerOf } from "../coded.ts";
import type { REASONS } from "./report.ts";

// The advice is apart from the words of reports, which load late, because each failure of a run carries its advice.
export const ADVICE = {
  invalid_options: "Correct the options that the message names.",
  invalid_input: "Correct the record in the source, or in map.",
  token_unavailable: "Repair the service that the token function asks; the next run continues from here.",
  unauthorized: "Renew the API token; the next run continues from here.",
  forbidden: "Ask your Oplead platform administrator for the missing right; the next run tries again.",
  not_found: "Check `baseUrl`; the next run tries again.",
  conflict: "Look for the other user, and correct one of the two in the source.",
  refused:
    "Correct the fields that Oplead names, in the source; the user is sent again after it has changed. If the platform names them otherwise: npx oplead-sdk probe.",
  rate_limited:
    "Nothing to correct: the client slows down by itself, and the next run tries again. If it happens every night, look for other programs with the same token.",
  server_error:
    "Nothing to correct; the next run tries again. If it stays, send what `oplead why ACCOUNT --support` prints, or error.supportReport(), to your Oplead platform administrator.",
  unexpected_response:
    "Check `baseUrl`, and whether a proxy or a maintenance page answers in place of Oplead; the next run tries again.",
  connection: "Check the network and the proxy; the next run tries again.",
  timeout: "Nothing to correct; the next run tries again.",
  deadline:
    "Nothing to correct; the next run tries again. If it stays, start fewer calls at once, or raise `rateLimit`, `maxConcurrency` or `deadlineMs`.",
  aborted: "Start the run again; it continues from here.",
  ambiguous_creation: "Nothing to correct; the next run finds out.",
  incomplete: "Correct what failed, and send the user again: what arrived is accepted again as it is.",
  sync_refused: "Read the plan; if it is right, apply it with `approve`.",
  source_failed: "Repair the source and start the run again.",
  ledger_unavailable: "Repair the ledger; the next run finds out what has arrived.",
  state_lost: "The next run sends the user again. Redis must not evict keys.",
  queue_unavailable: "Repair Redis; the next run sends what has not arrived.",
  ledger_mismatch:
    "Use the ledger of this platform; if the platform has moved, pass `advanced: { adoptPlatform: true }` once.",
  audit_unavailable: "Give the file a disk with room, and the program the right to write it; then start the run again.",
  ledger_conflict: "Nothing to correct; it is sent again.",
  rule_not_enabled:
    "Ask your Oplead platform administrator whether the rule is enabled; then run with retryHeld: true, or leave the rule out. npx oplead-sdk probe --as ACCOUNT finds another path.",
  rule_refused:
    "Correct the rule in the source, or leave it out where the platform does not have it; it is sent again after it has changed.",
  another_user:
    "Correct that user in Oplead at once, and check whether the ledger comes from another platform; the next run looks this user up by its account number.",
  run_stopped: "Nothing to correct; the next run sends it.",
  run_handed_over: "Nothing to correct; the next run sends it if the worker does not.",
  run_paused: "Nothing to correct; the first run after the pause sends it.",
  run_aborted: "Nothing to correct; the next run sends it.",
  parent_missing: "Correct this one; who waits for it is sent after it.",
  duplicate: "Keep the row that is right, and remove or correct the others.",
  leaver_grace: "Nothing to do yet. A user that comes back to the source leaves this list.",
  leaver_due:
    "Ask your Oplead platform administrator to deal with the user in Oplead, then tick it off: npx oplead-sdk leavers done.",
  leaver_perhaps: "Give the records of the source their account numbers, and settle who is perhaps known already.",
  suspicious: "Check the field in the source, and correct it if it is wrong.",
} satisfies Record<Exclude<keyof typeof REASONS, "possible_twin"> | "suspicious", string>;

export const tellAdvice: Teller<typeof ADVICE> = /* @__PURE__ */ tellerOf(ADVICE);
