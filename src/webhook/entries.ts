import type { OpleadIssue } from "../errors.ts";
import { tryRules } from "../rules/read.ts";
import { findUserIssues } from "../user/schema.ts";
import type { WebhookEntry } from "./options.ts";

/** What `map` gave, as a list; empty for an event that does not concern Oplead. */
export function listEntries(mapped: unknown): readonly WebhookEntry[] {
  // A forgotten return is a bug, and taking it for null would lose every event.
  if (mapped === undefined) throw new TypeError("map returned undefined; for an event to be ignored it returns null");
  if (mapped === null) return [];
  return Array.isArray(mapped) ? mapped : [mapped as WebhookEntry];
}

/** Every problem of every entry, so that nothing is sent of a delivery that is wrong in part. Never holds a value. */
export function findEntryIssues(entries: readonly unknown[]): OpleadIssue[] {
  return entries.flatMap((entry, index) => {
    const within = entries.length === 1 ? "" : `[${index}]`;
    return issuesOf(entry).map(({ path, message }) => ({
      path: within === "" || path === "" ? within + path : `${within}.${path}`,
      message,
    }));
  });
}

function issuesOf(entry: unknown): OpleadIssue[] {
  if (typeof entry !== "object" || entry === null) {
    return [{ path: "", message: "must be an entry: { user, rules?, version? }" }];
  }
  const { user, rules, version } = entry as { user?: unknown; rules?: unknown; version?: unknown };
  const issues = findUserIssues(user).map(({ path, message }) => ({ path: path ? `user.${path}` : "user", message }));
  if (typeof user === "object" && user !== null && (user as { accountNumber?: unknown }).accountNumber === undefined) {
    const message = "is required: without it the next event would create the user a second time";
    issues.push({ path: "user.accountNumber", message });
  }
  if (rules !== undefined) {
    tryRules(rules, (_rule, path, message) => {
      issues.push({ path: path ? `rules.${path}` : "rules", message });
    });
  }
  if (version !== undefined && typeof version !== "string" && !Number.isFinite(version)) {
    issues.push({ path: "version", message: "must be a number or text" });
  }
  return issues;
}

/**
 * The problems in an error that `map` threw, if it is a validator's: a list of `issues` with paths (Zod, Valibot, and our
 * own). What a foreign message says is not known to be harmless, so only an {@link OpleadError}'s is kept.
 */
export function issuesIn(error: unknown, areHarmless: boolean): OpleadIssue[] | undefined {
  const { issues } = (typeof error === "object" && error !== null ? error : {}) as { issues?: unknown };
  if (!Array.isArray(issues) || issues.length === 0) return undefined;
  return issues.slice(0, 100).map((issue: { path?: unknown; message?: unknown } | null) => ({
    path: readPath(issue?.path),
    message: areHarmless ? String(issue?.message) : "is not valid",
  }));
}

/** A path may lead through names that are data, such as the keys of a record by e-mail address. */
function readPath(path: unknown): string {
  const names = Array.isArray(path) ? path.map(nameOf) : typeof path === "string" ? [path] : [];
  return names.map((name) => (/^[\w.[\]-]{1,80}$/.test(name) ? name : "[…]")).join(".");
}

/** Valibot's path items are objects with a key. */
function nameOf(item: unknown): string {
  return String(typeof item === "object" && item !== null && "key" in item ? item.key : item);
}
