import { tellValue } from "../../locales/en/core.ts";
import { issueAt, type OpleadIssue, shownName } from "../issues.ts";
import { isObject } from "./is-object.ts";

/**
 * The problems in an error that `map` threw, if it is a validator's: a list of `issues` with paths (Zod, Valibot, and
 * {@link OpleadError}). A foreign validator's message may quote personal data, so only an OpleadError's message is kept.
 */
export function issuesIn(error: unknown, isOurs: boolean): OpleadIssue[] | undefined {
  const issues = isObject(error) ? error.issues : undefined;
  if (!Array.isArray(issues) || issues.length === 0) return undefined;
  return issues.slice(0, 100).map((found: OpleadIssue | null) => {
    const path = readPath(found?.path);
    return isOurs && found ? { ...found, path } : issueAt(path, tellValue("invalid"));
  });
}

function readPath(path: unknown): string {
  const names = Array.isArray(path) ? path.map(nameOf) : typeof path === "string" ? [path] : [];
  return names.map(shownName).join(".");
}

/** Valibot's path items are objects with a key. */
function nameOf(item: unknown): string {
  return String(isObject(item) && "key" in item ? item.key : item);
}
