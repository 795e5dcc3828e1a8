/** A postal address. That it is required in full is documented, its shape is assumed. */
export interface UserAddress {
  readonly street?: string | undefined;
  /** Text: zip codes may begin with a zero, which a number loses. */
  readonly zipCode: string;
  readonly city: string;
  readonly country: {
    /** Two capital letters, for example `FR`. See {@link Oplead.listCountries}. */
    readonly code: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/**
 * A user as it is written, on creation and on update alike: always the whole user. The required fields are those of the
 * guide (prerequisites). Fields that are not named here are sent as they are.
 */
export interface UserInput {
  /** Form of address. Its values are not documented. */
  readonly civility: string;
  readonly lastname: string;
  readonly firstname?: string | undefined;
  /** The name the user logs in with. Assumed to be unique. */
  readonly login: string;
  readonly email: string;
  readonly address: UserAddress;
  /** The level of the hierarchy, by code. See {@link Oplead.listUserProfiles}. */
  readonly profile: {
    readonly code: string;
    readonly [field: string]: unknown;
  };
  /** The user above this one: an Oplead ID or an account number. A user at the top has none (assumed). */
  readonly parentUserIdentifier?: string | number | undefined;
  /** Your own identifier of this user, unique per user. What makes repeating a call safe: give one. */
  readonly accountNumber?: string | undefined;
  readonly phone?: string | undefined;
  readonly mobile?: string | undefined;
  readonly company?: string | undefined;
  readonly [field: string]: unknown;
}
