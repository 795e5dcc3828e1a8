import { counted, duration } from "../../base/words.ts";
import type { RateLimitOptions } from "../../options.ts";
import { someOf, who } from "../text.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Records without an account number may be the users that look missing. */
export function missingWarning(unidentified: number): string {
  return (
    `The source has ${counted(unidentified, "record")} without an account number, so users that look missing may be in it. ` +
    "No user is recorded as missing this time. The option key gives account numbers where map throws."
  );
}

/** Users whose entries are damaged are unknown to the plan. */
export function damagedWarning(damaged: readonly string[]): string[] {
  if (damaged.length === 0) return [];
  return [
    `The ledger entries of ${counted(damaged.length, "user")} are damaged (${someOf(damaged)}). If the source has these users, they are looked ` +
      "up by account number and sent again.",
  ];
}

/** Records whose versions say nothing about their order. */
export function incomparableWarning(incomparable: readonly string[]): string[] {
  if (incomparable.length === 0) return [];
  return [
    `The versions of ${counted(incomparable.length, "user")} cannot be compared with those in the ledger (${someOf(incomparable)}), for example a ` +
      "number with a time. What the source has now is taken for the newer state.",
  ];
}

/** Parents that only Oplead may know are not an error: the source need not keep them. */
export function unknownParentsWarning(unknown: readonly { accountNumber: string; parent: string }[]): string[] {
  if (unknown.length === 0) return [];
  const some = unknown.slice(0, 5).map(({ accountNumber, parent }) => `${who(accountNumber)} → ${who(parent)}`);
  const more = unknown.length > 5 ? `, … (${unknown.length})` : "";
  return [`Parents that neither the source nor the ledger knows: ${some.join(", ")}${more}.`];
}

/** The guide (best practices): "Don't sync more than once a day unless strictly controlled." A rate limit controls it. */
export function tooSoonWarning(
  lastRunAt: number | undefined,
  now: number,
  rateLimit: RateLimitOptions | false,
): string[] {
  if (rateLimit !== false || lastRunAt === undefined || now < lastRunAt || now - lastRunAt >= DAY_MS) return [];
  return [
    `The last run ended ${duration(now - lastRunAt)} ago, and this client has no rate limit. The guide advises one sync ` +
      "a day unless calls are throttled: set the client's rateLimit.",
  ];
}
