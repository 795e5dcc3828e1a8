import type { FakeDelay, FakeFault, FakeFaultAnswer, FakeHandle, FakeLimit } from "./fault-types.ts";

/**
 * The calls the fake answers, by name. The names are ours; methods and paths are documented, but for the paths of
 * `setCompetencesRule` and `setContactProfilesRule` (assumed).
 */
export type FakeOperation =
  | "createUser"
  | "updateUser"
  | "setGeographicalRule"
  | "setMaxDistanceRule"
  | "setCompetencesRule"
  | "setContactProfilesRule"
  | "setProfileTypesRule"
  | "listUserProfiles"
  | "listCountries"
  | "getCountry";

/** The five assignment rules of the guide ("Lead Assignment Rules via API"). */
export type FakeRuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";

/** A reference as Oplead's bodies write it. Documented in the rule bodies. */
export interface FakeCode {
  readonly code: string;
}

/**
 * A user, in the form of the request bodies. Which fields are required is documented ("Prerequisites"); the nesting of
 * `address` and `profile` is assumed. Fields the fake does not know are kept and given back.
 */
export interface FakeUserInput {
  /** Digits. Given by the fake when left out: a counter. */
  readonly id?: string | undefined;
  /** The source system's own key. Documented: unique per user, and accepted in place of the id. */
  readonly accountNumber?: string | null | undefined;
  readonly civility: string;
  readonly firstname?: string | undefined;
  readonly lastname: string;
  /** Unique (assumed). */
  readonly login: string;
  readonly email: string;
  readonly address: {
    readonly street?: string | undefined;
    readonly zipCode: string;
    readonly city: string;
    readonly country: FakeCode;
  };
  readonly profile: FakeCode;
  /** The parent's id or accountNumber. Left out by users whose profile has no parent profile (assumed). */
  readonly parentUserIdentifier?: string | number | null | undefined;
  readonly [field: string]: unknown;
}

/** A stored user. Records are replaced, never changed: one read before a call still shows the state before it. */
export interface FakeUser extends FakeUserInput {
  /** Oplead's id: a string of digits, also when the answers carry it as a number. */
  readonly id: string;
}

/** A profile of `GET /v1/settings/user-profiles`. The path is documented, the shape assumed. */
export interface FakeProfile {
  readonly code: string;
  readonly label: string;
  /** The profile that the parent of a user with this profile must have. Without it any parent, or none, will do. */
  readonly parent?: FakeCode | undefined;
}

/** A county (département, province) inside a {@link FakeCountry}. The names are those of the geographical rule. */
export interface FakeCounty {
  readonly number: string;
  readonly label: string;
  /** Postcodes, as text. One code may lie in several counties. */
  readonly postCodeZips?: readonly string[] | undefined;
}

/** What `GET /v1/types/country/{code}` answers. The path is documented, the shape assumed. */
export interface FakeCountry {
  readonly code: string;
  readonly label: string;
  readonly counties: readonly FakeCounty[];
}

/** A user's rules, each as the body that was last PUT. A PUT replaces the whole rule (assumed). */
export interface FakeRules {
  readonly geographical?: {
    readonly handledCountries: readonly {
      readonly handledCountry: FakeCode;
      readonly handledCounties?: readonly {
        readonly handledCounty: { readonly number: string };
        readonly handledPostCodeZips?: readonly string[];
      }[];
    }[];
  };
  /** Kilometres. */
  readonly maxDistance?: { readonly maxDistance: number };
  readonly competences?: readonly { readonly range: FakeCode; readonly requestType?: FakeCode }[];
  readonly contactProfiles?: readonly FakeCode[];
  readonly profileTypes?: readonly ("pro" | "single")[];
}

/** One request as it arrived, and what became of it. */
export interface FakeRequest {
  readonly method: string;
  /** The path as on the wire: still encoded, without the query. */
  readonly path: string;
  /** Undefined for a path, or a method on a path, that the fake does not have. */
  readonly operation: FakeOperation | undefined;
  /** The last value wins when a name is repeated. */
  readonly query: Readonly<Record<string, string>>;
  /** Whether `test` is exactly `true`. */
  readonly testMode: boolean;
  /** By lower-case name. The value of the token is never among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, the text when it is no JSON, undefined when there was none. */
  readonly body: unknown;
  /** When it arrived, by the clock of {@link FakeOpleadOptions.now}: milliseconds since 1970. */
  readonly time: number;
  /** What the client was answered. Undefined while under way, and for ever after a reset or a hang. */
  readonly status: number | undefined;
  /** The answer of the fault that hit this request, as given to {@link FakeOplead.fail}. */
  readonly fault: FakeFaultAnswer | undefined;
  /** Whether the store was written because of this request, whatever the client was told. Never in test mode. */
  readonly acted: boolean;
  /**
   * What the OpenAPI document says against the request, in its schemas' words. Empty for one that conforms, and when the
   * fake is not {@link FakeOpleadOptions.strict}.
   */
  readonly violations: readonly string[];
}

