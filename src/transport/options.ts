import type { FailedStep, OpleadFailure } from "../core/errors.ts";
import type { OpleadField } from "../core/fields.ts";
import type { OpleadLogger } from "../core/log.ts";
import type { Outcome } from "../core/outcomes.ts";
import type { RuleName } from "../rules/types.ts";

/**
 * The beginning of a piece of work. Switch on `kind`.
 *
 * - `run`: a run of a plan that sends users or checks them in test mode
 * - `user`: work on one user, by a run, a webhook, a worker or `reconcileUser`
 * - `enqueue`: a user is stored in a queue, from which a worker sends it, perhaps on another machine
 * - `call`: a call of the client, with all its requests and its wait for an earlier call for the same user
 * - `attempt`: an HTTP request, identified by `callId` and `sequence`
 */
export type HookEvent<
  Kind extends "run" | "user" | "enqueue" | "call" | "attempt" = "run" | "user" | "enqueue" | "call" | "attempt",
> = {
  readonly [One in Kind]: { readonly kind: One; readonly testMode: boolean } & (One extends "run"
    ? {
        /** The same as in the run's report. */
        readonly runId: string;
        /** Users with something to send. */
        readonly users: number;
      }
    : One extends "user" | "enqueue"
      ? {
          /** Account number; `[not shown]` if it may be personal data, such as an e-mail address. */
          readonly user: string;
          /** The user's run, if it is in this process. */
          readonly runId?: string | undefined;
          /**
           * W3C trace context that a queue carries. For `"enqueue"`, a hook may set `traceparent` before it calls `next`;
           * for `"user"` in a worker, it is what the hook set. Undefined without a queue.
           */
          readonly carrier?: { traceparent?: string | undefined } | undefined;
        }
      : {
          /** Unique in the process; all requests of the call have it. */
          readonly callId: string;
          /**
           * Of a call: the method, such as `upsertUser`. Of an attempt: `createUser` or `updateUser` in a call of
           * `upsertUser`. Method and path template for the raw client.
           */
          readonly operation: string;
          /** Account number or id; `[not shown]` if it may be personal data. */
          readonly user?: string | undefined;
        } & (One extends "attempt"
          ? {
              /** Number of the request within the call, from 1. */
              readonly sequence: number;
              readonly method: string;
              /** Protocol, host and port. */
              readonly origin: string;
              /** Template, for example `/v1/users/{userIdentification}`. */
              readonly path: string;
              /** Number of this try of the request, from 1. */
              readonly attempt: number;
              /** The rule that is set, for example `geographical`. */
              readonly rule?: string | undefined;
              /** Wait for a turn (`rateLimit`, `maxConcurrency`), in ms. */
              readonly queueMs: number;
            }
          : unknown));
}[Kind];

/** The end of a piece of work. Fields that do not apply to its kind are undefined. */
export interface HookEnd {
  readonly durationMs: number;
  /**
   * Why the work failed; the first reason if it failed in part. For an attempt: why no answer came, or a 429 or 5xx
   * after which it may be repeated. A 404 is an answer, not a failure.
   */
  readonly error?: OpleadFailure | undefined;
  /** For a user: the steps that failed. */
  readonly failed?: readonly FailedStep[] | undefined;
  /** Of a user, for example `created`. */
  readonly outcome?: Outcome | undefined;
  /** `status` of a run's report. */
  readonly runStatus?: "complete" | "partial" | "stopped" | "paused" | "aborted" | undefined;
  /** HTTP requests, with retries. Undefined for an attempt. */
  readonly requests?: number | undefined;
  /** HTTP status, if an attempt was answered. */
  readonly status?: number | undefined;
  /** Request id in the answer, if it has one. */
  readonly requestId?: string | undefined;
  /** Wait before the attempt is repeated, in ms. */
  readonly retryInMs?: number | undefined;
}

/** An observer of work, for traces and metrics. It changes neither the work nor its result. */
export interface OpleadHooks {
  /**
   * Called for each piece of work. `next` begins the work in the context in which it is called, so an active span
   * becomes the parent of the spans inside. Its promise resolves to the {@link HookEnd} when the work ends, and never
   * rejects.
   *
   * Call `next` once, before the first `await`. Without a call the work starts when your hook returns; further calls
   * return the same promise. If `around` throws or rejects, it is logged and the work goes on. Its result is ignored.
   *
   * A run contains users, a user contains calls, a call contains attempts. A call that your program makes is not inside
   * a user. A run with a queue contains the users that it enqueues; the worker reports those that it sends.
   */
  around(event: HookEvent, next: () => Promise<HookEnd>): unknown;
}

export type AuthScheme = "bearer" | { readonly header: string };

/** At most `requests` in every `perMs` milliseconds, evenly spaced. */
export interface RateLimitOptions {
  /** Requests that may start in `perMs`. */
  readonly requests: number;
  /** Time for `requests`, in ms. */
  readonly perMs: number;
}

export interface SharedRateRequest {
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
  // Writes to the client's log; `code` says what it is about.
  readonly warn: (message: string, code?: string) => void;
}

