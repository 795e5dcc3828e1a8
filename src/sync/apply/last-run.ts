import { INFO_KEY } from "../../ledger/entry.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import type { GuardFinding } from "../records.ts";
import { duration } from "../text.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Earlier versions noted the last run as an entry with an empty account number. A ledger of your own may still list it. */
export function isUser(accountNumber: string): boolean {
  return accountNumber !== INFO_KEY;
}

/** The guide: "Don't sync more than once a day unless strictly controlled." Which a rate limit does. */
export async function tooSoon(ledger: Ledger, now: number): Promise<GuardFinding | undefined> {
  const info = await useLedger(async () => ledger.getInfo?.());
  const at = info?.lastRunAt;
  if (at === undefined || now - at >= DAY_MS) return undefined;
  const message =
    `The last run ended ${duration(now - at)} ago, and this client has no rate limit. The guide advises one sync a ` +
    "day unless calls are throttled: set the client's rateLimit, or force this run.";
  return { code: "too_soon", message };
}

/** Only of runs that came to their end: what was killed, stopped or aborted may go on at once. */
export async function noteRun(ledger: Ledger, at: number): Promise<void> {
  await useLedger(async () => ledger.setInfo?.({ lastRunAt: at }));
}
