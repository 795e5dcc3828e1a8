import type { FakeOperation } from "./api.ts";

/** One request as it arrived, and what became of it. */
export interface FakeRequest {
  readonly method: string;
  /** The path as on the wire: still encoded, without the query. */
  readonly path: string;
  /** Undefined for a path that the fake does not have, or a method that the path does not have. */
  readonly operation: FakeOperation | undefined;
  /** If a name is repeated, the last value wins. */
  readonly query: Readonly<Record<string, string>>;
  /** Whether `test` is exactly `true`. */
  readonly testMode: boolean;
  /** By lower-case name. The value of the token is replaced by `***`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; the text if it is not JSON; undefined if there was none. */
  readonly body: unknown;
  /** When it arrived, by the clock of {@link FakeOpleadOptions.now}: milliseconds since 1970. */
  readonly time: number;
  /** The answer that the client got. Undefined while the call is under way, and after a reset or a hang. */
  readonly status: number | undefined;
  /** The answer of the fault that hit this request, as given to {@link FakeOplead.fail}. */
  readonly fault: FakeFaultAnswer | undefined;
  /** Whether the store was written because of this request, whatever the client was told. Never in test mode. */
  readonly acted: boolean;
  /**
   * The violations of the OpenAPI document, in its schemas' words. Empty for a request that conforms, and if
   * the fake is not {@link FakeOpleadOptions.strict}.
   */
  readonly violations: readonly string[];
}

