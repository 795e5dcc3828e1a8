import type { PlainCode } from "../texts/say.ts";

/** Words that were commands, and what answers their question. */
const GONE: Readonly<Record<string, PlainCode>> = {
  undo: "instead_of_undo",
  show: "instead_of_show",
  diff: "instead_of_diff",
  verify: "instead_of_verify",
  support: "instead_of_support",
  rules: "instead_of_rules",
  policies: "instead_of_policies",
  audit: "instead_of_audit",
  notify: "instead_of_notify",
  queue: "instead_of_queue",
  rate: "instead_of_rate",
};

/** What answers instead of a command that is gone; undefined for any other word. */
export function successorOf(name: string): PlainCode | undefined {
  return Object.hasOwn(GONE, name) ? GONE[name] : undefined;
}
