import type { PlainCode } from "../texts/say.ts";

/** Words that were commands. The text `instead_of_…` says what answers their question. */
const GONE = [
  "undo",
  "show",
  "diff",
  "verify",
  "support",
  "rules",
  "policies",
  "audit",
  "notify",
  "queue",
  "rate",
] as const;

/** What answers instead of a command that is gone; undefined for any other word. */
export function successorOf(name: string): PlainCode | undefined {
  const gone = GONE.find((one) => one === name);
  return gone && `instead_of_${gone}`;
}
