import type { FakeOperation, FakeRequest } from "./types.ts";

/**
 * Which calls are meant: an operation, `"setRules"` for any of the five rules, an HTTP method in capitals, or a
 * predicate, which sees the request as it arrived (its status is not known yet).
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

/** An answer with this status. */
export interface FakeStatusAnswer {
  /** 200 to 599. */
  readonly status: number;
  /** The `Retry-After` header: seconds, or a string sent as it is, such as an HTTP date. */
  readonly retryAfter?: number | string;
  /**
   * A string is sent as it is, anything else as JSON. Default: from 400 on an error body as Oplead's are assumed to be,
   * below that none.
   */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How a call fails, in the client's eyes:
 *
 * - `{ status }`: an answer with this status;
 * - `"reset"`: the connection breaks without an answer;
 * - `"hang"`: no answer comes, until the client gives up or the listener closes;
 * - `"empty-500"`: a 500 without a body;
 * - `"html-200"`: a 200 that is an HTML page, as a proxy or a login screen sends;
 * - `"truncated-json"`: JSON that stops in the middle. After acting it is the true answer cut in half, with its
 *   status; before acting a 200.
 */
export type FakeFaultAnswer = FakeStatusAnswer | "reset" | "hang" | "empty-500" | "html-200" | "truncated-json";

/** A fault, for {@link FakeOplead.fail}. */
export interface FakeFault {
  /** Default: every call. */
  readonly on?: FakeTarget;
  readonly as: FakeFaultAnswer;
  /**
   * `"before"`: the call is answered without being looked at. `"after"`: the fake does what was asked, and then its
   * answer is lost and replaced, so that the client cannot know. Default: `"before"`.
   */
  readonly when?: "before" | "after";
  /** How many calls it hits at most. Default: 1, or no end when there is a `share`. */
  readonly times?: number;
  /** The share of matching calls it hits, 0 to 1, drawn with `seed`. Default: 1. */
  readonly share?: number;
  /** The same seed over the same order of matching calls hits the same ones. Default: 1. */
  readonly seed?: number;
}

/** Latency, for {@link FakeOplead.delay}. */
export interface FakeDelay {
  /** Default: every call. */
  readonly on?: FakeTarget;
  /** Milliseconds. */
  readonly ms: number;
  /**
   * `"before"`: the fake acts when the time is over, also when the client has given up by then. `"after"`: it acts at
   * once and answers late. Default: `"before"`.
   */
  readonly when?: "before" | "after";
}

/** A server-side rate limit (a token bucket), for {@link FakeOplead.limit}. That Oplead has one is assumed. */
export interface FakeLimit {
  /** How many requests may pass in {@link FakeLimit.perMs}. */
  readonly requests: number;
  /** Milliseconds. */
  readonly perMs: number;
  /** The size of the bucket, full at the start: how many may come at once. Default: `requests`. */
  readonly burst?: number;
  /**
   * The header of the 429 that says when to come back. `"retry-after"` and `"ratelimit-reset"` carry seconds (at least
   * 1), `"x-ratelimit-retry-after"` a Unix time in seconds, as in Symfony's manual. Default: `"retry-after"`.
   */
  readonly header?: "retry-after" | "ratelimit-reset" | "x-ratelimit-retry-after";
}

/** What a fault, a delay or a limit gives back. */
export interface FakeHandle {
  /** How many calls it has hit so far. */
  readonly hits: number;
  /** Takes it away. Calls it has already hit are not undone. */
  remove(): void;
}
