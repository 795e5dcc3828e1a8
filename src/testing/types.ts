import type { FakeOperation } from "./api.ts";
import type { FakeCountry, FakeProfile, FakeRuleName, FakeRules, FakeUser, FakeUserInput } from "./user.ts";

/**
 * How the fake makes and sends the ids of users:
 *
 * - `"digits"`: text of digits, from `"100001"` on;
 * - `"numbers"`: the same as JSON numbers;
 * - `"large"`: JSON numbers from 2^53 on, written digit by digit. `JSON.parse` rounds the second id to the first;
 * - `"uuid"`: text in the form of a UUID;
 * - a function, called with 1, 2, …: its result is sent as it is (a bigint as digits without quotes), so that a test
 *   can try `".."`, `" "`, a lone surrogate or `null`. A text or number is also the id by which the fake finds the
 *   user.
 * @experimental
 */
export type FakeIds = "digits" | "numbers" | "large" | "uuid" | ((count: number) => unknown);

/** The parts of a `platform-facts.json` that the fake reads. `PlatformFacts` of `oplead-sdk` fits. */
export interface FakeFacts {
  readonly facts: Readonly<Record<string, { readonly verdict: string; readonly value: unknown }>>;
}

/** Options of {@link createFakeOplead}. All have defaults. */
export interface FakeOpleadOptions {
  /**
   * Whether every request is checked against the package's OpenAPI document: operation, query, content type and body. A
   * request that does not conform has no effect and is answered 400 with the schema's words. {@link
   * FakeOplead.assertConforms} throws an error with these words. The check is stricter than the document in two ways. A
   * query parameter that the document does not name is refused, because a misspelt `test=true` is a real write. A field
   * that resembles a field of the document is refused too. Default: `false`.
   */
  readonly strict?: boolean | undefined;
  /** The token that the fake accepts; a request with a different token is answered 401. Default: `"fake-token"`. */
  readonly token?: string | undefined;
  /**
   * How the token is sent: as `Authorization: Bearer TOKEN` (assumed) or in a header of its own. Default: `"bearer"`.
   */
  readonly auth?: "bearer" | { readonly header: string } | undefined;
  /** Users that exist from the start, parents first. They are checked like the users of a POST. Default: none. */
  readonly users?: readonly FakeUserInput[] | undefined;
  /** The profiles of the platform. Default: `PRF_NETWORK` > `PRF_REGION` > `PRF_DEALER`. */
  readonly profiles?: readonly FakeProfile[] | undefined;
  /**
   * The countries of the platform. Default: `FR` with a few counties and some of their real postcodes (01, 13, 2A, 2B,
   * 39, 75, 971), and `BE`. All of France is in `realCountries()`.
   */
  readonly countries?: readonly FakeCountry[] | undefined;
  /** Rules that the platform has not enabled. Setting one is answered 403 (assumed). Default: none. */
  readonly disabledRules?: readonly FakeRuleName[] | undefined;
  /**
   * Whether a second user with the same accountNumber is refused with 409. The guide says that the accountNumber must
   * be unique, but not that Oplead enforces this. With `false`, a POST sent twice leaves two users, so a test can find
   * such a mistake. Default: `true`.
   */
  readonly uniqueAccountNumbers?: boolean | undefined;
  /**
   * Whether a second user with the same login is refused with 409 (assumed). Default: as {@link
   * FakeOpleadOptions.uniqueAccountNumbers}.
   */
  readonly uniqueLogins?: boolean | undefined;
  /** How ids are made and sent; the form of Oplead's ids is not documented. Default: `"digits"`. */
  readonly ids?: FakeIds | undefined;
  /**
   * The facts of a platform, as `oplead probe` found them. The fake then behaves like this platform: token, ids, 404s,
   * duplicates, partial updates, paths of rules, test mode, lag. Other options override the facts. For undecided facts
   * the fake keeps its own assumptions. Default: none.
   */
  readonly facts?: FakeFacts | undefined;
  /**
   * The clock behind {@link FakeRequest.time}, {@link FakeOplead.limit} and {@link FakeOplead.lag}, in milliseconds.
   * Delays and late commits use `setTimeout`. Default: `Date.now`.
   */
  readonly now?: (() => number) | undefined;
}

