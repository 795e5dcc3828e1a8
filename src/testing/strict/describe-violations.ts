import type { FakeRequest } from "../types/request.ts";

/** The message for a test that failed because of its requests; undefined if they all conform. */
export function describeViolations(requests: readonly FakeRequest[]): string | undefined {
  const bad = requests.filter(({ violations }) => violations.length > 0);
  if (bad.length === 0) return undefined;
  const lines = bad.map(({ method, path, violations }) => [`${method} ${path}`, ...violations].join("\n    "));
  return `Of ${requests.length} requests, ${bad.length} do not conform to the OpenAPI document:\n  ${lines.join("\n  ")}`;
}