// The client calls one of the methods when the request has ended.
export interface SharedTurn {
  // Answered with any status but 429.
  accepted(): void;
  unsent(): void;
  // Answered with a 429. `pauseMs`: the pause that the server asks for; 0 for none.
  refused(pauseMs: number): void;
}

// `paused`: the server asked for a pause that ends too late for the client.
export type SharedRefusal =
  | { readonly reason: "aborted" | "deadline" }
  | { readonly reason: "paused"; readonly forMs: number };

/** A rate that clients of several processes share: `redisRate` of `oplead-sdk/redis`. */
export interface SharedRate extends RateLimitOptions {
  /** Requests that all clients together may start per second now, as far as this process knows. */
  readonly perSecond: number;
  /** @internal Does not throw: if its store fails, it gives turns at this client's share of the rate. */
  acquire(request: SharedRateRequest): Promise<SharedTurn | SharedRefusal>;
}

/**
 * A client's limiter, which a second client with the same token can share: `createOplead({ rateLimit: other.rateLimit
 * })`. It counts the rate and the requests in flight, and remembers what 429s showed.
 */
export interface ClientRate {
  /** Requests that may start per second now: the rate of the options, or less after a 429. */
  readonly perSecond: number;
  /** Waits of all requests for their turn, added up, in ms. */
  readonly throttledMs: number;
  /** Only for clients: an object of numbers is no rate of a client. */
  readonly release: (...turn: never) => unknown;
}

/** Retries. A `POST` is repeated only when the server cannot have acted on it. */
export interface RetryOptions {
  /** Attempts of a request, with the first. Default 4. */
  readonly attempts?: number | undefined;
  /**
   * Upper bound of the first wait, in ms, unless the server asks for more; it doubles with each wait, five times at
   * most. Default 250.
   */
  readonly baseMs?: number | undefined;
}

/**
 * What differs by platform. `oplead probe` writes it as `platform.json`:
 *
 * ```ts
 * import platform from "./platform.json" with { type: "json" };
 * const oplead = createOplead({ platform });
 * ```
 */
export interface Platform {
  /**
   * Name, at most 100 characters, for example `"acme-staging"`. Ledgers store it with the base URL, so that one
   * platform's ledger is not used for another. Must not be `undefined`. Default: no name, only the base URL.
   */
  readonly name?: string;
  /**
   * No Oplead ID of this platform consists of digits only, so an account number may. Oplead finds a user by either and
   * does not document which it tries first (guide, user identification): an account number of digits could overwrite
   * the user with that ID. Default: true where `facts` say that IDs are UUIDs, else false: such an
   * account number is `invalid_input`; give it a prefix.
   */
  readonly numericAccountNumbers?: boolean | undefined;
  /**
   * Fields that only this platform has, for example `["region", "address.building"]`. If given, other unknown fields
   * are refused. Default: unknown fields are sent, unless their name resembles a known one.
   */
  readonly customFields?: readonly string[] | undefined;
  /**
   * How the token travels: `"bearer"` as `Authorization: Bearer TOKEN`, `{ header }` in that header without a prefix.
   * Default: as Oplead's OpenAPI document says; `"bearer"` as long as it is not known (assumed).
   */
  readonly auth?: string | { readonly header: string } | undefined;
  /**
   * Fields that this platform has elsewhere or under another name: `{ firstname: "first_name", "profile.code": "profile"
   * }`; `id` is where the answer to a user write has the Oplead ID (`"data.id"`). Holds for requests, answers and
   * refusals; the rest of your program keeps the package's names. Default: as Oplead's OpenAPI document says (partly
   * assumed).
   */
  readonly fields?: { readonly [Name in OpleadField]?: string } | undefined;
  /**
   * Paths of rules, with `{id}` for the user: `{ maxDistance: "/v1/users/{id}/rules/radius" }`. Default: as `facts` say,
   * else as Oplead's OpenAPI document does.
   */
  readonly rulePaths?: { readonly [Name in RuleName]?: string } | undefined;
  /**
   * Where answers have a user or country (`item`) and a list (`list`), for example `{ item: "data", list: "items" }`.
   * Default: the answer itself, or its field `data` (assumed).
   */
  readonly envelope?: { readonly item?: string; readonly list?: string } | undefined;
  /**
   * How long the client asks, with growing pauses, whether a user exists before it repeats a creation that ended with a
   * timeout, a broken connection, 502, 503 or 504, in ms. Default 10,000. It asks for at most 1,500 ms after Oplead's
   * own 500, and for less once Oplead has refused a second user with the account number.
   */
  readonly settleMs?: number | undefined;
  /**
   * How long after its start Oplead may still carry out a request that the client gave up, in ms (assumed). After that
   * time its user is sent once more. Default 600,000 (ten minutes).
   */
  readonly lateMs?: number | undefined;
  /**
   * What `oplead probe` learned. Decides `auth`, `fields.id`, `rulePaths`, which 404 is Oplead's own, and whether a
   * second user with an account number is refused. Refused if it is about another base URL or contradicts another field.
   * Default: none.
   */
  readonly facts?: object | undefined;
}

