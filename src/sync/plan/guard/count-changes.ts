import type { Change } from "../judge.ts";

export interface ChangeCounts {
  /**
   * Users of which the ledger has no id. In none of the figures: users of an approved first night that goes on, and held ones that are tried once
   * more as they are, because they have been held for long, another user's change may help them, or a person asked for it (`heldRetryAfterMs: 0`).
   */
  readonly new: number;
  /** Users that differ from what Oplead accepted. */
  readonly changed: number;
  /** How many of those get another profile or another parent. */
  readonly moved: number;
}

export function countChanges(changes: readonly Change[]): ChangeCounts {
  const counted = changes.filter(({ approved, isRefusedBefore, planned }) => {
    return !approved && !isRefusedBefore && planned.kind !== "retried";
  });
  const created = counted.filter(({ planned }) => planned.kind === "new").length;
  const changed = counted.filter(({ planned, differs }) => planned.kind !== "new" && differs);
  const moved = changed.filter(({ planned: { fields } }) => {
    return fields.includes("profile") || fields.includes("parentUserIdentifier");
  });
  return { new: created, changed: changed.length, moved: moved.length };
}
