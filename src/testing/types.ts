import type { FakeDelay, FakeFault, FakeHandle, FakeLag, FakeLimit, FakeRequest } from "./fault.ts";
import type { FakeCountry, FakeProfile, FakeRuleName, FakeRules, FakeUser, FakeUserInput } from "./user.ts";

/**
 * How the fake makes and sends the ids of users:
 *
 * - `"digits"`: text of digits, from `"100001"` on;
 * - `"numbers"`: the same as JSON numbers;
 * - `"large"`: JSON numbers from 2^53 on, written digit by digit. `JSON.parse` reads the second one as the first;
 * - `"uuid"`: text in the form of a UUID;
 * - a function, called with 1, 2, …: its result is sent as it is (a bigint as digits without quotes), so that a test can
 *   try `".."`, `" "`, a lone surrogate or `null`. A text or number is also the id by which the fake finds the user.
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
   * Whether every request is checked against the package's OpenAPI document: operation, query, content type and body. A request that
   * does not conform is answered 400 with the schema's words and has no effect, and {@link FakeOplead.assertConforms} throws
   * them. Stricter than the document in two things: a query parameter that it does not name is refused, because a
   * misspelt `test=true` is a real write, and so is a field that resembles one that it names. Default: `false`.
   */
  readonly strict?: boolean | undefined;
  /** The token that is accepted; any other is answered 401. Default: `"fake-token"`. */
  readonly token?: string | undefined;
  /** Where the token travels: `Authorization: Bearer TOKEN` (assumed) or a header of its own. Default: `"bearer"`. */
  readonly auth?: "bearer" | { readonly header: string } | undefined;
  /** Users that exist from the start, parents first. Checked as a POST would be. Default: none. */
  readonly users?: readonly FakeUserInput[] | undefined;
  /** The profiles of the platform. Default: `PRF_NETWORK` > `PRF_REGION` > `PRF_DEALER`. */
  readonly profiles?: readonly FakeProfile[] | undefined;
  /**
   * The countries of the platform. Default: `FR` with a few counties and some of their real postcodes (01, 13, 2A, 2B, 39, 75, 971), and `BE`. All of
   * France is in `realCountries()`.
   */
  readonly countries?: readonly FakeCountry[] | undefined;
  /** Rules that the platform has not enabled. Setting one is answered 403 (assumed). Default: none. */
  readonly disabledRules?: readonly FakeRuleName[] | undefined;
  /**
   * Whether a second user with the same accountNumber is refused with 409. Documented is that it must be unique, not
   * that Oplead enforces it: with `false` a POST sent twice leaves two users, so that a test for it can fail.
   * Default: `true`.
   */
  readonly uniqueAccountNumbers?: boolean | undefined;
  /** The same for logins (assumed). Default: as {@link FakeOpleadOptions.uniqueAccountNumbers}. */
  readonly uniqueLogins?: boolean | undefined;
  /** How ids are made and sent; the form of Oplead's ids is not documented. Default: `"digits"`. */
  readonly ids?: FakeIds | undefined;
  /**
   * The platform to behave like, as `oplead probe` found it: token, ids, 404s, duplicates, parts, paths of rules, test mode, lag. Other
   * options go before it. What is undecided is as the fake assumes it. Default: none.
   */
  readonly facts?: FakeFacts | undefined;
  /**
   * The clock behind {@link FakeRequest.time}, {@link FakeOplead.limit} and {@link FakeOplead.lag}, in milliseconds. Delays and
   * late commits use `setTimeout`. Default: `Date.now`.
   */
  readonly now?: (() => number) | undefined;
}

/** Closes at the end of the block of `await using`. Without members where the compiler does not know `Symbol.asyncDispose`. */
export type Closeable = SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol }
  ? { readonly [Name in Key]: () => Promise<void> }
  : object;

/** A running HTTP server in front of a fake. */
export interface FakeListener {
  /** For example `http://127.0.0.1:49152`, without a slash at the end: give it to `createOplead({ baseUrl })`. */
  readonly url: string;
  readonly port: number;
  /** Ends the server at once, with every connection, also those left hanging. May be called twice. */
  close(): Promise<void>;
}

/** A fake Oplead, with its state in memory. Made by {@link createFakeOplead}. */
export interface FakeOplead {
  /**
   * The fake as a `fetch`: give it to `createOplead({ fetch })`. Only path and query of the URL count, not the host.
   * As with a real server, a client that aborts stops waiting; what it asked for may still happen.
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Serves the fake over HTTP on 127.0.0.1 (Node and what is compatible with its `node:http`). Default port: a free one.
   *
   * @throws TypeError where there is no `node:http`.
   */
  listen(options?: { readonly port?: number }): Promise<FakeListener & Closeable>;
  /** The users as they are now, whatever the lag, in the order of their creation. */
  readonly users: readonly FakeUser[];
  /** A user by id or else accountNumber, whatever the lag. If several users hold the accountNumber, the first of them. */
  user(idOrAccountNumber: string): FakeUser | undefined;
  /** The rules of a user: undefined for an unknown user, empty before the first PUT. */
  rules(idOrAccountNumber: string): FakeRules | undefined;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly FakeRequest[];
  /** The accountNumbers that more than one user holds. A sync that never creates a user twice leaves this empty. */
  duplicates(): readonly string[];
  /**
   * Throws if a request so far did not conform to the OpenAPI document, with the schema's words for each, whatever
   * became of it: call it in `afterEach`.
   *
   * @throws TypeError if the fake is not {@link FakeOpleadOptions.strict}.
   */
  assertConforms(): void;
  /**
   * Makes calls fail. If several faults match one call, the one registered first hits.
   *
   * @throws TypeError or RangeError for an option that makes no sense. The same holds for `delay`, `limit` and `lag`.
   */
  fail(fault: FakeFault): FakeHandle;
  /** Makes calls slow. Delays that match the same call add up. */
  delay(delay: FakeDelay): FakeHandle;
  /**
   * Answers 429 to what exceeds a rate, or a number of calls under way at once, before anything else happens. Replaces the limit of the
   * same kind before; a fake may have one of each. `hits` counts the 429s.
   */
  limit(limit: FakeLimit): FakeHandle;
  /** Removes both limits. */
  limit(limit: false): void;
  /**
   * Lets calls see writes late, as behind a read replica: a number is `{ ms }`. Writes made before this call are seen at once.
   * Replaces the lag before. The fake's own `users`, `user()` and `rules()` do not lag.
   */
  lag(lag: number | FakeLag): FakeHandle;
  /**
   * Adds users, parents first, as if they had been there from the start. Checked as a POST would be. {@link FakeOplead.reset} takes them away.
   *
   * @throws TypeError if one of them would be refused; those before it are added.
   */
  seed(given: { readonly users: readonly FakeUserInput[] }): void;
  /** Empties {@link FakeOplead.requests}, so that a test counts only what follows. Users, rules and faults stay. */
  clearRequests(): void;
  /**
   * Resolves when a condition holds: `await fake.until(() => fake.users.length === 3)`. It is asked every 5 ms of real time.
   * Default of `timeoutMs`: 5,000.
   *
   * @throws Error when it did not hold in time, with how many requests and users there are.
   */
  until(condition: (fake: FakeOplead) => boolean, options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * Resolves when the fake has done all that it was asked for: no delayed call and no late commit is left. Calls that
   * hang do not count.
   */
  settled(): Promise<void>;
  /**
   * Back to the start: the users of the options, no rules, an empty log, no faults, delays, limits or lag. Calls under way end
   * as broken connections and act no more. Listeners go on.
   */
  reset(): void;
}
