import type { UserVerdict } from "../types.ts";

/** What a user who is not eligible would need. If another rule is uncertain, these changes alone may not be enough. */
export function changesText({ rules, changes }: UserVerdict): string {
  const isEnough = Object.values(rules).every(({ result }) => result !== "uncertain");
  return `To be eligible${isEnough ? "" : ", at least"}: ${changes.join("; and ")}`;
}
