import type { OpleadIssue } from "../../../errors.ts";
import { isObject } from "../../../validation/is-object.ts";

/** White space before or after a value: usually left over from an export, and part of the value for Oplead. */
export function spaceIssues(user: Readonly<Record<string, unknown>>, path = ""): OpleadIssue[] {
  return Object.entries(user).flatMap(([name, value]) => {
    if (isObject(value)) return spaceIssues(value, `${path}${name}.`);
    const isPadded = typeof value === "string" && value !== value.trim();
    return isPadded ? [{ path: `${path}${name}`, message: "has white space around it" }] : [];
  });
}
