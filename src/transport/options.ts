import type { FailedStep, OpleadFailure } from "../core/errors.ts";
import type { PlatformFacts } from "../core/facts.ts";
import type { OpleadLogger } from "../core/log.ts";

/** One run of a plan, which sends its users or checks them in test mode. */
export interface RunEvent {
  readonly kind: "run";
  /** The id of the run, which its report has too. */
  readonly runId: string;
  readonly testMode: boolean;
  /** How many users have something to send. */
  readonly users: number;
}

/**
 * Work on one user. `"user"`: Oplead's user is brought to what the source says, by a run, an event of a webhook, a
 * worker of a queue or `reconcileUser`. `"enqueue"`: the user is stored in a queue, and a worker sends it later,
 * perhaps on another machine.
 */
export interface UserEvent {
  readonly kind: "user" | "enqueue";
  /** The user's account number. `[not shown]` if it may be personal data, such as an e-mail address. */
  readonly user: string;
  readonly testMode: boolean;
  /** The run to which the user belongs, if that run is in this process. */
  readonly runId?: string | undefined;
  /**
   * The W3C trace context that travels through a queue with the user. For `"enqueue"`: a hook may set `traceparent`
   * before it calls `next`. For `"user"`, in a worker: what the hook set when the user was enqueued. Undefined without
   * a queue.
   */
  readonly carrier?: { traceparent?: string | undefined } | undefined;
}

/** One call of the client, with all its requests and its wait for an earlier call for the same user. */
export interface CallEvent {
  readonly kind: "call";
  /** The id of the call. All requests of the call have it, and no other call of the process does. */
  readonly callId: string;
  /** The method: `upsertUser`, or method and path template for the raw client. */
  readonly operation: string;
  readonly testMode: boolean;
  /** The user's account number or id. `[not shown]` if it may be personal data, such as an e-mail address. */
  readonly user?: string | undefined;
}

/** One HTTP request. `callId` and `sequence` together identify it. */
export interface AttemptEvent extends Omit<CallEvent, "kind"> {
  readonly kind: "attempt";
  /**
   * The request: `createUser` or `updateUser` in a call of `upsertUser`. Method and path template for the raw client.
   */
  readonly operation: string;
  /** The number of the request within the call, from 1. */
  readonly sequence: number;
  readonly method: string;
  /** Protocol, host and port of Oplead's address. */
  readonly origin: string;
  /** The path's template, for example `/v1/users/{userIdentification}`. */
  readonly path: string;
  /** 1 when the request is sent for the first time; 2 and more when it is repeated. */
  readonly attempt: number;
  /** The rule that the request sets, for example `geographical`. */
  readonly rule?: string | undefined;
  /** How long the request waited for its turn (`rateLimit`, `maxConcurrency`), in milliseconds. */
  readonly queueMs: number;
}

/** The beginning of a piece of work: a run, a user, a call or an attempt. */
export type HookEvent = RunEvent | UserEvent | CallEvent | AttemptEvent;

/** The end of a piece of work. A field that does not apply to its kind is undefined. */
export interface HookEnd {
  /** How long the work took, in milliseconds. */
  readonly durationMs: number;
  /**
   * Why the work failed; the first reason, if a run or a user failed in part. For an attempt: why no answer came, or
   * the error of a 429 or 5xx after which the request may be repeated. A 404 is an answer and not a failure.
   */
  readonly error?: OpleadFailure | undefined;
  /** For a user: the steps that failed, each with its error. */
  readonly failed?: readonly FailedStep[] | undefined;
  /** The `status` of a run's report, or the outcome of a user, for example `created`. */
  readonly outcome?: string | undefined;
  /** For a run, a user or a call: HTTP requests sent, retries included. */
  readonly requests?: number | undefined;
  /** The HTTP status of an attempt, if an answer came. */
  readonly status?: number | undefined;
  /** The request id in the answer to an attempt, if the answer has one. */
  readonly requestId?: string | undefined;
  /** How long the call waits before it repeats the attempt, in milliseconds. */
  readonly retryInMs?: number | undefined;
}