/** Options of {@link createOplead}. Only a token is required, here or in the environment. */
export interface OpleadOptions {
  /**
   * API token of your Oplead platform administrator. A function is called when the first call needs the token, and
   * after a 401. Default: environment variable `OPLEAD_TOKEN`. Like `baseUrl`, `platform` and `testMode` it must not be
   * `undefined`, because a variable that is not set must not cause requests to production; omit the key for the
   * default.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** Address of Oplead. Default: environment variable `OPLEAD_BASE_URL`, else `https://api.oplead.com`. */
  readonly baseUrl?: string;
  /** What differs by platform. Default: what Oplead's guide documents. */
  readonly platform?: Platform;
  /**
   * Adds `?test=true` to every write: Oplead runs its logic and persists nothing. Default: true when the environment
   * variable `OPLEAD_TEST_MODE` is `"true"`, else false.
   */
  readonly testMode?: boolean;
  /**
   * One limit for all requests. Share it within a process with `other.rateLimit`, across processes with a {@link
   * SharedRate}. Default `{ requests: 10, perMs: 1000 }`; `false`: none.
   */
  readonly rateLimit?: RateLimitOptions | SharedRate | ClientRate | false | undefined;
  /**
   * Requests in flight at most. Default 8. With `rateLimit: other.rateLimit` both clients count together, with the
   * `maxConcurrency` of `other`.
   */
  readonly maxConcurrency?: number | undefined;
  /** Timeout of each request, in ms. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Deadline of a call with its retries and waits, in ms. Default 120,000. */
  readonly deadlineMs?: number | undefined;
  /**
   * Attempts of a request and waits between them. Default `{ attempts: 4, baseMs: 250 }`, with full jitter; `false`:
   * each request once.
   */
  readonly retry?: RetryOptions | false | undefined;
  /** @internal Lifetime of cached profiles and countries, in ms. Default 600,000 (ten minutes); 0 keeps nothing. */
  readonly referenceTtlMs?: number | undefined;
  /**
   * Sends a request. Default: node:http on Node; the global `fetch` on other run times, and on Node if it was replaced
   * or configured.
   */
  readonly fetch?: FetchLike | undefined;
  /** Receives log lines, for example `console`. Default: none, the package is silent. */
  readonly logger?: OpleadLogger | undefined;
  /**
   * Observers of runs, users, calls and requests, for example `openTelemetry(api)`. The first of a list is the
   * outermost.
   */
  readonly hooks?: OpleadHooks | readonly OpleadHooks[] | undefined;
  /**
   * Allows plain http to another machine, where the token can be read on its way: for test servers in containers,
   * without a certificate. This machine's addresses are always allowed. Default false.
   */
  readonly allowHttp?: boolean | undefined;
  /**
   * Allows use in a web page, where every visitor can read the token. Default false; the guide says never to do this.
   */
  readonly dangerouslyAllowBrowser?: boolean | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /** Ends the call at once, also while it waits for its turn or a retry. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's {@link OpleadOptions.timeoutMs}. */
  readonly timeoutMs?: number | undefined;
  /** Overrides the client's {@link OpleadOptions.deadlineMs}. */
  readonly deadlineMs?: number | undefined;
  /**
   * Overrides the client's {@link OpleadOptions.retry}; fields that are omitted keep its values. `false`: each request
   * once.
   */
  readonly retry?: RetryOptions | false | undefined;
  /** Receives this call's log lines instead of the client's {@link OpleadOptions.logger}. */
  readonly logger?: OpleadLogger | undefined;
  /** Makes this call in test mode. `false` is refused if the client is in test mode. Default: the client's. */
  readonly testMode?: boolean | undefined;
  /** Further headers. Those that the package sets (authorization, content type, user agent) cannot be replaced. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Called for each answer of the call, retries included, before it is judged. What it throws is ignored. */
  readonly onResponse?:
    | ((response: {
        readonly status: number;
        readonly headers: Headers;
        readonly requestId: string | undefined;
      }) => void)
    | undefined;
}

export type WithOptions = Omit<CallOptions, "signal" | "onResponse"> & Pick<OpleadOptions, "hooks">;

/**
 * The used part of `fetch`: the global one fits, undici's with its `dispatcher`, node-fetch, Deno's with its `client`.
 *
 * @example
 * ```ts
 * import { Agent, fetch } from "undici";
 * const dispatcher = new Agent({ connect: { ca } });
 * const oplead = createOplead({ fetch: (url, init) => fetch(url, { ...init, dispatcher }) });
 * ```
 */
export type FetchLike = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    /** JSON; for the raw client also bytes, which every `fetch` takes, though the types of some do not say so. */
    readonly body?: string;
    /** Aborts when the client gives the request up: after a timeout, or when the call is aborted. */
    readonly signal: AbortSignal;
    /** A redirect counts as an answer: following it could show the token to another server. */
    readonly redirect: "manual";
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null; forEach(tell: (value: string, name: string) => void): void };
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}>;

export type FetchInit = Parameters<FetchLike>[1];
export type FetchAnswer = Awaited<ReturnType<FetchLike>>;
