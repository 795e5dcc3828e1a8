import type { Outcome } from "../core/outcomes.ts";
import type { Country, CountryDetails, UserProfile } from "../rules/countries.ts";
import type { UserRules } from "../rules/rules.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { CallOptions, ClientRate, WithOptions } from "../transport/options.ts";
import type { UserFields, UserInput } from "../user/user.ts";

/** The result of writing a user. Printing it shows no personal data: {@link WriteResult.user} is not enumerable. */
export interface WriteResult {
  /**
   * The user's Oplead ID. Your program should store it (guide, best practices), because with it the next update needs
   * only one request.
   */
  readonly id: string;
  /** Whether the call was made in test mode: then nothing was persisted, and the id of a new user is not valid. */
  readonly testMode: boolean;
  /** The number of HTTP requests sent for this call, retries included. */
  readonly requests: number;
  /**
   * The request ids in the answers, to quote to the support of Oplead or of the proxy that gave them. Not every answer
   * has one.
   */
  readonly requestIds: readonly string[];
  /**
   * Whether an earlier attempt of this call ended without a known outcome (timeout, broken connection, a gateway's
   * error). Oplead may still carry out that earlier attempt and overwrite later writes with it. To be sure, write the
   * user once more some minutes later.
   */
  readonly inDoubt: boolean;
  /**
   * The user as Oplead's answer has it, with all fields of the answer. It is personal data, so it is neither printed
   * nor serialised.
   */
  readonly user: Readonly<Record<string, unknown>>;
}

/** The result of setting rules. */
export interface RulesResult extends Pick<WriteResult, "testMode" | "requests" | "requestIds" | "inDoubt"> {
  /** Rules that Oplead has accepted. */
  readonly applied: readonly RuleName[];
  /**
   * Rules that test mode cannot check, because the user itself was only created in test mode: a `POST` with
   * `?test=true` persists nothing, so the `PUT` of a rule is answered 404. This is not a failure: a real run can set
   * the rule, because the user then exists.
   */
  readonly unverifiable: readonly RuleName[];
}

/** The result of {@link Oplead.upsertUser}. */
export interface UpsertResult extends WriteResult {
  readonly outcome: Extract<Outcome, "created" | "updated">;
  /** True if no answer to the creation came, and a later request showed that Oplead had created the user. */
  readonly recovered: boolean;
  /** The steps that Oplead has accepted: `user`, and each rule. */
  readonly applied: readonly SyncStep[];
  /** See {@link RulesResult.unverifiable}. */
  readonly unverifiable: readonly RuleName[];
}

/** Options of {@link Oplead.upsertUser}. */
export interface UpsertOptions extends CallOptions {
  /** The user's Oplead ID, if you know it. It is tried before the account number. */
  readonly id?: string | undefined;
  /**
   * Rules to set once the user exists, each with one request. Oplead keeps the user's present rule for each rule that
   * is left out.
   */
  readonly rules?: UserRules | undefined;
}

/** Options of the calls that read reference data, which is kept for {@link OpleadOptions.referenceTtlMs}. */
export interface ReferenceOptions extends CallOptions {
  /** Asks Oplead again, even if the client has kept the data. Default false. */
  readonly refresh?: boolean | undefined;
}

/**
 * A client of the Oplead API. Every function throws {@link OpleadError} and nothing else, and can be called without the
 * object: `const { upsertUser } = oplead`.
 *
 * `Update` is what {@link Oplead.updateUser} takes: a whole user, or a part of one for a client with
 * {@link OpleadOptions.facts}, which say whether the platform keeps what a part leaves out.
 */
export interface Oplead<Update = UserFields> {
  /** Whether this client is in test mode, so that every write is a test. */
  readonly testMode: boolean;

  /**
   * The client's limiter. Give it to a second client with the same token in this process:
   * `createOplead({ rateLimit: other.rateLimit })`.
   */
  readonly rateLimit: ClientRate;

  /**
   * Makes a client with different defaults, for example with a logger for one request that your server handles. The new
   * client shares the token, the limiter, the connections and the caches with this client, and knows which users this
   * client is writing. There is nothing to close, because connections belong to the process. Test mode can be switched
   * on, and never off, so that a client that was made to be safe stays safe.
   *
   * @throws {@link OpleadError} `invalid_options` for `testMode: false` in test mode, and for options that the two
   * clients share.
   */
  readonly with: (options: WithOptions) => Oplead<Update>;

  /**
   * Makes sure that a user is in Oplead once, as given: updates the user by `id` if one is given, else by
   * `accountNumber`, and creates the user if Oplead does not know it (guide, user identification strategy). It is safe
   * to repeat the call, and to make it in several processes at once: if an answer is lost, the client asks for the
   * user, and if another process creates the user first, the client updates it.
   *
   * @throws {@link OpleadError} `invalid_input` before anything is sent, when the user or a rule is wrong or there is no
   * `accountNumber` ({@link Oplead.updateUser} needs none); `ambiguous_creation` when it cannot be found out whether the user was created;
   * `incomplete` when the user was written and a rule failed: its `result` says what arrived and what did not; and the
   * codes of any request. If the caller aborts the call after the user was written, `aborted` has such a `result` too.
   */
  readonly upsertUser: (user: UserInput, options?: UpsertOptions) => Promise<UpsertResult>;

  /**
   * Creates a user (`POST /v1/users`). The request is not repeated if it may have arrived.
   *
   * @throws {@link OpleadError} `ambiguous_creation` when it is unknown whether the user exists now: prefer
   * {@link Oplead.upsertUser}, which finds out.
   */
  readonly createUser: (user: UserFields, call?: CallOptions) => Promise<WriteResult>;

  /**
   * Updates a user by Oplead ID or account number (`PUT /v1/users/{userIdentification}`). The whole user is needed,
   * because the platform replaces it. A client with {@link OpleadOptions.facts} takes a part of a user, if the facts
   * say that the platform keeps the rest.
   *
   * @throws {@link OpleadError} `not_found` when Oplead does not know the identification.
   */
  readonly updateUser: (userIdentification: string, user: Update, call?: CallOptions) => Promise<WriteResult>;

  /**
   * Sets the given rules, each with one request, and leaves all other rules unchanged (guide, lead assignment rules).
   * Each request replaces the whole rule (assumed). If a rule fails, the rules after it are still set.
   *
   * @throws {@link OpleadError} `incomplete` when some rules were set and others failed; the code of the first failure
   * when no rule was set. In both cases, the error's `result` has the outcome of each rule.
   */
  readonly setRules: (userIdentification: string, rules: UserRules, call?: CallOptions) => Promise<RulesResult>;

  /** The profiles a user can have (`GET /v1/settings/user-profiles`). */
  readonly listUserProfiles: (call?: ReferenceOptions) => Promise<readonly UserProfile[]>;

  /** The countries of the platform (`GET /v1/types/countries`). */
  readonly listCountries: (call?: ReferenceOptions) => Promise<readonly Country[]>;

  /**
   * A country with its counties and postcodes (`GET /v1/types/country/{code}`).
   *
   * @throws {@link OpleadError} `not_found` when the platform does not have the country.
   */
  readonly getCountry: (code: string, call?: ReferenceOptions) => Promise<CountryDetails>;
}
