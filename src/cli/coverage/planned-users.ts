import { defaultAssumptions, type PolicyContext, type PolicyUser, type SyncPolicy } from "oplead-sdk/coverage";
import type { Ledger, LedgerEntry, PolicyCoverage } from "oplead-sdk/sync";

/** A policy that finds nothing: it keeps the users before and after a plan, as policies get them. */
export class PlannedUsers implements SyncPolicy {
  readonly name = "coverage";
  /** Undefined for a plan that does not change what users cover. */
  context: PolicyContext | undefined;

  judge(context: PolicyContext): [] {
    this.context = context;
    return [];
  }
}

/** The users that Oplead has according to the ledger. Oplead still has the rules of leavers, until an administrator has dealt with them. */
export async function usersInOplead(
  ledger: Ledger,
  coverage: PolicyCoverage,
  signal: AbortSignal,
): Promise<PolicyContext> {
  const unchanged: PolicyUser[] = [];
  for await (const [accountNumber, entry] of ledger.entries()) {
    signal.throwIfAborted();
    if (entry.id !== undefined) unchanged.push(userOf(accountNumber, entry));
  }
  return { ...coverage, unchanged, changes: [], isState: true, signal };
}

function userOf(accountNumber: string, { rules: hashes, accepted, segment, leaverDone }: LedgerEntry): PolicyUser {
  const names = defaultAssumptions.enabledRules;
  const kept = names.flatMap((name) => {
    const rule = accepted?.rules[name];
    return rule && rule.hash === hashes[name] ? [[name, rule.body] as const] : [];
  });
  const { country, zipCode } = accepted ?? {};
  return {
    user: { accountNumber, address: { zipCode, country: country === undefined ? undefined : { code: country } } },
    rules: Object.fromEntries(kept),
    segment,
    unknown: names.filter((name) => hashes[name] !== undefined && !kept.some(([known]) => known === name)),
    isPlaceUnknown: zipCode === undefined,
    counts: leaverDone === undefined,
  };
}

/** How many users there are of which it is not known what Oplead has. */
export function unknownIn({ unchanged, changes }: PolicyContext): number {
  const known = [...unchanged, ...changes.flatMap(({ before }) => before ?? [])];
  return known.filter(({ unknown, isPlaceUnknown }) => unknown.length > 0 || isPlaceUnknown).length;
}
