import { issueBy, type OpleadIssue, within } from "../base/issues.ts";
import { CONTENT } from "../base/texts/en/content.ts";
import { VALUES } from "../base/texts/en/values.ts";
import { WEBHOOK } from "../base/texts/en/webhook.ts";
import { isObject } from "../base/validation/is-object.ts";
import { isVersion } from "../ledger/version.ts";
import { tryRules } from "../rules/read.ts";
import { findUserIssues } from "../user/user.ts";
import type { WebhookEntry } from "./options.ts";

const issue = /* @__PURE__ */ issueBy({ ...VALUES, ...CONTENT, ...WEBHOOK });

/** The result of `map` as a list; empty for an event that does not concern Oplead. */
export function listEntries(mapped: unknown): readonly WebhookEntry[] {
  // A forgotten return is a bug. If undefined meant "ignore", it would lose every event.
  if (mapped === undefined) throw new TypeError("map returned undefined; it returns null for an event to ignore");
  if (mapped === null) return [];
  return Array.isArray(mapped) ? mapped : [mapped as WebhookEntry];
}

/** Every problem of every entry, so that nothing is sent of a delivery that is partly wrong. Never holds a value. */
export function findEntryIssues(entries: readonly unknown[]): OpleadIssue[] {
  if (entries.length === 1) return issuesOf(entries[0]);
  return entries.flatMap((entry, index) => issuesOf(entry).map((found) => within(`[${index}]`, found)));
}

function issuesOf(entry: unknown): OpleadIssue[] {
  if (!isObject(entry)) return [issue("", "not_entry")];
  const { user, rules, version } = entry;
  const issues = findUserIssues(user).map((found) => within("user", found));
  if (isObject(user) && user.accountNumber === undefined) {
    issues.push(issue("user.accountNumber", "event_needs_account_number"));
  }
  if (rules !== undefined) {
    tryRules(rules, (_rule, found) => issues.push(within("rules", found)));
  }
  if (version !== undefined && !isVersion(version)) issues.push(issue("version", "not_version"));
  return issues;
}

/**
 * The problems in an error that `map` threw, if it is a validator's: a list of `issues` with paths (Zod, Valibot, and
 * {@link OpleadError}). A foreign validator's message may quote personal data, so only an OpleadError's message is kept.
 */
export function issuesIn(error: unknown, isOurs: boolean): OpleadIssue[] | undefined {
  const issues = isObject(error) ? error.issues : undefined;
  if (!Array.isArray(issues) || issues.length === 0) return undefined;
  return issues.slice(0, 100).map((found: OpleadIssue | null) => {
    const path = readPath(found?.path);
    return isOurs && found ? { ...found, path } : issue(path, "invalid");
  });
}

/** The names on a path may be data, such as the keys of a record by e-mail address. Those are not shown. */
function readPath(path: unknown): string {
  const names = Array.isArray(path) ? path.map(nameOf) : typeof path === "string" ? [path] : [];
  return names.map((name) => (/^[\w.[\]-]{1,80}$/.test(name) ? name : "[…]")).join(".");
}

/** Valibot's path items are objects with a key. */
function nameOf(item: unknown): string {
  return String(isObject(item) && "key" in item ? item.key : item);
}
