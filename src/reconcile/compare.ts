import type { HeldStep, LedgerEntry, SyncStep } from "../ledger/ledger.ts";
import { isOlder } from "../ledger/version.ts";
import type { Content, HashedRule } from "./content.ts";
import { markFields } from "./hash.ts";

/** A step that differs from what Oplead has, and is not to be sent. */
export interface StepOnHold extends HeldStep {
  readonly step: SyncStep;
}

/** What has to be sent so that Oplead has a user as the source has it. */
export interface Due {
  /** Whether the ledger has something newer: then nothing is due. */
  readonly stale: boolean;
  readonly user: boolean;
  readonly rules: readonly HashedRule[];
  /** Steps that differ but are held: Oplead has refused just this content. */
  readonly held: readonly StepOnHold[];
}

/** `retryHeld` makes held steps due again. Rules wait for a user that is held. */
export function compare(content: Content, known: LedgerEntry | undefined, retryHeld: boolean): Due {
  if (isOlder(content.version, known?.version)) return { stale: true, user: false, rules: [], held: [] };
  const holdOf = (step: SyncStep, hash: string): StepOnHold | undefined => {
    const refused = retryHeld ? undefined : known?.held?.[step];
    return refused?.hash === hash ? { step, ...refused } : undefined;
  };

  const userDiffers = known?.id === undefined || known.user !== content.userHash;
  const onHold = userDiffers ? holdOf("user", content.userHash) : undefined;
  if (onHold) return { stale: false, user: false, rules: [], held: [onHold] };
  const rules: HashedRule[] = [];
  const held: StepOnHold[] = [];
  for (const rule of content.rules) {
    if (known?.rules[rule.name] === rule.hash) continue;
    const onHold = holdOf(rule.name, rule.hash);
    if (onHold) held.push(onHold);
    else rules.push(rule);
  }
  return { stale: false, user: userDiffers, rules, held };
}

/** The top-level fields in which a user differs from what Oplead has accepted. All of them, if it never has. */
export function changedFields(content: Content, known: LedgerEntry | undefined): string[] {
  const now = markFields(content.user);
  const before = known?.fields ?? {};
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).sort();
}
