import type { UpsertResult } from "../../client/api.ts";
import type { HeldStep, LedgerEntry } from "../../ledger/ledger.ts";
import { acceptedBy } from "../content/accepted-rules.ts";
import type { Content } from "../content/content.ts";
import type { Marked } from "../content/marks.ts";
import type { HashedRule } from "../content/read-hashed-rules.ts";
import { withoutAccepted, withoutHeld } from "./entry-writer.ts";

/*
 * The entry of a user after an answer of Oplead.
 */

/** After Oplead has accepted the user. `marked`: its marks under the ID that Oplead gave. */
export function withUser(
  entry: LedgerEntry,
  content: Content,
  { id, outcome }: Pick<UpsertResult, "id" | "outcome">,
  marked: Marked,
): LedgerEntry {
  // A new user, and one under another id, has none of the rules that were set.
  const isSame = outcome === "updated" && id === entry.id;
  const rules = isSame ? entry.rules : {};
  const before = { ...withoutHeld(entry, "user"), movedFrom: undefined, accepted: isSame ? entry.accepted : undefined };
  const known = { ...before, id, user: content.userHash, ...marked, rules };
  return { ...known, accepted: acceptedBy(known, content) };
}

/** After Oplead has accepted a rule. */
export function withRule(entry: LedgerEntry, content: Content, { name, hash }: HashedRule): LedgerEntry {
  const known = { ...withoutHeld(entry, name), rules: { ...entry.rules, [name]: hash } };
  return { ...known, accepted: acceptedBy(known, content) };
}

/** After Oplead has refused a step for good. `isUncertain`: an earlier attempt of it may have been carried out. */
export function withRefusal(entry: LedgerEntry, refusal: Omit<HeldStep, "firstAt">, isUncertain: boolean): LedgerEntry {
  const { step, hash } = refusal;
  const before = entry.held?.[step];
  const firstAt = before?.hash === hash ? (before.firstAt ?? before.at) : undefined;
  const known = (isUncertain && withoutAccepted(entry, step)) || entry;
  return { ...known, held: { ...entry.held, [step]: { ...refusal, firstAt } } };
}
