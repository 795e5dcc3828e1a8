import { expect } from "vitest";
import { OpleadError } from "../../src/core/errors.ts";
import type { OpleadIssue } from "../../src/core/issues.ts";

export function textsOf(issues: readonly OpleadIssue[]): { path: string; message: string }[] {
  return issues.map(({ path, message }) => ({ path, message }));
}

export function problemsOf(call: () => unknown): readonly OpleadIssue[] {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(OpleadError);
    const { code, issues = [], message } = error as OpleadError;
    expect(code).toBe("invalid_input");
    // The message shows only some of the problems.
    for (const issue of issues.slice(0, 20)) expect(message).toContain(issue.message);
    return issues;
  }
  throw new Error("nothing was thrown");
}

export function pathsOf(call: () => unknown): string[] {
  return problemsOf(call).map(({ path }) => path);
}
