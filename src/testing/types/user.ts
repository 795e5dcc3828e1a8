/** A reference as Oplead's bodies write it. Documented in the rule bodies. */
export interface FakeCode {
  readonly code: string;
}

/**
 * A user, in the form of the request bodies. Which fields are required is documented ("Prerequisites"); the nesting of
 * `address` and `profile` is assumed. The fake keeps fields that it does not know, and gives them back.
 */
export interface FakeUserInput {
  /** Default: the next id, in the form that {@link FakeOpleadOptions.ids} says. */
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
  /** The parent's id or accountNumber. A user whose profile has no parent profile needs none (assumed). */
  readonly parentUserIdentifier?: string | number | null | undefined;
  readonly [field: string]: unknown;
}

/** A stored user. A write replaces the record, so a record that a test read before a call still shows the state before it. */
export interface FakeUser extends FakeUserInput {
  /** Oplead's id as text, whatever form the answers carry it in. */
  readonly id: string;
}

/** A profile of `GET /v1/settings/user-profiles`. The path is documented, the shape assumed. */
export interface FakeProfile {
  readonly code: string;
  readonly label: string;
  /** The profile that the parent of a user with this profile must have. Without it any parent will do, or none. */
  readonly parent?: FakeCode | undefined;
}

/** A county (département, province) inside a {@link FakeCountry}. The names are those of the geographical rule. */
export interface FakeCounty {
  readonly number: string;
  readonly label: string;
  /** Postcodes, as text. One code may lie in several counties. */
  readonly postCodeZips?: readonly string[] | undefined;
}

/** The answer to `GET /v1/types/country/{code}`. The path is documented, the shape assumed. */
export interface FakeCountry {
  readonly code: string;
  readonly label: string;
  readonly counties: readonly FakeCounty[];
}
