import type { Ledger } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import type { GuardFinding } from "../records.ts";
import { duration } from "../text.ts";

/** No user has an empty account number, so the ledger's note about itself lies there. */
const OWN_NOTE = "";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether an account number of the ledger is that of a user. */
export function isUser(accountNumber: string): boolean {
  return accountNumber !== OWN_NOTE;
}

/** The guide: "Don't sync more than once a day unless strictly controlled." Which a rate limit does. */
export async function tooSoon(ledger: Ledger, now: number): Promise<GuardFinding | undefined> {
  const last = await useLedger(() => ledger.get(OWN_NOTE));
  if (!last || now - last.at >= DAY_MS) return undefined;
  const message =
    `The last run ended ${duration(now - last.at)} ago, and this client has no rate limit. The guide advises one sync a ` +
    "day unless calls are throttled: set the client's rateLimit, or force this run.";
  return { code: "too_soon", message };
}

/** Only of runs that came to their end: what was killed, stopped or aborted may go on at once. */
export async function noteRun(ledger: Ledger, at: number): Promise<void> {
  await useLedger(() => ledger.set(OWN_NOTE, { rules: {}, at }));
}