/** Options of {@link createFakeOplead}. All have defaults. */
export interface FakeOpleadOptions {
  /**
   * Checks every request against the package's OpenAPI document: operation, query, content type and body. One that does
   * not conform is answered 400 with the schema's words and has no effect, and {@link FakeOplead.assertConforms} throws
   * them. Stricter than the document in one thing: a query parameter that it doesn't name is refused, because a
   * misspelt `test=true` is a real write. Default: `false`.
   */
  readonly strict?: boolean;
  /** The token that is accepted; any other is answered 401. Default: `"fake-token"`. */
  readonly token?: string;
  /** Where the token travels: `Authorization: Bearer TOKEN` (assumed) or a header of its own. Default: `"bearer"`. */
  readonly auth?: "bearer" | { readonly header: string };
  /** Users that exist from the start, parents first. Checked as a POST would be. Default: none. */
  readonly users?: readonly FakeUserInput[];
  /** Default: `PRF_NETWORK` > `PRF_REGION` > `PRF_DEALER`. */
  readonly profiles?: readonly FakeProfile[];
  /**
   * Default: `FR` with a few counties and some of their real postcodes (01, 13, 2A, 2B, 39, 75, 971), and `BE`. All of
   * France is in `realCountries()` of `oplead-sdk/testing/countries`.
   */
  readonly countries?: readonly FakeCountry[];
  /** Rules the platform has not enabled. Setting one is answered 403 (assumed). Default: none. */
  readonly disabledRules?: readonly FakeRuleName[];
  /**
   * Whether a second user with the same accountNumber is refused with 409. Documented is that it must be unique, not
   * that Oplead enforces it: with `false` a POST sent twice leaves two users, so that a test for it can fail.
   * Default: `true`.
   */
  readonly uniqueAccountNumbers?: boolean;
  /** The same for logins (assumed). Default: as {@link FakeOpleadOptions.uniqueAccountNumbers}. */
  readonly uniqueLogins?: boolean;
  /** Whether answers carry the id as a number; which of the two Oplead sends is not documented. Default: `false`. */
  readonly numericIds?: boolean;
  /** The clock behind {@link FakeRequest.time} and {@link FakeOplead.limit}, in milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

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
  /** Serves the fake over HTTP on 127.0.0.1 (Node and what is compatible with its `node:http`). Default port: a free one. */
  listen(options?: { readonly port?: number }): Promise<FakeListener>;
  /** The users as they are now, in the order of their creation. */
  readonly users: readonly FakeUser[];
  /** A user by id or else accountNumber: the first, should several hold it. */
  user(idOrAccountNumber: string): FakeUser | undefined;
  /** The rules of a user: undefined for an unknown user, empty before the first PUT. */
  rules(idOrAccountNumber: string): FakeRules | undefined;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly FakeRequest[];
  /** The accountNumbers held by more than one user. Empty is what "never twice" looks like. */
  duplicates(): readonly string[];
  /**
   * Throws when a request so far did not conform to the OpenAPI document, with the schema's words for each, whatever
   * became of it: call it in `afterEach`. Also throws when the fake is not {@link FakeOpleadOptions.strict}.
   */
  assertConforms(): void;
  /** Makes calls fail. Of several faults that match one call, the one registered first hits. */
  fail(fault: FakeFault): FakeHandle;
  /** Makes calls slow. Delays that match the same call add up. */
  delay(delay: FakeDelay): FakeHandle;
  /** Answers 429 to what exceeds a rate, before anything else happens. Replaces the limit before. `hits` counts the 429s. */
  limit(limit: FakeLimit): FakeHandle;
  /** Removes the limit. */
  limit(limit: false): void;
  /**
   * Back to the start: the users of the options, no rules, an empty log, no faults, delays or limit. Calls under way end
   * as broken connections and act no more. Listeners go on.
   */
  reset(): void;
}
