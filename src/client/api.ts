import type { Outcome } from "../core/outcomes.ts";
import type { Country, CountryDetails, UserProfile } from "../rules/countries.ts";
import type { UserRules } from "../rules/rules.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { CallOptions, ClientRate, WithOptions } from "../transport/options.ts";
import type { UserFields, UserInput } from "../user/user.ts";

/** The result of writing a user. Printing it shows no personal data: {@link WriteResult.user} is not enumerable. */
export interface WriteResult {
  /** The user's Oplead ID. Keep it (guide, best practices): with it the next update needs one request. */
  readonly id: string;
  /** Whether this was test mode: then nothing was persisted, and the id may be gone. */
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
   * error). Oplead may still carry out that earlier attempt and overwrite later writes with it. If that would matter,
   * write the user once more later.
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
  /** True when the answer to the creation was lost, and a later request showed that Oplead had created the user. */
  readonly recovered: boolean;
  /** The steps that Oplead has accepted: `user`, and each rule. */
  readonly applied: readonly SyncStep[];
  /** As in {@link RulesResult.unverifiable}. */
  readonly unverifiable: readonly RuleName[];
}

/** Options of {@link Oplead.upsertUser}. */
export interface UpsertOptions extends CallOptions {
  /** The user's Oplead ID, if you know it. It is tried before the account number. */
  readonly id?: string | undefined;
  /** Rules to set once the user exists, each with one request. Rules that are left out stay as they are. */
  readonly rules?: UserRules | undefined;
}

/** Options of the calls that read reference data, which is kept for {@link OpleadOptions.referenceTtlMs}. */
export interface ReferenceOptions extends CallOptions {
  /** Asks Oplead again, even if the client has kept the data. Default false. */
  readonly refresh?: boolean | undefined;
}

/**
 * A client of the Oplead API. Every function throws {@link OpleadError} and nothing else, and works on its own too:
 * `const { upsertUser } = oplead`.
 *
 * `Update` is what {@link Oplead.updateUser} takes: a whole user, or a part of one for a client with {@link OpleadOptions.facts}, which say whether
 * the platform keeps what a part leaves out.
 */
export interface Oplead<Update = UserFields> {
  /** Whether this client is in test mode: every write is a test. */
  readonly testMode: boolean;

  /** The limiter, for another client with the same token in this process: `createOplead({ rateLimit: other.rateLimit })`. */
  readonly rateLimit: ClientRate;

  /**
   * Another client with other defaults, for example the logger of one request of a server. Both have the same token, limiter,
   * connections and caches, and the same knowledge of users under way. There is nothing to close: connections belong to the
   * process. Test mode can be switched on, and never off, so that a client that was made to be safe stays safe.
   *
   * @throws {@link OpleadError} `invalid_options` for `testMode: false` in test mode, and for options that both share.
   */
  readonly with: (options: WithOptions) => Oplead<Update>;

  /**
   * Makes sure that a user is in Oplead once, as given: updates it by `id` if there is one, else by `accountNumber`,
   * and creates it when Oplead does not know it (guide, user identification strategy). It is safe to repeat the call,
   * and to make it in several processes at once: if an answer is lost, the client asks for the user, and if another
   * process creates the user first, the client updates it.
   *
   * @throws {@link OpleadError} `invalid_input` before anything is sent when neither `id` nor `accountNumber` is given
   * or the user or a rule is wrong; `ambiguous_creation` when it cannot be found out whether the user was created;
   * `incomplete` when the user was written and a rule failed: its `result` says what arrived and what did not; and the
   * codes of any request. If the caller aborts the call after the user was written, `aborted` has such a `result` too.
   */
  readonly upsertUser: {
    (user: UserInput, options?: UpsertOptions): Promise<UpsertResult>;
    /** A user without an account number needs its `id`. */
    (user: UserFields, options: UpsertOptions & { readonly id: string }): Promise<UpsertResult>;
  };

  /**
   * Creates a user (`POST /v1/users`). A request that may have arrived is not repeated.
   *
   * @throws {@link OpleadError} `ambiguous_creation` when it is unknown whether the user exists now: prefer
   * {@link Oplead.upsertUser}, which finds out.
   */
  readonly createUser: (user: UserFields, call?: CallOptions) => Promise<WriteResult>;

  /**
   * Updates a user by Oplead ID or account number (`PUT /v1/users/{userIdentification}`). The whole user is needed, because the
   * platform replaces it. A client with {@link OpleadOptions.facts} takes a part of one, if they say that the platform keeps the rest.
   *
   * @throws {@link OpleadError} `not_found` when Oplead does not know the identification.
   */
  readonly updateUser: (userIdentification: string, user: Update, call?: CallOptions) => Promise<WriteResult>;

  /**
   * Sets the rules given, each with one request, and no others (guide, lead assignment rules). Each replaces the whole
   * rule (assumed). If one fails, the others are still set.
   *
   * @throws {@link OpleadError} `incomplete` when some rules were set and others failed; the code of the first failure when
   * no rule was set. `result` of both has the outcome of each rule.
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