/** An observer of work, for traces and metrics. It can change neither the work nor its result. */
export interface OpleadHooks {
  /**
   * Called for each piece of work. `next` begins the work in the context in which it is called, so a span that is
   * active then becomes the parent of the spans inside. Its promise resolves to the {@link HookEnd} when the work ends,
   * and never rejects.
   *
   * Call `next` once, and before the first `await`. If you do not call it, the work starts when your hook returns.
   * Further calls of `next` return the same promise. If `around` throws or rejects, the log says so and the work goes
   * on. The result of `around` is ignored.
   *
   * Work is nested: a run contains users, a user contains calls, a call contains attempts. A call that your program
   * makes itself is not inside a user. A run with a queue contains the users that it enqueues; the worker reports the
   * users that it sends.
   */
  around(event: HookEvent, next: () => Promise<HookEnd>): unknown;
}

/**
 * How the token travels: `"bearer"` as `Authorization: Bearer TOKEN`, `{ header }` without a prefix in a header of that
 * name. @experimental
 */
export type AuthScheme = "bearer" | { readonly header: string };

/** A limit of `requests` in every `perMs` milliseconds, evenly spaced. */
export interface RateLimitOptions {
  /** How many requests may start in `perMs` milliseconds. */
  readonly requests: number;
  /** The time in which `requests` may start, in milliseconds. */
  readonly perMs: number;
}

/** What a client tells a {@link SharedRate} when it asks for a turn. */
export interface SharedRateRequest {
  /** How long the client waits for the turn at most, in milliseconds. */
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
  /** Writes a line to the client's log; `code` says what it is about. */
  readonly warn: (message: string, code?: string) => void;
}

/** The permission to send one request now. When the request has ended, the client calls one of the methods. */
export interface SharedTurn {
  /** The server answered with any status but 429. */
  accepted(): void;
  /** The request was not sent. */
  unsent(): void;
  /**
   * The server answered with a 429. `pauseMs`: how many milliseconds the server asks the client to pause; 0 if the
   * server asks for no pause.
   */
  refused(pauseMs: number): void;
}

/**
 * Why a {@link SharedRate} gives no turn. `paused`: the server asked for a pause, and the client cannot wait until the
 * pause ends.
 */
export type SharedRefusal =
  | { readonly reason: "aborted" | "deadline" }
  | { readonly reason: "paused"; readonly forMs: number };

/** A rate that several clients share, also in several processes: `redisRate` of `oplead-sdk/redis`. */
export interface SharedRate extends RateLimitOptions {
  /** How many requests of all clients together may start per second now, as far as this process knows. */
  readonly perSecond: number;
  /**
   * Waits for a turn. It does not throw: if the store of the rate fails, it gives turns at this client's share of the
   * rate.
   */
  acquire(request: SharedRateRequest): Promise<SharedTurn | SharedRefusal>;
}

/**
 * The limiter of a client. A second client with the same token can share it:
 * `createOplead({ rateLimit: other.rateLimit })`. It counts the requests per second and the requests in flight, and
 * remembers what 429s have shown.
 */
export interface ClientRate {
  /** How many requests may start per second at present: as many as the client's options say, or fewer after a 429. */
  readonly perSecond: number;
  /** How many milliseconds requests have waited for their turn, added up. */
  readonly throttledMs: number;
}

/** How failed requests are repeated. A `POST` is only repeated when the server cannot have acted on it. */
export interface RetryOptions {
  /** The maximum number of times that a request is sent, including the first time. Default 4. */
  readonly attempts?: number | undefined;
  /** Upper bound of the first wait in milliseconds. The bound doubles with each further wait. Default 250. */
  readonly baseMs?: number | undefined;
  /** Upper bound of any wait in milliseconds, except one that the server asks for. Default 8,000. */
  readonly maxMs?: number | undefined;
}

