import type { OpleadIssue } from "../base/issues.ts";
import { isObject } from "../base/validation/is-object.ts";
import { tryRules } from "../rules/read.ts";
import { findUserIssues } from "../user/user.ts";
import type { WebhookEntry } from "./options.ts";

/** What `map` returned, as a list; empty for an event that does not concern Oplead. */
export function listEntries(mapped: unknown): readonly WebhookEntry[] {
  // A forgotten return is a bug. If undefined meant "ignore", it would lose every event.
  if (mapped === undefined) throw new TypeError("map returned undefined; it returns null for an event to ignore");
  if (mapped === null) return [];
  return Array.isArray(mapped) ? mapped : [mapped as WebhookEntry];
}

/** Every problem of every entry, so that nothing is sent of a delivery that is partly wrong. Never holds a value. */
export function findEntryIssues(entries: readonly unknown[]): OpleadIssue[] {
  if (entries.length === 1) return issuesOf(entries[0]);
  return entries.flatMap((entry, index) => issuesOf(entry).map(within(`[${index}]`)));
}

function issuesOf(entry: unknown): OpleadIssue[] {
  if (!isObject(entry)) return [{ path: "", message: "must be an entry: { user, rules?, version? }" }];
  const { user, rules, version } = entry;
  const issues = findUserIssues(user).map(within("user"));
  if (isObject(user) && user.accountNumber === undefined) {
    const message = "is required: without it the next event would create the user a second time";
    issues.push({ path: "user.accountNumber", message });
  }
  if (rules !== undefined) {
    tryRules(rules, (_rule, path, message) => issues.push(within("rules")({ path, message })));
  }
  if (version !== undefined && typeof version !== "string" && !Number.isFinite(version)) {
    issues.push({ path: "version", message: "must be a number or text" });
  }
  return issues;
}

/** A problem of a part, as one of the whole. */
function within(part: string) {
  return ({ path, message }: OpleadIssue): OpleadIssue => ({ path: path ? `${part}.${path}` : part, message });
}

/**
 * The problems in an error that `map` threw, if it is a validator's: a list of `issues` with paths (Zod, Valibot, and
 * {@link OpleadError}). A foreign validator's message may quote personal data, so only an OpleadError's message is kept.
 */
export function issuesIn(error: unknown, isOurs: boolean): OpleadIssue[] | undefined {
  const issues = isObject(error) ? error.issues : undefined;
  if (!Array.isArray(issues) || issues.length === 0) return undefined;
  return issues.slice(0, 100).map((issue: { path?: unknown; message?: unknown } | null) => ({
    path: readPath(issue?.path),
    message: isOurs ? String(issue?.message) : "is not valid",
  }));
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
