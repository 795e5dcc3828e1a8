import type { AcceptedRules, LedgerEntry } from "../../../ledger/ledger.ts";
import type { PolicyUser } from "../../../policy-types.ts";
import { textOf } from "../../../reconcile/content/accepted-rules.ts";
import { type RuleName, ruleNames, type UserRules } from "../../../rules/rules.ts";
import type { Change } from "../judge.ts";

/** A user as Oplead accepted it last, by its entry; undefined if Oplead does not have it. */
export function acceptedUser(
  accountNumber: string,
  entry: LedgerEntry | undefined,
  segment: string | undefined,
  leaversCover: boolean,
): PolicyUser | undefined {
  if (entry?.id === undefined) return undefined;
  const { user, rules: hashes, accepted, doubtedAt, missingSince, leaverDone } = entry;
  // Of a user whose id was imported, and of one that a late request may still change, nothing is known.
  const isUnknown = doubtedAt !== undefined || (user === undefined && Object.keys(hashes).length === 0);
  const rules: Record<string, unknown> = {};
  const unknown: RuleName[] = [];
  for (const name of ruleNames) {
    const [hash, kept] = [hashes[name], accepted?.rules[name]];
    const known = kept?.hash === hash ? kept : undefined;
    if (!isUnknown && hash !== undefined && known) rules[name] = known.body;
    // A rule that was accepted before, and of which the ledger no longer says so, may be there or not.
    else if (isUnknown || hash !== undefined || kept) unknown.push(name);
  }
  const place = user !== undefined && accepted?.user === user ? accepted : undefined;
  return {
    ...userAt(accountNumber, place),
    rules: rules as UserRules,
    segment: entry.segment ?? segment,
    unknown,
    isPlaceUnknown: place === undefined || isUnknown,
    counts: missingSince === undefined || (leaversCover && leaverDone === undefined),
  };
}

function userAt(
  accountNumber: string,
  place: Pick<AcceptedRules, "country" | "zipCode"> | undefined,
): Pick<PolicyUser, "user"> {
  const { country, zipCode } = place ?? {};
  return {
    user: { accountNumber, address: { zipCode, country: country === undefined ? undefined : { code: country } } },
  };
}

/** A user once a change has been sent. The same object, if nothing of it matters to policies. */
export function changedUser(
  before: PolicyUser | undefined,
  { content, open, planned }: Change,
  entry: LedgerEntry | undefined,
  segment: string | undefined,
): PolicyUser {
  const { accountNumber } = planned;
  const differing = open.rules.filter(({ name, hash }) => {
    return before === undefined || entry?.rules[name] !== hash || before.unknown.includes(name);
  });
  const { address } = content.user;
  const place = { country: textOf(address?.country?.code), zipCode: textOf(address?.zipCode) };
  const home = before?.user.address;
  const isMoved = before?.isPlaceUnknown || home?.zipCode !== place.zipCode || home?.country?.code !== place.country;
  const isPlaced = open.user && !content.rulesOnly && isMoved;
  if (before && differing.length === 0 && !isPlaced) return before;
  const sent = new Set(differing.map(({ name }) => name));
  const others = Object.entries(before?.rules ?? {}).filter(([name]) => !sent.has(name as RuleName));
  return {
    ...(isPlaced || !before ? userAt(accountNumber, place) : { user: before.user }),
    rules: Object.fromEntries([...others, ...differing.map(({ name, toSend }) => [name, toSend.body])]) as UserRules,
    segment: segment ?? before?.segment,
    unknown: (before?.unknown ?? []).filter((name) => !sent.has(name)),
    isPlaceUnknown: !isPlaced && (before?.isPlaceUnknown ?? false),
    counts: before?.counts ?? true,
  };
}
