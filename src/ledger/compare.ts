import type { Content, HashedRule } from "./content.ts";
import { markFields } from "./hash.ts";
import type { DeliveryStep, LedgerEntry } from "./ledger.ts";
import { isOlder } from "./version.ts";

/** What has to be sent so that Oplead has a user as the source has it. */
export interface Due {
  /** Whether the ledger has something newer: then nothing is due. */
  readonly stale: boolean;
  readonly user: boolean;
  readonly rules: readonly HashedRule[];
  /** Steps that differ but are held: Oplead has refused just this content. */
  readonly held: readonly DeliveryStep[];
}

/** `retryHeld` makes held steps due again. Rules wait for a user that is held. */
export function compare(content: Content, known: LedgerEntry | undefined, retryHeld: boolean): Due {
  if (isOlder(content.version, known?.version)) return { stale: true, user: false, rules: [], held: [] };
  const isHeld = (step: DeliveryStep, hash: string): boolean => !retryHeld && known?.held?.[step]?.hash === hash;

  const userDiffers = known?.id === undefined || known.user !== content.userHash;
  if (userDiffers && isHeld("user", content.userHash)) return { stale: false, user: false, rules: [], held: ["user"] };
  const different = content.rules.filter(({ name, hash }) => known?.rules[name] !== hash);
  return {
    stale: false,
    user: userDiffers,
    rules: different.filter(({ name, hash }) => !isHeld(name, hash)),
    held: different.filter(({ name, hash }) => isHeld(name, hash)).map(({ name }) => name),
  };
}

/** The top-level fields in which a user differs from what Oplead has accepted. All of them, if it never has. */
export function changedFields(content: Content, known: LedgerEntry | undefined): string[] {
  const now = markFields(content.user);
  const before = known?.fields ?? {};
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).sort();
}
