import type { FakeFaultAnswer } from "./fault-answer.ts";
import type { FakeOperation, FakeRequest } from "./request.ts";

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
  readonly on?: FakeTarget;
  readonly as: FakeFaultAnswer;
  /**
   * `"before"`: the call is answered without being looked at. `"after"`: the fake does what was asked, and then its
   * answer is lost and replaced, so that the client cannot know. `{ lateMs }`: the client is answered (or hangs) at once, and
   * the fake does what was asked later. Default: `"before"`; for `as: "normal"` there is no default.
   */
  readonly when?: "before" | "after" | FakeLateCommit;
  /** How many calls it hits at most. Default: 1, or no end if there is a `share`. */
  readonly times?: number;
  /** The share of matching calls that it hits, 0 to 1, drawn with `seed`. Default: 1. */
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
   * `"before"`: the fake acts when the time is over, also if the client has given up by then. `"after"`: it acts at
   * once and answers late. Default: `"before"`.
   */
  readonly when?: "before" | "after";
}

/** A server-side rate limit (a token bucket), for {@link FakeOplead.limit}. That Oplead has one is assumed. */
export interface FakeRateLimit {
  /** How many requests may pass in {@link FakeRateLimit.perMs}. */
  readonly requests: number;
  /** Milliseconds. */
  readonly perMs: number;
  /** The size of the bucket, full at the start: how many requests may come at once. Default: `requests`. */
  readonly burst?: number;
  /**
   * The header of the 429 that says when to come back. `"retry-after"` and `"ratelimit-reset"` carry seconds (at least
   * 1), `"x-ratelimit-retry-after"` a Unix time in seconds, as in Symfony's manual; `"none"` sends none.
   * Default: `"retry-after"`.
   */
  readonly header?: "retry-after" | "ratelimit-reset" | "x-ratelimit-retry-after" | "none";
}

/**
 * A limit of calls under way at the same time, for {@link FakeOplead.limit}. That Oplead has one is assumed. A call counts from its
 * arrival until it is answered; one that hangs stops counting when the hang begins. Give the fake a {@link FakeOplead.delay}:
 * without one it answers each call before the next arrives.
 */
export interface FakeConcurrencyLimit {
  /** How many calls may be under way at once. */
  readonly concurrent: number;
  /** The `Retry-After` header of the 429, as in {@link FakeStatusAnswer}. Default: no header. */
  readonly retryAfter?: number | string;
}

/** A limit, for {@link FakeOplead.limit}. */
export type FakeLimit = FakeRateLimit | FakeConcurrencyLimit;

/** What a call looks up, for {@link FakeLag}. */
export type FakeRead = "user" | "rule" | "parent" | "unique";

/** Read lag, as behind a read replica, for {@link FakeOplead.lag}. That Oplead has one is assumed. */
export interface FakeLag {
  /** Milliseconds between a write and the first read that sees it, by the clock of {@link FakeOpleadOptions.now}. */
  readonly ms: number;
  /**
   * Which look-ups lag: `"user"`: the user of a PUT, by id or accountNumber. `"rule"`: the user of a rule's PUT. `"parent"`: the parent of
   * a created or updated user. `"unique"`: whether an accountNumber or login is taken. Look-ups that are not named see every
   * write at once. Default: `["user", "rule", "parent"]`, because a primary database checks what must be unique.
   */
  readonly reads?: readonly FakeRead[];
}

/** What {@link FakeOplead.fail}, `delay`, `limit` and `lag` give back. */
export interface FakeHandle {
  /** How many calls it has hit so far. A lag has hit a call if a look-up found another user, or none, because of it. */
  readonly hits: number;
  /** Takes it away. Calls that it has already hit are not undone. */
  remove(): void;
}
