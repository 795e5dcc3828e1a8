/// <reference lib="esnext.disposable" />
import type { CountryDetails, UserProfile } from "../rules/countries.ts";
import type { RuleBodies, RuleName } from "../rules/types.ts";
import type { Platform } from "../transport/options.ts";
import type { UserFields } from "../user/user.ts";
import type { FakeOperation } from "./api.ts";
import type { FakeUser } from "./user.ts";

/** Options of {@link createFakeOplead}. All have defaults. */
export interface FakeOpleadOptions {
  /**
   * Checks each request against the package's OpenAPI document: operation, query, content type and body. One that does
   * not conform has no effect, is answered 400 with the schema's words, and makes {@link FakeOplead.assertConforms}
   * throw them. Stricter than the document: it refuses an unknown query parameter, because a misspelt `test=true` is a
   * real write, and a field that resembles a known one. Default: `false`.
   */
  readonly strict?: boolean | undefined;
  /** Accepted token; another one is answered 401. Default: `"fake-token"`. */
  readonly token?: string | undefined;
  /** @internal
   * How the token is sent: as `Authorization: Bearer TOKEN` (assumed) or in a header of its own. Default: `"bearer"`.
   */
  readonly auth?: "bearer" | { readonly header: string } | undefined;
  /** Users from the start, parents first, checked like those of a POST. Default: none; of `id`: the next one. */
  readonly users?:
    | readonly (UserFields & ({ readonly id?: string | undefined } | { readonly [field: string]: unknown }))[]
    | undefined;
  /** Profiles. Default: `PRF_NETWORK` > `PRF_REGION` > `PRF_DEALER`. */
  readonly profiles?: readonly UserProfile[] | undefined;
  /**
   * Countries. Default: `FR` with a few counties and some of their real postcodes (01, 13, 2A, 2B, 39, 75, 971), and
   * `BE`. All of France: `realCountries()`.
   */
  readonly countries?: readonly CountryDetails[] | undefined;
  /** Rules that are not enabled: setting one is answered 403 (assumed). Default: none. */
  readonly disabledRules?: readonly RuleName[] | undefined;
  /**
   * Refuses a second user with the same accountNumber with 409. The guide says that it must be unique, not that Oplead
   * enforces it. With `false`, a POST sent twice leaves two users, which a test can find. Default: `true`.
   */
  readonly uniqueAccountNumbers?: boolean | undefined;
  /** @internal
   * Refuses a second user with the same login with 409 (assumed). Default: as {@link
   * FakeOpleadOptions.uniqueAccountNumbers}.
   */
  readonly uniqueLogins?: boolean | undefined;
  /**
   * How ids are made and sent; Oplead's form is not documented. Default: `"digits"`.
   *
   * - `"digits"`: text of digits, from `"100001"` on;
   * - `"numbers"`: the same as JSON numbers;
   * - `"large"`: JSON numbers from 2^53 on, of which `JSON.parse` rounds the second to the first;
   * - `"uuid"`: text in the form of a UUID;
   * - a function of 1, 2, …: its result is sent as it is (a bigint as digits), to try `".."`, `" "`, a lone surrogate or
   * `null`. A text or number is also the id by which the fake finds the user.
   */
  readonly ids?: "digits" | "numbers" | "large" | "uuid" | ((count: number) => unknown) | undefined;
  /**
   * A platform whose `fields`, `envelope` and `rulePaths` the fake has, and which it resembles in its `facts`: token, ids,
   * 404s, duplicates, partial updates, test mode, lag. Other options override them; undecided ones leave the fake's assumptions.
   * Default: none.
   */
  readonly platform?: Platform | undefined;
  /**
   * Clock of {@link FakeRequest.time}, {@link FakeOplead.limit} and {@link FakeOplead.lag}, in ms. Delays and late
   * commits use `setTimeout`. Default: `Date.now`.
   */
  readonly now?: (() => number) | undefined;
}

