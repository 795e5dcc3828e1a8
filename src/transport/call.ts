import { invalid, OpleadError } from "../core/errors.ts";
import { issueAt, type OpleadIssue, pathValueProblem } from "../core/issues.ts";
import { showIdentity } from "../core/redact.ts";
import { SAFE } from "./retry.ts";
import type { CallSettings } from "./settings.ts";
import type { WireRequest } from "./wire.ts";

/** A call under way: one method of the client, however many requests it takes. */
export interface Call extends CallSettings {
  /** Names the call in events and log lines. */
  readonly id: string;
  readonly operation: string;
  /** The account number or id of the user, in a form that may be shown. */
  readonly subject?: string | undefined;
  readonly deadlineAt: number;
  /**
   * How many milliseconds are left of the caller's lease of the user; undefined without a lease. The transport calls it
   * right before each request, and ends each attempt with the lease. So a process that stood still does not overwrite
   * what another process has written meanwhile. When the lease has ended, the call fails with a retryable `aborted`.
   */
  readonly leaseLeftMs: (() => number) | undefined;
  /** The request ids that Oplead gave so far. */
  readonly requestIds: string[];
  /** The number of HTTP requests sent so far. */
  requests: number;
  /** Whether an attempt that was repeated ended without a known outcome (timeout, broken connection, 5xx). */
  inDoubt: boolean;
  /**
   * Whether Oplead may carry out an earlier attempt after the attempt that succeeded. It will not do so if it answered
   * the earlier attempt itself with a 5xx, because its work on that attempt has ended.
   */
  mayComeLate: boolean;
  /** The request that was made last. Errors tell the part of its URL that may be shown: see {@link shownPath}. */
  request?: { readonly method: string; readonly host: string; readonly url: string } | undefined;
}

/** What several calls for one user share: the caller's lease of the user, and the list of request ids. */
export type Within = Partial<Pick<Call, "leaseLeftMs" | "requestIds">>;

/** The facts about a call that its error tells. */
export type CallSummary = Pick<Call, "operation" | "testMode" | "requests" | "subject" | "request">;

/** A request to which the token and test mode have not been added. */
export interface Outgoing {
  /** The name of the request in events. Default: the call's operation. */
  readonly operation?: string;
  readonly method: string;
  /** The path's template, for events. */
  readonly path?: string;
  readonly url: string;
  readonly body: WireRequest["body"];
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
  /** The rule that the request sets, for events. */
  readonly rule?: string | undefined;
  /** Whether the caller wants the answer's body as bytes instead of parsed. */
  readonly binary?: boolean;
}

/**
 * Fills `{name}` of a path template. Refuses values that would change the path: URL parsers resolve `.` and `..` (also
 * written `%2e`) and drop empty segments, so `PUT /v1/users/..` would arrive as `PUT /v1/`.
 */
export function fillPath(template: string, values: Readonly<Record<string, unknown>>): string {
  const issues: OpleadIssue[] = [];
  const path = template.replace(/\{([^{}]+)\}/g, (_match, name: string) => {
    const value = values[name];
    const wrong = pathValueProblem(value);
    if (wrong === undefined) return encodeURIComponent(String(value));
    issues.push(issueAt(name, wrong));
    return "";
  });
  if (issues.length > 0) throw invalid("invalid_input", `${template}: nothing was sent`, issues);
  return path;
}

/**
 * Refuses a URL of the raw client if it leaves the base URL or has a relative segment. This check is for URLs that the
 * package did not make itself.
 */
export function checkUrl(url: string, baseUrl: string): void {
  const rest = url.startsWith(baseUrl) ? url.slice(baseUrl.length) : undefined;
  if (rest === undefined || !rest.startsWith("/")) {
    throw new OpleadError(
      "invalid_input",
      "the URL is outside the client's baseUrl, so the token is not sent there. Nothing was sent.",
    );
  }
  const path = rest.split(/[?#]/, 1)[0] ?? "";
  // URL parsers drop tabs and line breaks, so ".\t." would become "..".
  if (/\/(?:\.|%2e){1,2}(?:\/|$)|\/\/|[{}\\\s]/i.test(path)) {
    throw new OpleadError("invalid_input", "the path has an empty, unfilled or relative part. Nothing was sent.");
  }
}

/** The path of a URL in a form that may be shown: without its query, and without segments that may be personal. */
export function shownPath(url: string): string {
  const path = url.slice(url.indexOf("/", "https://".length)).split(/[?#]/, 1)[0] ?? "";
  return path.split("/").map(shownSegment).join("/");
}

/** A segment is decoded before it is checked, because personal data is not recognised in its percent-encoded form. */
function shownSegment(segment: string): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // This package did not encode it, so it is judged as it is.
  }
  return showIdentity(text) === text ? segment : showIdentity(text);
}

/** The URL of a request in test mode: a write gets `test=true`, which replaces any `test` in the query. */
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
