import { expect } from "vitest";
import { OpleadError, type OpleadIssue } from "../../src/base/errors.ts";

/** The problems of the one `invalid_input` that a call throws. */
export function problemsOf(call: () => unknown): readonly OpleadIssue[] {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(OpleadError);
    const { code, issues = [], message } = error as OpleadError;
    expect(code).toBe("invalid_input");
    // The message shows a screenful, `issues` has them all.
    for (const issue of issues.slice(0, 20)) expect(message).toContain(issue.message);
    return issues;
  }
  throw new Error("nothing was thrown");
}

export function pathsOf(call: () => unknown): string[] {
  return problemsOf(call).map(({ path }) => path);
}