/** A running HTTP server in front of a fake. */
export interface FakeListener {
  /** For `createOplead({ baseUrl })`, for example `http://127.0.0.1:49152`. */
  readonly url: string;
  readonly port: number;
  /** Ends the server at once with all connections. May be called twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A fake Oplead, made by {@link createFakeOplead}. */
export interface FakeOplead {
  /**
   * For `createOplead({ fetch })`. The URL's host does not count. As with a real server, a request may be carried out
   * although its client has aborted.
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Serves the fake over HTTP on 127.0.0.1. Default port: a free one. `await using` closes the listener.
   *
   * @throws TypeError where there is no `node:http`.
   */
  listen(options?: { readonly port?: number }): Promise<FakeListener>;
  /** Present users, oldest first, with writes that {@link FakeOplead.lag} hides from calls. */
  readonly users: readonly FakeUser[];
  /** A user by id or else by accountNumber (the first who has it), also one that {@link FakeOplead.lag} hides. */
  user(idOrAccountNumber: string): FakeUser | undefined;
  /** Undefined for an unknown user, an empty object before a rule was set. */
  rules(idOrAccountNumber: string): Partial<RuleBodies> | undefined;
  /** Requests in the order of arrival. */
  readonly requests: readonly FakeRequest[];
  /** accountNumbers of more than one user. Empty if a sync never creates a user twice. */
  duplicates(): readonly string[];
  /**
   * Throws, with the schema's errors, if one of {@link FakeOplead.requests} did not conform to the OpenAPI document,
   * whatever its answer. For `afterEach`.
   *
   * @throws TypeError if the fake is not {@link FakeOpleadOptions.strict}.
   */
  assertConforms(): void;
  /**
   * Makes calls fail. If several faults match, the first registered hits.
   *
   * @throws TypeError or RangeError for an option that makes no sense, as `delay`, `limit` and `lag` do.
   */
  fail(fault: FakeFault): FakeHandle;
  /** Makes calls slow. Matching delays add up. */
  delay(delay: FakeDelay): FakeHandle;
  /**
   * Answers 429, before anything else, to calls beyond a rate or a number of simultaneous calls. Replaces a limit of
   * the same kind. `hits` counts the 429s.
   */
  limit(limit: FakeLimit): FakeHandle;
  /** Removes both limits. */
  limit(limit: false): void;
  /**
   * Lets calls see writes late, as behind a read replica. A number means `{ ms }`. Replaces an earlier lag. Earlier
   * writes, and the fake's own `users`, `user()` and `rules()`, do not lag.
   */
  lag(lag: number | FakeLag): FakeHandle;
  /**
   * Adds users, parents first, as if from the start, checked like those of a POST. {@link FakeOplead.reset} removes
   * them.
   *
   * @throws TypeError if a POST would refuse one; those before it are added.
   */
  seed(given: { readonly users: NonNullable<FakeOpleadOptions["users"]> }): void;
  /** Empties {@link FakeOplead.requests}. Users, rules and faults stay. */
  clearRequests(): void;
  /**
   * Resolves when a condition holds: `await fake.until(() => fake.users.length === 3)`. Checked every 5 ms of real
   * time. Default of `timeoutMs`: 5,000.
   *
   * @throws Error if it did not hold in time, with the numbers of requests and users.
   */
  until(condition: (fake: FakeOplead) => boolean, options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Resolves when no delayed call and no late commit is left. Calls that hang do not count. */
  settled(): Promise<void>;
  /**
   * Restores the start: users of the options, no rules, log, faults, delays, limits or lag. Calls in flight break and
   * write nothing. Listeners go on.
   */
  reset(): void;
}

/** One request as it arrived, and its outcome. */
export interface FakeRequest {
  readonly method: string;
  /** As it was sent: still encoded, without the query. */
  readonly path: string;
  /** Undefined if the fake does not have the path, or not with the method. */
  readonly operation: FakeOperation | undefined;
  /** The last value of a repeated name. */
  readonly query: Readonly<Record<string, string>>;
  /** True if the query parameter `test` is exactly `true`. */
  readonly testMode: boolean;
  /** Names in lower case. The token is replaced by `***`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, else text; undefined without a body. */
  readonly body: unknown;
  /** Arrival in ms since 1970, by {@link FakeOpleadOptions.now}. */
  readonly time: number;
  /** Status of the client's answer. Undefined in flight, and after a reset or a hang. */
  readonly status: number | undefined;
  /** Answer of the fault that hit this request. */
  readonly fault: FakeFaultAnswer | undefined;
  /** True if the fake wrote to its store because of this request, whatever the answer. Always false in test mode. */
  readonly acted: boolean;
  /**
   * Violations of the OpenAPI document, in the validator's words. Empty for a request that conforms, and without {@link
   * FakeOpleadOptions.strict}.
   */
  readonly violations: readonly string[];
}

/**
 * How a call fails for the client:
 *
 * - `{ status }`: an answer with this status. `{ status: 200, body: "" }` (or `null`, `[]`, a text) is a success
 * without content;
 * - `{ gateway: 404 }`: nginx's HTML page (or `page: "empty"`), with `server: nginx` and without Oplead's request id;
 * - `"reset"`: the connection breaks without an answer;
 * - `"hang"`: no answer, until the client gives up or the listener closes;
 * - `"empty-500"`: a 500 without a body;
 * - `"html-200"`: a 200 with an HTML page, such as a login screen;
 * - `"truncated-json"`: JSON cut in half; the true answer if the fake acted first, else a 200;
 * - `"normal"`: the answer without a fault, for `when: { lateMs }`.
 */
export type FakeFaultAnswer =
  | {
      /** HTTP status, 200 to 599. */
      readonly status: number;
      /** `Retry-After` header: seconds (0 is allowed), or a text such as an HTTP date. Default: no header. */
      readonly retryAfter?: number | string | undefined;
      /**
       * Text is sent unchanged as `text/plain`, anything else as JSON, also `null`. Default: from 400 on, an error body in
       * the form assumed for Oplead's; below, none.
       */
      readonly body?: unknown;
      /** Further headers, which replace the fake's own. Default: none. */
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | {
      /** HTTP status, 200 to 599. */
      readonly gateway: number;
      /** `"html"`: nginx's page; `"empty"`: no body and no content type. Default: `"html"`. */
      readonly page?: "html" | "empty" | undefined;
      /** As with `status`. Default: no header. */
      readonly retryAfter?: number | string | undefined;
    }
  | "reset"
  | "hang"
  | "empty-500"
  | "html-200"
  | "truncated-json"
  | "normal";

export type FakeTarget = NonNullable<FakeFault["on"]>;

/** A fault, for {@link FakeOplead.fail}. */
export interface FakeFault {
  /**
   * Affected calls: an operation, `"setRules"` for any of the five rules, an HTTP method in capitals, or a predicate of
   * the request as it arrived. Default: every call.
   */
  readonly on?:
    | FakeOperation
    | "setRules"
    | "GET"
    | "POST"
    | "PUT"
    | "PATCH"
    | "DELETE"
    | ((request: FakeRequest) => boolean)
    | undefined;
  readonly as: FakeFaultAnswer;
  /**
   * `"before"`: answers without looking at the call. `"after"`: carries it out, but its answer is lost and replaced. `{
   * lateMs }`: answers (or hangs) at once, and carries it out later. Default: `"before"`; with `as: "normal"` there is
   * no default.
   */
  readonly when?:
    | "before"
    | "after"
    | {
        /**
         * Time from the request's arrival to the write, in ms; of two numbers, one between them is drawn with the fault's
         * `seed`. The request is checked on arrival, unique values again at the write, which does not happen if one was
         * taken.
         */
        readonly lateMs: number | readonly [least: number, most: number];
      }
    | undefined;
  /** Calls that are hit at most. Default: 1, or any number with a `share`. */
  readonly times?: number | undefined;
  /** Share of matching calls that is hit, 0 to 1, drawn with `seed`. Default: 1. */
  readonly share?: number | undefined;
  /** Seed of what is drawn. The same seed hits the same calls if they come in the same order. Default: 1. */
  readonly seed?: number | undefined;
}

/** Latency, for {@link FakeOplead.delay}. */
export interface FakeDelay {
  /** As of a fault. Default: every call. */
  readonly on?: FakeFault["on"];
  /** Additional time of a call, in ms. */
  readonly ms: number;
  /**
   * `"before"`: the fake acts after the time, also if the client has given up. `"after"`: it acts at once and answers
   * late. Default: `"before"`.
   */
  readonly when?: "before" | "after" | undefined;
}

/**
 * A limit, for {@link FakeOplead.limit}: a rate (a token bucket), or simultaneous calls. That Oplead has one is assumed.
 *
 * A call counts until it is answered or begins to hang. A limit of simultaneous calls needs a {@link FakeOplead.delay}:
 * otherwise each call is answered before the next arrives.
 *
 * @experimental
 */
export type FakeLimit =
  | {
      /** Requests that may pass in `perMs`. */
      readonly requests: number;
      /** Time for `requests`, in ms. */
      readonly perMs: number;
      /** Size of the bucket, full at the start: requests that may come at once. Default: `requests`. */
      readonly burst?: number | undefined;
      /**
       * Header of the 429 that says when to come back: `"retry-after"` and `"ratelimit-reset"` in seconds (at least 1),
       * `"x-ratelimit-retry-after"` as Unix time in seconds (Symfony's manual), or `"none"`. Default: `"retry-after"`.
       */
      readonly header?: "retry-after" | "ratelimit-reset" | "x-ratelimit-retry-after" | "none" | undefined;
    }
  | {
      /** Simultaneous calls that are allowed. */
      readonly concurrent: number;
      /** `Retry-After` of the 429, as in {@link FakeFaultAnswer}. Default: no header. */
      readonly retryAfter?: number | string | undefined;
    };

/**
 * Read lag, for {@link FakeOplead.lag}, as behind a read replica. That Oplead has one is assumed.
 *
 * @experimental
 */
export interface FakeLag {
  /** From a write to the first read that sees it, in ms by {@link FakeOpleadOptions.now}. */
  readonly ms: number;
  /**
   * Look-ups that lag. `"user"`: the user of a PUT, by id or accountNumber; `"rule"`: the user of a rule's PUT;
   * `"parent"`: the parent of a written user; `"unique"`: a taken accountNumber or login. Default: `["user", "rule",
   * "parent"]`, because a primary database checks what is unique.
   */
  readonly reads?: readonly ("user" | "rule" | "parent" | "unique")[] | undefined;
}

/** The result of {@link FakeOplead.fail}, `delay`, `limit` and `lag`. */
export interface FakeHandle {
  /** Calls that were hit. A lag hits a call for which a look-up found another user, or none. */
  readonly hits: number;
  /** Ends the fault, delay, limit or lag. Its effects on earlier calls stay. */
  remove(): void;
}
