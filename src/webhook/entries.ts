import { issueAt, type OpleadIssue, within } from "../base/issues.ts";
import { isObject } from "../base/validation/is-object.ts";
import { isVersion } from "../ledger/version.ts";
import { tellContent } from "../locales/en/core.ts";
import { tellWebhook } from "../locales/en/webhook.ts";
import type { SourceUser } from "../reconcile/content/content.ts";
import { keyIssues } from "../reconcile/content/content.ts";
import { tryRules } from "../rules/read.ts";
import type { UserOptions } from "../user/fields.ts";
import { findUserIssues } from "../user/user.ts";

/** The result of `map` as a list; empty for an event that does not concern Oplead. */
export function listEntries(mapped: unknown): readonly SourceUser[] {
  // A forgotten return is a bug. If undefined meant "ignore", it would lose every event.
  if (mapped === undefined) throw new TypeError("map returned undefined; it returns null for an event to ignore");
  if (mapped === null) return [];
  return Array.isArray(mapped) ? mapped : [mapped as SourceUser];
}

/** Every problem of every entry, so that nothing is sent of a delivery that is partly wrong. Never holds a value. */
export function findEntryIssues(entries: readonly unknown[], options: UserOptions): OpleadIssue[] {
  if (entries.length === 1) return issuesOf(entries[0], options);
  return entries.flatMap((entry, index) => issuesOf(entry, options).map((found) => within(`[${index}]`, found)));
}

function issuesOf(entry: unknown, options: UserOptions): OpleadIssue[] {
  if (!isObject(entry)) return [issueAt("", tellWebhook("not_entry"))];
  const { user, rules, version } = entry;
  const issues = findUserIssues(user, options).map((found) => within("user", found));
  issues.push(...keyIssues(entry));
  if (isObject(user) && user.accountNumber === undefined) {
    issues.push(issueAt("user.accountNumber", tellWebhook("event_needs_account_number")));
  }
  if (rules !== undefined) {
    tryRules(rules, (_rule, found) => issues.push(within("rules", found)));
  }
  if (version !== undefined && !isVersion(version)) issues.push(issueAt("version", tellContent("not_version")));
  return issues;
}