/** A running HTTP server in front of a fake. */
export interface FakeListener {
  /** For example `http://127.0.0.1:49152`, without a slash at the end: give it to `createOplead({ baseUrl })`. */
  readonly url: string;
  readonly port: number;
  /** Ends the server at once with all its connections, hanging ones included. May be called twice. */
  close(): Promise<void>;
}

/** A fake Oplead, with its state in memory. Made by {@link createFakeOplead}. */
export interface FakeOplead {
  /**
   * The fake as a `fetch`: give it to `createOplead({ fetch })`. Only path and query of the URL count, not the host.
   * As with a real server, a client that aborts stops waiting, and its request may still be carried out.
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Serves the fake over HTTP on 127.0.0.1 (on Node, and on run times with a compatible `node:http`). Default port: a
   * free port. Where the compiler knows `Symbol.asyncDispose`, `await using` closes the listener at the end of its
   * block.
   *
   * @throws TypeError where there is no `node:http`.
   */
  listen(options?: {
    readonly port?: number;
  }): Promise<
    FakeListener &
      (SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol }
        ? { readonly [Name in Key]: () => Promise<void> }
        : object)
  >;
  /**
   * The users that the fake has at present, in the order of their creation. Writes that {@link FakeOplead.lag} hides
   * from calls are included.
   */
  readonly users: readonly FakeUser[];
  /**
   * Finds a user by id or else by accountNumber. Also finds a user that {@link FakeOplead.lag} hides from calls. If
   * several users have the accountNumber, the first one is found.
   */
  user(idOrAccountNumber: string): FakeUser | undefined;
  /** The rules of a user: undefined for an unknown user, an empty object before a rule was set. */
  rules(idOrAccountNumber: string): FakeRules | undefined;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly FakeRequest[];
  /** The accountNumbers that more than one user has. A sync that never creates a user twice leaves this list empty. */
  duplicates(): readonly string[];
  /**
   * Throws if one of {@link FakeOplead.requests} did not conform to the OpenAPI document, whatever answer it got. The
   * message quotes the schema's errors for each such request. Call it in `afterEach`.
   *
   * @throws TypeError if the fake is not {@link FakeOpleadOptions.strict}.
   */
  assertConforms(): void;
  /**
   * Makes calls fail. If several faults match one call, the fault registered first hits it.
   *
   * @throws TypeError or RangeError for an option that makes no sense. `delay`, `limit` and `lag` throw it too.
   */
  fail(fault: FakeFault): FakeHandle;
  /** Makes calls slow. Delays that match the same call add up. */
  delay(delay: FakeDelay): FakeHandle;
  /**
   * Answers 429 to calls beyond a rate, or beyond a number of calls under way at once, before anything else happens.
   * Replaces an earlier limit of the same kind; a fake may have one limit of each kind. `hits` counts the 429s.
   */
  limit(limit: FakeLimit): FakeHandle;
  /** Removes both limits: the limit of the rate and the limit of the calls under way at once. */
  limit(limit: false): void;
  /**
   * Lets calls see writes late, as behind a read replica. A number means `{ ms }`. Writes made before this call are
   * seen at once. Replaces an earlier lag. The fake's own `users`, `user()` and `rules()` do not lag.
   */
  lag(lag: number | FakeLag): FakeHandle;
  /**
   * Adds users, parents first, as if they had existed from the start. They are checked like the users of a POST.
   * {@link FakeOplead.reset} removes them.
   *
   * @throws TypeError if a POST would refuse one of the users; the users before this one are added.
   */
  seed(given: { readonly users: readonly FakeUserInput[] }): void;
  /**
   * Empties {@link FakeOplead.requests}, so that a test counts only the requests after this call. Users, rules and
   * faults stay.
   */
  clearRequests(): void;
  /**
   * Resolves when a condition holds: `await fake.until(() => fake.users.length === 3)`. The condition is checked every
   * 5 ms of real time. Default of `timeoutMs`: 5,000.
   *
   * @throws Error if the condition did not hold in time; the message has the numbers of requests and users.
   */
  until(condition: (fake: FakeOplead) => boolean, options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * Resolves when the fake has finished its work: no delayed call and no late commit is left. Calls that hang do not
   * count.
   */
  settled(): Promise<void>;
  /**
   * Puts the fake back into the state in which it was made: the users of the options, no rules, an empty log, no
   * faults, delays, limits or lag. Calls under way end as broken connections and write nothing. Listeners keep running.
   */
  reset(): void;
}

