import type { OpleadError } from "../core/errors.ts";
import type { PlatformFacts } from "../core/facts.ts";
import type { OpleadLogger } from "../core/log.ts";

/** One apply or verify of a plan. */
export interface RunEvent {
  readonly kind: "run";
  /** The run's id, as in its report. */
  readonly runId: string;
  readonly testMode: boolean;
  /** How many users have something to send. */
  readonly users: number;
}

/** One user that is brought in step with the source: by a run, an event of a webhook, a worker of a queue or `reconcileUser`. */
export interface UserEvent {
  readonly kind: "user";
  /** The user's account number. `[not shown]` if it may be personal data, such as an e-mail address. */
  readonly user: string;
  readonly testMode: boolean;
  /** The run that it belongs to, if there is one in this process. */
  readonly runId?: string | undefined;
}

/** One call of the client, with all its requests and its wait for an earlier call for the same user. */
export interface CallEvent {
  readonly kind: "call";
  /** The same for every request of one call, and for no other call of the process. */
  readonly callId: string;
  /** The method: `upsertUser`, or method and path template for the raw client. */
  readonly operation: string;
  readonly testMode: boolean;
  /** The user's account number or id. `[not shown]` if it may be personal data, such as an e-mail address. */
  readonly user?: string | undefined;
}

