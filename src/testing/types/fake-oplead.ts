import type { FakeDelay, FakeFault, FakeHandle, FakeLag, FakeLimit } from "./fault.ts";
import type { FakeRequest } from "./request.ts";
import type { FakeRules, FakeUser } from "./user.ts";

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
  listen(options?: { readonly port?: number }): Promise<FakeListener>;
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
