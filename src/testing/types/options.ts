import type { FakeCountry, FakeProfile } from "./reference.ts";
import type { FakeRuleName, FakeUserInput } from "./user.ts";

/**
 * How the fake makes and sends the ids of users:
 *
 * - `"digits"`: text of digits, from `"100001"` on;
 * - `"numbers"`: the same as JSON numbers;
 * - `"large"`: JSON numbers from 2^53 on, written digit by digit. `JSON.parse` reads the second one as the first;
 * - `"uuid"`: text in the form of a UUID;
 * - a function, called with 1, 2, …: its result is sent as it is (a bigint as digits without quotes), so that a test can
 *   try `".."`, `" "`, a lone surrogate or `null`. A text or number is also the id by which the fake finds the user.
 */
export type FakeIds = "digits" | "numbers" | "large" | "uuid" | ((count: number) => unknown);

/** Options of {@link createFakeOplead}. All have defaults. */
export interface FakeOpleadOptions {
  /**
   * Whether every request is checked against the package's OpenAPI document: operation, query, content type and body. A request that
   * does not conform is answered 400 with the schema's words and has no effect, and {@link FakeOplead.assertConforms} throws
   * them. Stricter than the document in one thing: a query parameter that it does not name is refused, because a
   * misspelt `test=true` is a real write. Default: `false`.
   */
  readonly strict?: boolean;
  /** The token that is accepted; any other is answered 401. Default: `"fake-token"`. */
  readonly token?: string;
  /** Where the token travels: `Authorization: Bearer TOKEN` (assumed) or a header of its own. Default: `"bearer"`. */
  readonly auth?: "bearer" | { readonly header: string };
  /** Users that exist from the start, parents first. Checked as a POST would be. Default: none. */
  readonly users?: readonly FakeUserInput[];
  /** The profiles of the platform. Default: `PRF_NETWORK` > `PRF_REGION` > `PRF_DEALER`. */
  readonly profiles?: readonly FakeProfile[];
  /**
   * The countries of the platform. Default: `FR` with a few counties and some of their real postcodes (01, 13, 2A, 2B, 39, 75, 971), and `BE`. All of
   * France is in `realCountries()` of `oplead-sdk/testing/countries`.
   */
  readonly countries?: readonly FakeCountry[];
  /** Rules that the platform has not enabled. Setting one is answered 403 (assumed). Default: none. */
  readonly disabledRules?: readonly FakeRuleName[];
  /**
   * Whether a second user with the same accountNumber is refused with 409. Documented is that it must be unique, not
   * that Oplead enforces it: with `false` a POST sent twice leaves two users, so that a test for it can fail.
   * Default: `true`.
   */
  readonly uniqueAccountNumbers?: boolean;
  /** The same for logins (assumed). Default: as {@link FakeOpleadOptions.uniqueAccountNumbers}. */
  readonly uniqueLogins?: boolean;
  /** How ids are made and sent; the form of Oplead's ids is not documented. Default: `"digits"`. */
  readonly ids?: FakeIds;
  /** `true` is short for `ids: "numbers"`, and `ids` wins over it. Default: `false`. */
  readonly numericIds?: boolean;
  /**
   * The clock behind {@link FakeRequest.time}, {@link FakeOplead.limit} and {@link FakeOplead.lag}, in milliseconds. Delays and
   * late commits use `setTimeout`. Default: `Date.now`.
   */
  readonly now?: () => number;
}
