import type { AcceptedRules, LedgerEntry } from "../../ledger/ledger.ts";
import type { RuleName } from "../../rules/rules.ts";
import type { Content } from "./content.ts";

type Kept = { [Name in RuleName]?: { readonly hash: string; readonly body: unknown } };

/**
 * What an entry keeps of the country, the postcode and the rules that Oplead accepted, once `content` is known: the parts of it whose hashes the
 * entry has. What it kept before stays where nothing better is known, also while a step is in doubt.
 */
export function acceptedBy(
  { user, rules, accepted }: Pick<LedgerEntry, "user" | "rules" | "accepted">,
  content: Content,
): AcceptedRules {
  const kept: Kept = { ...accepted?.rules };
  for (const { name, hash, toSend } of content.rules) {
    if (rules[name] === hash && kept[name]?.hash !== hash) kept[name] = { hash, body: bodyOf(hash, toSend.body) };
  }
  if (content.rulesOnly || user !== content.userHash) return { ...accepted, rules: kept };
  const { address } = content.user;
  return { user, country: textOf(address?.country?.code), zipCode: textOf(address?.zipCode), rules: kept };
}

/** Whether an entry keeps the place and each rule that Oplead accepted, as far as it has their hashes. */
export function keepsAccepted({ user, rules, accepted }: LedgerEntry): boolean {
  if (user !== undefined && accepted?.user !== user) return false;
  for (const name in rules) {
    const hash = rules[name as RuleName];
    if (hash !== undefined && accepted?.rules[name as RuleName]?.hash !== hash) return false;
  }
  return true;
}

/** Rules that many users have, kept once. A source may use its objects again, so each is a copy. */
const bodies = new Map<string, unknown>();
const MOST_BODIES = 2_000;

function bodyOf(hash: string, body: unknown): unknown {
  const known = bodies.get(hash) ?? JSON.parse(JSON.stringify(body));
  if (bodies.size >= MOST_BODIES) bodies.clear();
  bodies.set(hash, known);
  return known;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