/** Options of {@link createOplead}. All are optional except a token, which may also come from the environment. */
export interface OpleadOptions {
  /**
   * The API token your Oplead platform administrator gave you. If it is a function, the client calls it when the first
   * call needs the token, and once more after a 401. Default: environment variable `OPLEAD_TOKEN`. Like `baseUrl`,
   * `platform` and `testMode`, it must not be `undefined`: a variable that is not set must not cause requests to
   * production. Leave the key out to take the default.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** The address of Oplead. Default: environment variable `OPLEAD_BASE_URL`, else `https://api.oplead.com`. */
  readonly baseUrl?: string;
  /**
   * A name for the Oplead platform behind the token, at most 100 characters, for example `"acme-staging"`. Ledgers
   * store it with the base URL, so that a ledger of one platform is not used for another. Default: no name, only the
   * base URL.
   */
  readonly platform?: string;
  /**
   * `true` means that no Oplead ID of this platform consists of digits only, so an account number may consist of
   * digits. Oplead finds a user by either of them, and does not document which it tries first (guide, user
   * identification): an account number of digits could overwrite the user who has that ID. Default: true where {@link
   * OpleadOptions.facts} say that IDs are UUIDs, else false: such an account number is `invalid_input`; give it a
   * prefix.
   */
  readonly numericAccountNumbers?: boolean | undefined;
  /**
   * The names of the fields that only this platform has, for example `["region", "address.building"]`. If they are
   * given, every unknown field that is not among them is refused. Default: unknown fields are sent, unless their name
   * resembles a known one.
   */
  readonly customFields?: readonly string[] | undefined;
  /**
   * How the token travels. Default: as Oplead's OpenAPI document says; `"bearer"` as long as this document is not known
   * (assumed).
   */
  readonly auth?: AuthScheme | undefined;
  /**
   * Where the Oplead ID is in the answer to a user write: a field's name, or a place with dots (`"data.id"`). Default:
   * as Oplead's OpenAPI document says; `"id"` as long as this document is not known (assumed).
   */
  readonly idField?: string | undefined;
  /**
   * Facts that `oplead probe` learned about this platform: the content of `platform-facts.json`. The facts decide
   * `auth` and `idField`, the paths of rules, which 404 is Oplead's own, and whether a second user with the same
   * account number is refused. Facts are refused if they are about a different base URL or contradict an option.
   * Default: none.
   */
  readonly facts?: PlatformFacts | undefined;
  /**
   * Adds `?test=true` to every write: Oplead runs all its logic and persists nothing. Default: true when the
   * environment variable `OPLEAD_TEST_MODE` is `"true"`, else false.
   */
  readonly testMode?: boolean;
  /**
   * One limit for all requests of this client. Several clients can share a limit: with `other.rateLimit` within one
   * process, with a {@link SharedRate} in several processes. Default `{ requests: 10, perMs: 1000 }`; `false`: none.
   */
  readonly rateLimit?: RateLimitOptions | SharedRate | ClientRate | false | undefined;
  /**
   * The maximum number of requests in flight. Default 8. With `rateLimit: other.rateLimit` the requests of both clients
   * count together, and the `maxConcurrency` of `other` is the limit.
   */
  readonly maxConcurrency?: number | undefined;
  /** How long each single request may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How long a whole call may take, with its retries and waits, in milliseconds. Default 120,000. */
  readonly deadlineMs?: number | undefined;
  /**
   * How many milliseconds the client asks whether a user exists before it repeats the user's creation. The client asks,
   * with growing pauses, after a creation that ended with a timeout, a broken connection, 502, 503 or 504. Default
   * 10,000. After a 500 that Oplead itself answered, it asks for at most 1,500 milliseconds. Once Oplead has refused a
   * second user with the same account number, it asks for less time.
   */
  readonly settleMs?: number | undefined;
  /**
   * If the client stops waiting for the answer to a request: how long after the start of the request Oplead may still
   * carry it out, in milliseconds (assumed). After that time, the user of such a request is sent once more. Default
   * 600,000 (ten minutes).
   */
  readonly lateMs?: number | undefined;
  /**
   * How often a request is tried, and how long the pauses are. Default `{ attempts: 4, baseMs: 250, maxMs: 8000 }`,
   * with full jitter; `false`: each request once.
   */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * How long profiles and countries are kept before they are asked for again, in milliseconds. Default 600,000 (ten
   * minutes); 0 keeps nothing.
   */
  readonly referenceTtlMs?: number | undefined;
  /**
   * The function that sends a request. Default: node:http on Node; the global `fetch` on other run times, and on Node
   * if the global `fetch` was replaced or configured.
   */
  readonly fetch?: FetchLike | undefined;
  /** Where log lines go, for example `console`. Default: none, the package is silent. */
  readonly logger?: OpleadLogger | undefined;
  /**
   * Observers of runs, users, calls and requests, for example `openTelemetry(api)`. In a list, the first hook is the
   * outermost.
   */
  readonly hooks?: OpleadHooks | readonly OpleadHooks[] | undefined;
  /**
   * Allows a `baseUrl` with plain http on another machine, where the token can be read on its way: for test servers in
   * containers, which have no certificate. Addresses of this machine are always allowed. Default false.
   */
  readonly allowHttp?: boolean | undefined;
  /**
   * Allows use in a web page, where every visitor can read the token. Default false; the guide says never to do this.
   */
  readonly dangerouslyAllowBrowser?: boolean | undefined;
}