/** An answer with this status, as Oplead might send it. */
export interface FakeStatusAnswer {
  /** 200 to 599. */
  readonly status: number;
  /** The `Retry-After` header: seconds (0 is allowed), or a text that is sent as it is, such as an HTTP date. Default: no header. */
  readonly retryAfter?: number | string | undefined;
  /**
   * A text is sent as it is, with the type `text/plain`. Anything else is sent as JSON, `null` included. Default: an error body
   * as Oplead's are assumed to be from status 400 on, no body below that.
   */
  readonly body?: unknown;
  /** Further headers. They win over the fake's own, `content-type` included. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer that does not come from Oplead, but from a gateway or proxy (nginx) before it. */
export interface FakeGatewayAnswer {
  /** The status of the page, 200 to 599. */
  readonly gateway: number;
  /** `"html"` is nginx's page for the status, `"empty"` has no body and no content type. Default: `"html"`. */
  readonly page?: "html" | "empty" | undefined;
  /** The `Retry-After` header, as in {@link FakeStatusAnswer}. Default: no header. */
  readonly retryAfter?: number | string | undefined;
}

/**
 * How a call fails, in the client's eyes:
 *
 * - `{ status }`: an answer with this status. `{ status: 200, body: "" }` (or `null`, `[]`, a text) is a success that says nothing;
 * - `{ gateway: 404 }`: nginx's HTML page (or `page: "empty"`), with `server: nginx` and without Oplead's request id;
 * - `"reset"`: the connection breaks without an answer;
 * - `"hang"`: no answer comes, until the client gives up or the listener closes;
 * - `"empty-500"`: a 500 without a body;
 * - `"html-200"`: a 200 that is an HTML page, such as a login screen;
 * - `"truncated-json"`: JSON that stops in the middle. If the fake acted first, it is the true answer cut in half, with
 *   its status; otherwise a 200;
 * - `"normal"`: the answer that the call gets without a fault. Use it with `when: { lateMs }`.
 */
export type FakeFaultAnswer =
  | FakeStatusAnswer
  | FakeGatewayAnswer
  | "reset"
  | "hang"
  | "empty-500"
  | "html-200"
  | "truncated-json"
  | "normal";

/**
 * Which calls are meant: an operation, `"setRules"` for any of the five rules, an HTTP method in capitals, or a
 * predicate. A predicate sees the request as it arrived: its status is not known yet.
 */
export type FakeTarget =
  | FakeOperation
  | "setRules"
  | "GET"
  | "POST"
  | "PUT"
  | "PATCH"
  | "DELETE"
  | ((request: FakeRequest) => boolean);

/** A write that happens when the client already has its answer, for {@link FakeFault.when}. */
export interface FakeLateCommit {
  /**
   * How many milliseconds after the request arrived the write happens. Two numbers: drawn between them, with the fault's `seed`.
   * The fake checks the request on arrival, and what must be unique again when it writes. If a user has taken the accountNumber
   * or login in between, the late write does not happen.
   */
  readonly lateMs: number | readonly [least: number, most: number];
}

/** A fault, for {@link FakeOplead.fail}. */
export interface FakeFault {
  /** Default: every call. */
  readonly on?: FakeTarget | undefined;
  readonly as: FakeFaultAnswer;
  /**
   * `"before"`: the call is answered without being looked at. `"after"`: the fake does what was asked, and then its
   * answer is lost and replaced, so that the client cannot know. `{ lateMs }`: the client is answered (or hangs) at once, and
   * the fake does what was asked later. Default: `"before"`; for `as: "normal"` there is no default.
   */
  readonly when?: "before" | "after" | FakeLateCommit | undefined;
  /** How many calls it hits at most. Default: 1, or no end if there is a `share`. */
  readonly times?: number | undefined;
  /** The share of matching calls that it hits, 0 to 1, drawn with `seed`. Default: 1. */
  readonly share?: number | undefined;
  /** The same seed over the same order of matching calls hits the same ones. Default: 1. */
  readonly seed?: number | undefined;
}

/** Latency, for {@link FakeOplead.delay}. */
export interface FakeDelay {
  /** Default: every call. */
  readonly on?: FakeTarget | undefined;
  /** Milliseconds. */
  readonly ms: number;
  /**
   * `"before"`: the fake acts when the time is over, also if the client has given up by then. `"after"`: it acts at
   * once and answers late. Default: `"before"`.
   */
  readonly when?: "before" | "after" | undefined;
}

/** A server-side rate limit (a token bucket), for {@link FakeOplead.limit}. That Oplead has one is assumed. @experimental */
export interface FakeRateLimit {
  /** How many requests may pass in {@link FakeRateLimit.perMs}. */
  readonly requests: number;
  /** Milliseconds. */
  readonly perMs: number;
  /** The size of the bucket, full at the start: how many requests may come at once. Default: `requests`. */
  readonly burst?: number | undefined;
  /**
   * The header of the 429 that says when to come back. `"retry-after"` and `"ratelimit-reset"` carry seconds (at least
   * 1), `"x-ratelimit-retry-after"` a Unix time in seconds, as in Symfony's manual; `"none"` sends none.
   * Default: `"retry-after"`.
   */
  readonly header?: "retry-after" | "ratelimit-reset" | "x-ratelimit-retry-after" | "none" | undefined;
}

/**
 * A limit of calls under way at the same time, for {@link FakeOplead.limit}. That Oplead has one is assumed. A call counts from its
 * arrival until it is answered; one that hangs stops counting when the hang begins. Give the fake a {@link FakeOplead.delay}:
 * without one it answers each call before the next arrives.
 * @experimental
 */
export interface FakeConcurrencyLimit {
  /** How many calls may be under way at once. */
  readonly concurrent: number;
  /** The `Retry-After` header of the 429, as in {@link FakeStatusAnswer}. Default: no header. */
  readonly retryAfter?: number | string | undefined;
}

/** A limit, for {@link FakeOplead.limit}. */
export type FakeLimit = FakeRateLimit | FakeConcurrencyLimit;

/** The things that a call looks up, for {@link FakeLag}. */
export type FakeRead = "user" | "rule" | "parent" | "unique";

/** Read lag, as behind a read replica, for {@link FakeOplead.lag}. That Oplead has one is assumed. @experimental */
export interface FakeLag {
  /** Milliseconds between a write and the first read that sees it, by the clock of {@link FakeOpleadOptions.now}. */
  readonly ms: number;
  /**
   * Which look-ups lag: `"user"`: the user of a PUT, by id or accountNumber. `"rule"`: the user of a rule's PUT. `"parent"`: the parent of
   * a created or updated user. `"unique"`: whether an accountNumber or login is taken. Look-ups that are not named see every
   * write at once. Default: `["user", "rule", "parent"]`, because a primary database checks what must be unique.
   */
  readonly reads?: readonly FakeRead[] | undefined;
}

/** The result of {@link FakeOplead.fail}, `delay`, `limit` and `lag`. */
export interface FakeHandle {
  /** How many calls it has hit so far. A lag has hit a call if a look-up found another user, or none, because of it. */
  readonly hits: number;
  /** Takes it away. Calls that it has already hit are not undone. */
  remove(): void;
}

export function handleOf(item: { readonly hits: number }, remove: () => void): FakeHandle {
  return {
    get hits() {
      return item.hits;
    },
    remove,
  };
}

/** @throws TypeError for a name that is not known: misspelt, it would have no effect, and a test would pass for no reason. */
export function requireKnown<Name extends string>(what: string, name: Name, known: readonly NoInfer<Name>[]): void {
  if (!known.includes(name)) throw new TypeError(`No ${what} is called "${name}": ${known.join(", ")} are.`);
}

/** Gives back a number that is not below the least allowed. @throws RangeError otherwise, also for NaN. */
export function atLeast(name: string, value: number, least: number): number {
  if (!(value >= least)) throw new RangeError(`${name} must be ${least} or more, not ${value}.`);
  return value;
}