/** One request as it arrived, and its outcome. */
export interface FakeRequest {
  readonly method: string;
  /** The path as it was sent: still encoded, without the query. */
  readonly path: string;
  /** The operation. Undefined if the fake does not have the path, or the path does not have the method. */
  readonly operation: FakeOperation | undefined;
  /** The query parameters. If a name is repeated, the last value counts. */
  readonly query: Readonly<Record<string, string>>;
  /** Whether the query parameter `test` is exactly `true`. */
  readonly testMode: boolean;
  /** The headers, by name in small letters. The token is replaced by `***`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as parsed JSON; as text if it is not JSON; undefined if there was no body. */
  readonly body: unknown;
  /** When the request arrived, by the clock of {@link FakeOpleadOptions.now}: milliseconds since 1970. */
  readonly time: number;
  /**
   * The status of the answer that the client got. Undefined while the call is under way, and after a reset or a hang.
   */
  readonly status: number | undefined;
  /** The answer of the fault that hit this request, as given to {@link FakeOplead.fail}. */
  readonly fault: FakeFaultAnswer | undefined;
  /**
   * Whether the fake wrote to its store because of this request, whatever answer the client got. Always false in test
   * mode.
   */
  readonly acted: boolean;
  /**
   * The points in which the request violates the OpenAPI document, as the validator of its schemas says them. Empty for
   * a request that conforms, and if the fake is not {@link FakeOpleadOptions.strict}.
   */
  readonly violations: readonly string[];
}

/** An answer with this status, as Oplead might send it. */
export interface FakeStatusAnswer {
  /** The HTTP status, 200 to 599. */
  readonly status: number;
  /**
   * The `Retry-After` header: seconds (0 is allowed), or a text that is sent as it is, such as an HTTP date. Default:
   * no header.
   */
  readonly retryAfter?: number | string | undefined;
  /**
   * The body of the answer. A text is sent unchanged, with the type `text/plain`. Any other value is sent as JSON,
   * `null` included. Default: from status 400 on, an error body of the form that Oplead's are assumed to have; below
   * 400, no body.
   */
  readonly body?: unknown;
  /** Further headers. They replace the fake's own headers, also `content-type`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer that does not come from Oplead, but from a gateway or proxy (nginx) in front of it. */
export interface FakeGatewayAnswer {
  /** The HTTP status of the gateway's answer, 200 to 599. */
  readonly gateway: number;
  /** `"html"` is nginx's page for the status, `"empty"` has no body and no content type. Default: `"html"`. */
  readonly page?: "html" | "empty" | undefined;
  /** The `Retry-After` header, as in {@link FakeStatusAnswer}. Default: no header. */
  readonly retryAfter?: number | string | undefined;
}

/**
 * How a call fails, as the client sees it:
 *
 * - `{ status }`: an answer with this status. `{ status: 200, body: "" }` (or `null`, `[]`, a text) is a success
 *   without content;
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
 * Selects calls: an operation, `"setRules"` for any of the five rules, an HTTP method in capitals, or a predicate. A
 * predicate gets the request as it arrived, before the status of the answer is known.
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
   * How many milliseconds after the request's arrival the write happens. With two numbers, a time between them is drawn
   * with the fault's `seed`. The fake checks the request on arrival, and unique values again when it writes. If a user
   * has taken the accountNumber or login in between, the late write does not happen.
   */
  readonly lateMs: number | readonly [least: number, most: number];
}