/** Options of a single call. */
export interface CallOptions {
  /** Ends the call at once, even while it waits for its turn or for a retry. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's {@link OpleadOptions.timeoutMs}. */
  readonly timeoutMs?: number | undefined;
  /** Overrides the client's {@link OpleadOptions.deadlineMs}. */
  readonly deadlineMs?: number | undefined;
  /**
   * Overrides the client's {@link OpleadOptions.retry} for the requests of this call. Fields that are left out keep the
   * client's values. `false`: each request once.
   */
  readonly retry?: RetryOptions | false | undefined;
  /** Where the log lines of this call go, instead of to the client's {@link OpleadOptions.logger}. */
  readonly logger?: OpleadLogger | undefined;
  /** `true` makes this call in test mode. If the client is in test mode, `false` is refused. */
  readonly testMode?: boolean | undefined;
  /**
   * Further headers. Headers that the package sets itself (authorization, content type, user agent) cannot be replaced.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The defaults of calls that {@link Oplead.with} can change. A default that is left out does not change. The token, the
 * base URL, the limits and the other options of the connection are refused, because the new client shares them with the
 * old one.
 */
export interface WithOptions extends Omit<CallOptions, "signal"> {
  /** Replaces all of the client's {@link OpleadOptions.hooks}. */
  readonly hooks?: OpleadHooks | readonly OpleadHooks[] | undefined;
}

/** The second argument of a {@link FetchLike}. Every `fetch` takes it. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  /**
   * The body, as JSON. A request of the raw client can also have bytes here: every `fetch` takes bytes, but the types
   * of some do not say so.
   */
  readonly body?: string;
  /** Aborts when the client no longer waits for the answer: after a timeout, or when the call was aborted. */
  readonly signal: AbortSignal;
  /**
   * Redirects are not followed, because a request to the new address could show the token to a different server. A
   * redirect counts as an answer.
   */
  readonly redirect: "manual";
}

/**
 * The parts of the `Response` of a {@link FetchLike} that are used. TypeScript's own `Response` fits, even without the
 * library `DOM.Iterable`.
 */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null; forEach(tell: (value: string, name: string) => void): void };
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The part of `fetch` that is used, so that any implementation fits: the global one, undici's with its `dispatcher`,
 * node-fetch, Deno's with its `client`.
 *
 * @example
 * ```ts
 * import { Agent, fetch } from "undici";
 * const dispatcher = new Agent({ connect: { ca } });
 * const oplead = createOplead({ fetch: (url, init) => fetch(url, { ...init, dispatcher }) });
 * ```
 */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchAnswer>;