/** One HTTP request. `callId` and `sequence` together name it. */
export interface AttemptEvent extends Omit<CallEvent, "kind"> {
  readonly kind: "attempt";
  /** The request: `createUser` or `updateUser` in a call of `upsertUser`. Method and path template for the raw client. */
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

/** Work that begins. */
export type HookEvent = RunEvent | UserEvent | CallEvent | AttemptEvent;

/** The end of a piece of work. A field that does not apply to its kind is undefined. */
export interface HookEnd {
  /** From the beginning to the end, in milliseconds. */
  readonly durationMs: number;
  /**
   * Why the work failed; the first reason, if a run or a user failed in part. For an attempt: why no answer came, or a 429 or 5xx after which
   * the request may be repeated. A 404 is an answer.
   */
  readonly error?: OpleadError | undefined;
  /** The `status` of a run's report, or the outcome of a user, for example `created`. */
  readonly outcome?: string | undefined;
  /** For a run, a user or a call: HTTP requests sent, retries included. */
  readonly requests?: number | undefined;
  /** The HTTP status of an attempt, if an answer came. */
  readonly status?: number | undefined;
  /** The request id of that answer, if there is one. */
  readonly requestId?: string | undefined;
  /** How long the call waits before it repeats the attempt, in milliseconds. */
  readonly retryInMs?: number | undefined;
}

/** An observer of work, for traces and metrics. It can change neither the work nor its result. */
export interface OpleadHooks {
  /**
   * Called for each piece of work. `next` begins the work, within whatever context it is called, so that a span that is active
   * then is the parent of the spans inside. It gives the end, and never rejects.
   *
   * Call `next` once, and before the first `await`. If you do not call it, the work starts when your hook returns. Further calls of `next`
   * give the same end. If `around` throws or rejects, the log says so and the work goes on. The result of `around` is ignored.
   *
   * A run holds users, a user holds calls, a call holds attempts. A call outside of a run has no user around it.
   */
  around(event: HookEvent, next: () => Promise<HookEnd>): unknown;
}

/** How the token travels: `"bearer"` as `Authorization: Bearer TOKEN`, `{ header }` alone in a header of that name. @experimental */
export type AuthScheme = "bearer" | { readonly header: string };

/** At most `requests` in every `perMs` milliseconds, evenly spaced. */
export interface RateLimitOptions {
  /** How many requests may start in `perMs`. */
  readonly requests: number;
  /** The length of that time in milliseconds. */
  readonly perMs: number;
}

/** When a client asks a {@link SharedRate} for a turn. */
export interface SharedRateRequest {
  /** The turn must come within this time, in milliseconds. */
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
  /** Writes a line to the client's log; `code` says what it is about. */
  readonly warn: (message: string, code?: string) => void;
}

/** A request may be sent now. One of the methods is called when it has ended. */
export interface SharedTurn {
  /** The server answered, and not with 429. */
  accepted(): void;
  /** The request was not sent. */
  unsent(): void;
  /** The server answered 429 and asks for a pause in milliseconds; 0: for none. */
  refused(pauseMs: number): void;
}

/** Why a {@link SharedRate} gives no turn. `paused`: the server asked for a pause that ends too late. */
export type SharedRefusal =
  | { readonly reason: "aborted" | "deadline" }
  | { readonly reason: "paused"; readonly forMs: number };

/** A rate that several clients share, also in several processes: `redisRate` of `oplead-sdk/redis`. */
export interface SharedRate extends RateLimitOptions {
  /** Requests per second that may start now, of all clients together, as far as this process knows. */
  readonly perSecond: number;
  /** Waits for a turn. It does not throw: if the rate cannot be shared, it gives turns at this client's share of it. */
  acquire(request: SharedRateRequest): Promise<SharedTurn | SharedRefusal>;
}

/**
 * The limiter of a client. Another client with the same token shares it: `createOplead({ rateLimit: other.rateLimit })`. It counts the
 * requests per second and those in flight, and keeps what 429s taught.
 */
export interface ClientRate {
  /** Requests per second that may start now: those of the client's options, or fewer after a 429. */
  readonly perSecond: number;
  /** Milliseconds that requests have spent waiting for their turn, added up. */
  readonly throttledMs: number;
}

/** How failed requests are repeated. A `POST` is only repeated when the server cannot have acted on it. */
export interface RetryOptions {
  /** Requests at most, the first included. Default 4. */
  readonly attempts?: number | undefined;
  /** Upper bound of the first wait in milliseconds; doubles with each further one. Default 250. */
  readonly baseMs?: number | undefined;
  /** Upper bound of any wait in milliseconds, except one that the server asks for. Default 8,000. */
  readonly maxMs?: number | undefined;
}

/** Options of {@link createOplead}. All are optional except a token, which may also come from the environment. */
export interface OpleadOptions {
  /**
   * The API token your Oplead platform administrator gave you. A function is asked for it when the first call needs it, and once more
   * after a 401. Default: environment variable `OPLEAD_TOKEN`. Like `baseUrl`, `platform` and `testMode` it must not be
   * `undefined`: a variable that is not set must not lead to production. Leave the key out to take the default.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** The address of Oplead. Default: environment variable `OPLEAD_BASE_URL`, else `https://api.oplead.com`. */
  readonly baseUrl?: string;
  /**
   * A name for the Oplead platform behind the token, at most 100 characters, for example `"acme-staging"`. Ledgers keep it
   * beside the base URL, so that a ledger of one platform is not used against another. Default: none, the base URL alone.
   */
  readonly platform?: string;
  /**
   * `true` says that no Oplead ID of this platform consists of digits only, so that an account number may. Oplead finds a
   * user by either, and does not say in which order (guide, user identification): an account number of digits could
   * overwrite the user who has that ID. Default: true where {@link OpleadOptions.facts} say that IDs are UUIDs, else false: such an account number is
   * `invalid_input`; give it a prefix.
   */
  readonly numericAccountNumbers?: boolean | undefined;
  /**
   * The fields of this platform that the package does not know, so that any other is refused: `["region",
   * "address.building"]`. Default: unknown fields are sent, unless their name resembles a known one.
   */
  readonly customFields?: readonly string[] | undefined;
  /** How the token travels. Default: as Oplead's OpenAPI document says; `"bearer"` until it is known (assumed). */
  readonly auth?: AuthScheme | undefined;
  /**
   * Where the Oplead ID is in the answer to a user write: a field's name, or a place with dots (`"data.id"`). Default:
   * as Oplead's OpenAPI document says; `"id"` until it is known (assumed).
   */
  readonly idField?: string | undefined;
  /**
   * Facts that `oplead probe` learned about this platform: the content of `platform-facts.json`. It decides `auth` and `idField`, the paths
   * of rules, which 404 is Oplead's own, and whether a second user with the same account number is refused. Facts of another
   * base URL, and facts that contradict an option, are refused. Default: none.
   */
  readonly facts?: PlatformFacts | undefined;
  /**
   * Adds `?test=true` to every write: Oplead runs all its logic and persists nothing. Default: true when the
   * environment variable `OPLEAD_TEST_MODE` is `"true"`, else false.
   */
  readonly testMode?: boolean;
  /**
   * One limit for everything that goes through this client. For several clients together: `other.rateLimit` within one
   * process, or a {@link SharedRate} of several. Default `{ requests: 10, perMs: 1000 }`; `false`: none.
   */
  readonly rateLimit?: RateLimitOptions | SharedRate | ClientRate | false | undefined;
  /** Requests in flight at most. Default 8. With `rateLimit: other.rateLimit` the requests of both clients count, and `other` sets the limit. */
  readonly maxConcurrency?: number | undefined;
  /** Limit of each single request in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Limit of a whole call, with its retries and waits, in milliseconds. Default 120,000. */
  readonly deadlineMs?: number | undefined;
  /**
   * How long to ask, with growing pauses, whether a user is there before its creation is repeated after a timeout, a broken
   * connection, 502, 503 or 504, in milliseconds. Default 10,000. At most 1,500 after a 500 of Oplead's own, and less as soon as Oplead was seen
   * to refuse a second user with the same account number.
   */
  readonly settleMs?: number | undefined;
  /**
   * How long Oplead may still carry out a request after it was sent, if the client no longer waits for it, in milliseconds (assumed). After
   * that time, a user with such a request is sent once more. Default 600,000 (ten minutes).
   */
  readonly lateMs?: number | undefined;
  /** How often a request is tried, and how long the pauses are. Default `{ attempts: 4, baseMs: 250, maxMs: 8000 }`, with full jitter; `false`: each request once. */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * How long profiles and countries are kept before they are asked for again, in milliseconds. Default 600,000 (ten
   * minutes); 0 keeps nothing.
   */
  readonly referenceTtlMs?: number | undefined;
  /** The function that sends a request. Default: node:http on Node, the global `fetch` elsewhere and where that was replaced or configured. */
  readonly fetch?: FetchLike | undefined;
  /** Where log lines go, for example `console`. Default: none, the package is silent. */
  readonly logger?: OpleadLogger | undefined;
  /** Observers of runs, users, calls and requests, for example `openTelemetry(api)`. The first of a list is the outermost. */
  readonly hooks?: OpleadHooks | readonly OpleadHooks[] | undefined;
  /**
   * Allows a `baseUrl` with plain http on another machine, where the token can be read on its way: for test servers in
   * containers, which have no certificate. Addresses of this machine are always allowed. Default false.
   */
  readonly allowHttp?: boolean | undefined;
  /** Allows use in a web page, where every visitor can read the token. Default false, and the guide says never. */
  readonly dangerouslyAllowBrowser?: boolean | undefined;
}

/** Options of a single call. */
export interface CallOptions {
  /** Ends the call at once, also while it waits. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's {@link OpleadOptions.timeoutMs}. */
  readonly timeoutMs?: number | undefined;
  /** Overrides the client's {@link OpleadOptions.deadlineMs}. */
  readonly deadlineMs?: number | undefined;
  /**
   * Overrides the client's {@link OpleadOptions.retry} for the requests of this call. Fields that are left out keep the client's values.
   * `false`: each request once.
   */
  readonly retry?: RetryOptions | false | undefined;
  /** Where the log lines of this call go, in place of the client's {@link OpleadOptions.logger}. */
  readonly logger?: OpleadLogger | undefined;
  /** `true` makes this call a test. A client in test mode stays in it: `false` is refused there. */
  readonly testMode?: boolean | undefined;
  /** Further headers. Those the package sets itself (authorization, content type, user agent) cannot be replaced. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The defaults of calls, which {@link Oplead.with} changes. Those left out stay. The token, the base URL, the limits and the other options
 * of a connection are refused here: the two clients share them.
 */
export interface WithOptions extends Omit<CallOptions, "signal"> {
  /** In place of the client's {@link OpleadOptions.hooks}, all of them. */
  readonly hooks?: OpleadHooks | readonly OpleadHooks[] | undefined;
}

/** The second argument of a {@link FetchLike}. Every `fetch` takes it. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  /** JSON. A request of the raw client can also have bytes here: every `fetch` takes them, but the types of some do not say so. */
  readonly body?: string;
  /** Aborts when the client no longer waits for the answer: after a timeout, or when the call was aborted. */
  readonly signal: AbortSignal;
  /** A redirect is an answer: following it would show the token to another server. */
  readonly redirect: "manual";
}

/** The parts that are used of the `Response` of a {@link FetchLike}. A `Response` has them also in a compiler without the DOM's iterables. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null; forEach(tell: (value: string, name: string) => void): void };
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The part of `fetch` that is used, so that any implementation fits: the global one, undici's with its `dispatcher`, node-fetch,
 * Deno's with its `client`.
 *
 * @example
 * ```ts
 * import { Agent, fetch } from "undici";
 * const dispatcher = new Agent({ connect: { ca } });
 * const oplead = createOplead({ fetch: (url, init) => fetch(url, { ...init, dispatcher }) });
 * ```
 */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchAnswer>;