/** A fault, for {@link FakeOplead.fail}. */
export interface FakeFault {
  /** The calls that the fault affects. Default: every call. */
  readonly on?: FakeTarget | undefined;
  readonly as: FakeFaultAnswer;
  /**
   * `"before"`: the fake answers without looking at the call. `"after"`: it carries out the call, but the true answer
   * is lost and replaced, so that the client cannot know what happened. `{ lateMs }`: the client is answered (or hangs)
   * at once, and the fake carries out the call later. Default: `"before"`; for `as: "normal"` there is no default.
   */
  readonly when?: "before" | "after" | FakeLateCommit | undefined;
  /** How many calls the fault hits at most. Default: 1, or any number if there is a `share`. */
  readonly times?: number | undefined;
  /** The share of matching calls that the fault hits, 0 to 1, drawn with `seed`. Default: 1. */
  readonly share?: number | undefined;
  /**
   * The seed of the random numbers that decide which matching calls the fault hits. With the same seed, the fault hits
   * the same calls if the matching calls come in the same order. Default: 1.
   */
  readonly seed?: number | undefined;
}

/** Latency, for {@link FakeOplead.delay}. */
export interface FakeDelay {
  /** The calls that are slowed down. Default: every call. */
  readonly on?: FakeTarget | undefined;
  /** How much longer the call takes, in milliseconds. */
  readonly ms: number;
  /**
   * `"before"`: the fake acts when the time is over, also if the client has given up by then. `"after"`: the fake acts
   * at once and answers late. Default: `"before"`.
   */
  readonly when?: "before" | "after" | undefined;
}

/**
 * A server-side rate limit (a token bucket), for {@link FakeOplead.limit}. That Oplead has one is assumed.
 * @experimental
 */
export interface FakeRateLimit {
  /** How many requests may pass in `perMs` milliseconds. */
  readonly requests: number;
  /** The time in which `requests` may pass, in milliseconds. */
  readonly perMs: number;
  /** The size of the bucket, which is full at the start: how many requests may come at once. Default: `requests`. */
  readonly burst?: number | undefined;
  /**
   * The header of the 429 that says when to come back. `"retry-after"` and `"ratelimit-reset"` carry seconds (at least
   * 1), `"x-ratelimit-retry-after"` a Unix time in seconds, as in Symfony's manual; `"none"` sends none.
   * Default: `"retry-after"`.
   */
  readonly header?: "retry-after" | "ratelimit-reset" | "x-ratelimit-retry-after" | "none" | undefined;
}

/**
 * A limit of calls under way at the same time, for {@link FakeOplead.limit}. That Oplead has such a limit is assumed. A
 * call counts from its arrival until it is answered; a call that hangs stops counting when the hang begins. Give the
 * fake a {@link FakeOplead.delay}: without one it answers each call before the next arrives.
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

/**
 * Read lag, for {@link FakeOplead.lag}: requests see a write only some time after it, as behind a read replica. It is
 * an assumption that Oplead has a read lag. @experimental
 */
export interface FakeLag {
  /** Milliseconds between a write and the first read that sees it, by the clock of {@link FakeOpleadOptions.now}. */
  readonly ms: number;
  /**
   * Which look-ups lag. `"user"`: the user of a PUT, by id or accountNumber. `"rule"`: the user of a rule's PUT.
   * `"parent"`: the parent of a created or updated user. `"unique"`: whether an accountNumber or login is taken.
   * Look-ups that are not named see every write at once. Default: `["user", "rule", "parent"]`, because a primary
   * database checks what must be unique.
   */
  readonly reads?: readonly ("user" | "rule" | "parent" | "unique")[] | undefined;
}

/** The result of {@link FakeOplead.fail}, `delay`, `limit` and `lag`. */
export interface FakeHandle {
  /**
   * How many calls the fault, delay, limit or lag has hit so far. A lag has hit a call if, because of the lag, a
   * look-up found a different user, or no user.
   */
  readonly hits: number;
  /** Removes the fault, delay, limit or lag. What it did to earlier calls is not undone. */
  remove(): void;
}
