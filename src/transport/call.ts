import { invalid, OpleadError } from "../core/errors.ts";
import { issueAt, type OpleadIssue, pathValueProblem } from "../core/issues.ts";
import { showIdentity } from "../core/redact.ts";
import { SAFE } from "./retry.ts";
import type { CallSettings } from "./settings.ts";
import type { WireRequest } from "./wire.ts";

export interface Call extends CallSettings {
  readonly id: string;
  readonly operation: string;
  readonly subject?: string | undefined;
  readonly deadlineAt: number;
  // Time left of the caller's lease. The call ends with the lease: a process that stood still must not overwrite newer
  // writes.
  readonly leaseLeftMs: (() => number) | undefined;
  // Called when a request has its turn, right before it is sent. May write ahead; what it throws ends the call.
  readonly opening: (() => Promise<void> | undefined) | undefined;
  readonly requestIds: string[];
  requests: number;
  // A repeated attempt ended without a known outcome.
  inDoubt: boolean;
  // Oplead may still carry out an earlier attempt. It has stopped after a 5xx of its own, but not after one of a proxy.
  mayComeLate: boolean;
  // Errors show only `shownPath`.
  request?: { readonly method: string; readonly host: string; readonly url: string } | undefined;
}

export type Within = Partial<Pick<Call, "leaseLeftMs" | "opening" | "requestIds">>;

export type CallSummary = Pick<Call, "operation" | "testMode" | "requests" | "subject" | "request">;

export interface Outgoing {
  readonly operation?: string;
  readonly method: string;
  readonly path?: string;
  readonly url: string;
  readonly body: WireRequest["body"];
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
  readonly rule?: string | undefined;
  readonly binary?: boolean;
}

// URL parsers resolve `.` and `..` (also `%2e`) and drop empty segments: `PUT /v1/users/..` would become `PUT /v1/`.
export function fillPath(template: string, values: Readonly<Record<string, unknown>>): string {
  const issues: OpleadIssue[] = [];
  const parts = template.split(/\{([^{}]+)\}/).map((part, at) => {
    if (at % 2 === 0) return part;
    const wrong = pathValueProblem(values[part]);
    if (wrong) issues.push(issueAt(part, wrong));
    return wrong ? "" : encodeURIComponent(String(values[part]));
  });
  if (issues.length > 0) throw invalid("invalid_input", `${template}: nothing was sent`, issues);
  return parts.join("");
}

// Checks URLs of the raw client.
export function checkUrl(url: string, baseUrl: string): void {
  if (!url.startsWith(`${baseUrl}/`)) {
    throw new OpleadError(
      "invalid_input",
      "the URL is outside the client's baseUrl, so the token is not sent there. Nothing was sent.",
    );
  }
  const path = url.slice(baseUrl.length).replace(/[?#].*/s, "");
  // URL parsers drop tabs and line breaks, so ".\t." would become "..".
  if (/\/(?:\.|%2e){1,2}(?:\/|$)|\/\/|[{}\\\s]/i.test(path)) {
    throw new OpleadError("invalid_input", "the path has an empty, unfilled or relative part. Nothing was sent.");
  }
}

export function shownPath(url: string): string {
  const path = url.slice(url.indexOf("/", "https://".length)).replace(/[?#].*/s, "");
  return path.split("/").map(shownSegment).join("/");
}

// Decoded first: percent-encoded personal data would not be recognised.
function shownSegment(segment: string): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // Not encoded by this package: judged as it is.
  }
  return showIdentity(text) === text ? segment : showIdentity(text);
}

export function withTestMode(url: string, method: string, parameter: string): string {
  if (SAFE.has(method)) return url;
  const parsed = new URL(url);
  const { searchParams } = parsed;
  // PHP reads `test[]`, ` test` and `test%00` as the same parameter, and the last of them wins.
  for (const name of new Set(searchParams.keys())) {
    if (name !== parameter && name.trim().split(/[[\0]/, 1)[0] === parameter) searchParams.delete(name);
  }
  searchParams.set(parameter, "true");
  return parsed.href;
}
