import type { SentResult } from "../core/errors.ts";
import type { Country, CountryDetails, UserProfile } from "../rules/countries.ts";
import type { UserRules } from "../rules/rules.ts";
import type { CallOptions, ClientRate, OpleadOptions } from "../transport/options.ts";
import type { UserFields, UserInput } from "../user/user.ts";

/** The result of writing a user. */
export type WriteResult<
  Of extends "created" | "updated" = "created" | "updated",
  AccountNumber extends string | undefined = string,
> = SentResult<Of, AccountNumber> & {
  /** The user of Oplead's answer, with all fields. Personal data: neither printed nor serialised, but copied. */
  readonly user: Readonly<Record<string, unknown>>;
};

/** Options of {@link Oplead.upsertUser}. */
export interface UpsertOptions extends CallOptions {
  /** Oplead ID, if known; tried before the account number. */
  readonly id?: string | undefined;
  /** Rules to set once the user exists, one request each. Omitted ones stay as they are. */
  readonly rules?: UserRules | undefined;
}

// A class in types only: the type of `{ ...oplead }` lacks a method of a class, and the copy is no client.
/**
 * A client of the Oplead API. Its functions throw nothing but {@link OpleadError}, and work without the object: `const
 * { upsertUser } = oplead`.
 */
export declare abstract class Oplead {
  /** Every write of this client is a test. */
  readonly testMode: boolean;

  /**
   * The limiter, for a second client with the same token in this process: `createOplead({ rateLimit: other.rateLimit
   * })`.
   */
  readonly rateLimit: ClientRate;

  /**
   * Makes a client with other defaults of calls, for example a logger for one request of your server; `hooks` replace
   * all of the client's. It shares token, limiter,
   * connections and caches, and knows which users this client is writing. There is nothing to close. Test mode can be
   * switched on, never off.
   *
   * @throws {@link OpleadError} `invalid_options` for `testMode: false` in test mode, and for shared options.
   */
  with(options: Omit<CallOptions, "signal" | "onResponse"> & Pick<OpleadOptions, "hooks">): Oplead;

  /**
   * Makes sure that a user is in Oplead once, as given: updates it by `id`, if given, or else by `accountNumber`, and
   * creates it if Oplead does not know it (guide, user identification strategy). Safe to repeat, and in several
   * processes at once: after a lost answer it asks for the user, and it updates a user that another process created
   * first.
   *
   * @throws {@link OpleadError} `invalid_input` before anything is sent, for a wrong user or rule or without
   * `accountNumber` ({@link Oplead.updateUser} needs none); `ambiguous_creation` when it cannot be found out whether the
   * user was created; `incomplete` when the user was written and a rule failed: its `result` says what arrived; and the
   * codes of any request. `aborted` after the user was written has such a `result` too.
   */
  readonly upsertUser: (user: UserInput, options?: UpsertOptions) => Promise<WriteResult>;

  /**
   * Creates a user (`POST /v1/users`). Not repeated if it may have arrived.
   *
   * @throws {@link OpleadError} `ambiguous_creation` when it is unknown whether the user exists: prefer {@link
   * Oplead.upsertUser}, which finds out.
   */
  readonly createUser: (user: UserFields, call?: CallOptions) => Promise<WriteResult<"created", string | undefined>>;

  /**
   * Updates a user by Oplead ID or account number (`PUT /v1/users/{userIdentification}`). Takes the whole user, which
   * the platform replaces, or a part if {@link Platform.facts} say that it keeps the rest.
   *
   * @throws {@link OpleadError} `not_found` when Oplead does not know the identification.
   */
  readonly updateUser: (
    userIdentification: string,
    user: Partial<UserFields>,
    call?: CallOptions,
  ) => Promise<WriteResult<"updated", string | undefined>>;

  /**
   * Sets the given rules, one request each, and leaves others unchanged (guide, lead assignment rules). A request
   * replaces the whole rule (assumed). Rules after a failed one are still set.
   *
   * @throws {@link OpleadError} `incomplete` when some were set and others failed, or the code of the first failure;
   * `result` has the outcome of each.
   */
  readonly setRules: (
    userIdentification: string,
    rules: UserRules,
    call?: CallOptions,
  ) => Promise<SentResult<"updated", undefined>>;

  /** Profiles of users (`GET /v1/settings/user-profiles`). */
  readonly listUserProfiles: (call?: CallOptions) => Promise<readonly UserProfile[]>;

  /** Countries of the platform (`GET /v1/types/countries`). */
  readonly listCountries: (call?: CallOptions) => Promise<readonly Country[]>;

  /**
   * A country with counties and postcodes (`GET /v1/types/country/{code}`).
   *
   * @throws {@link OpleadError} `not_found` when the platform does not have it.
   */
  readonly getCountry: (code: string, call?: CallOptions) => Promise<CountryDetails>;
}
