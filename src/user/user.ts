import type { OpleadIssue } from "../base/errors.ts";
import { isObject } from "../base/validation/is-object.ts";
import * as check from "../base/validation/validate.ts";
import { valueAt } from "../base/validation/value-at.ts";
import { countryCodeProblem, isMissing, pathValueProblem } from "../base/validation/value-problems.ts";

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

/** The account number of what should be a user; undefined where there is none that could identify it. */
export function accountNumberOf(user: unknown): string | undefined {
  const value = isObject(user) ? user.accountNumber : undefined;
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/**
 * The interface by which validators compose (standardschema.dev, version 1), so that forms, routers and other schemas
 * take the check of a user without knowing what it is made with.
 */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardSchemaResult<Output>;
    readonly types?: { readonly input: Output; readonly output: Output } | undefined;
  };
}

/** What a {@link StandardSchema} finds: the value, or every problem with its path. */
export type StandardSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[] };

/**
 * The check that every user passes before anything is sent: the required fields of the guide (prerequisites), an e-mail
 * address, zip codes as text, two-letter country codes. Unknown fields pass. Gives the very value it was given.
 */
export const userSchema: StandardSchema<UserInput> = {
  "~standard": {
    version: 1,
    vendor: "oplead-sdk",
    validate: (value) => {
      const issues = findUserIssues(value);
      if (issues.length === 0) return { value: value as UserInput }; // what the check has just found
      // No field that is checked has a dot in its name.
      return { issues: issues.map(({ path, message }) => ({ path: path === "" ? [] : path.split("."), message })) };
    },
  },
};

/** Every problem of a user, with its path. */
export function findUserIssues(user: unknown): OpleadIssue[] {
  return findIssues(user).map(({ path, message }) => ({
    path,
    message: message === MISSING ? `${MISSING}${similarName(user, path)}` : message,
  }));
}

const MISSING = "is required";
const LOST_ZERO = "must be text: a leading zero was probably lost";

/** One `@`, no white space, a domain with a dot. The rest is Oplead's to judge: a false refusal would lose a user. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

const findIssues = /* @__PURE__ */ check.issueFinder(() => {
  const optionalText = check.optional(check.text());
  const number = check.optional(check.valueThat((value) => typeof value === "string", LOST_ZERO));
  const text = textThat();
  const object = (fields: Readonly<Record<string, check.Schema>>, hint: string): check.Schema =>
    check.objectWith(fields, (value) => (isMissing(value) ? MISSING : `must be an object: ${hint}`));

  return object(
    {
      civility: text,
      lastname: text,
      firstname: optionalText,
      login: text,
      email: textThat((value) => (EMAIL.test(value) ? undefined : "is not an e-mail address")),
      address: object(
        {
          street: optionalText,
          zipCode: check.valueWithout((value) => (typeof value === "number" ? LOST_ZIP_ZERO : textProblem(value))),
          city: text,
          country: object({ code: textThat(countryCodeProblem) }, '{ code: "FR" }'),
        },
        "{ zipCode, city, country: { code } }",
      ),
      profile: object({ code: text }, '{ code: "…" }'),
      parentUserIdentifier: check.optional(check.valueWithout(parentProblem)),
      accountNumber: check.optional(textThat(accountNumberProblem)),
      phone: number,
      mobile: number,
      company: optionalText,
    },
    "{ civility, lastname, login, email, address, profile, … }",
  );
});

const LOST_ZIP_ZERO = "zip codes are text: a leading zero was probably lost. Read the column as text";

function textThat(problemOf?: (value: string) => string | undefined): check.Schema {
  return check.valueWithout((value) => textProblem(value) ?? problemOf?.(String(value)));
}

function textProblem(value: unknown): string | undefined {
  if (isMissing(value)) return MISSING;
  if (typeof value !== "string") return "must be text";
  return value.trim() === "" ? "must not be empty" : undefined;
}

function accountNumberProblem(accountNumber: string): string | undefined {
  if (accountNumber !== accountNumber.trim())
    return "has white space around it, and would be another identifier with it";
  return pathValueProblem(accountNumber) && "cannot be an identifier";
}

function parentProblem(parent: unknown): string | undefined {
  const hasSpace = typeof parent === "string" && parent !== parent.trim();
  const isFit = !hasSpace && !pathValueProblem(parent);
  return isFit ? undefined : "must be the parent's Oplead ID or accountNumber, as text without white space";
}

/** `lastName` for `lastname` is the commonest slip. Only names that differ in case are shown, so no data is. */
function similarName(user: unknown, path: string): string {
  const dot = path.lastIndexOf(".");
  const parent = valueAt(user, path.slice(0, Math.max(dot, 0)));
  const wanted = path.slice(dot + 1);
  if (!isObject(parent)) return "";
  const found = Object.keys(parent).find((name) => name !== wanted && name.toLowerCase() === wanted.toLowerCase());
  return found === undefined ? "" : `; there is "${found}", which must be written "${wanted}"`;
}
