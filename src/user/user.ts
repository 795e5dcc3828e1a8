import { at, type OpleadIssue, type ValueProblem } from "../base/issues.ts";
import { codedBy } from "../base/texts/coded.ts";
import { USER } from "../base/texts/en/user.ts";
import { VALUES } from "../base/texts/en/values.ts";
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
  return findIssues(user).map((issue) => {
    const similar = issue.code === "required" ? similarName(user, issue.path) : undefined;
    return similar === undefined ? issue : at(issue.path, wrong("misspelt", similar));
  });
}

const wrong = /* @__PURE__ */ codedBy({ ...VALUES, ...USER });

/** One `@`, no white space, a domain with a dot. The rest is Oplead's to judge: a false refusal would lose a user. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

const findIssues = /* @__PURE__ */ check.issueFinder(() => {
  const optionalText = check.optional(check.text());
  const number = check.optional(check.valueThat((value) => typeof value === "string", wrong("lost_zero")));
  const text = textThat();
  const object = (fields: Readonly<Record<string, check.Schema>>, expected: ValueProblem): check.Schema =>
    check.objectWith(fields, (value) => (isMissing(value) ? wrong("required") : expected));

  return object(
    {
      civility: text,
      lastname: text,
      firstname: optionalText,
      login: text,
      email: textThat((value) => (EMAIL.test(value) ? undefined : wrong("not_email"))),
      address: object(
        {
          street: optionalText,
          zipCode: check.valueWithout((value) =>
            typeof value === "number" ? wrong("zip_code_lost_zero") : textProblem(value),
          ),
          city: text,
          country: object({ code: textThat(countryCodeProblem) }, wrong("not_country")),
        },
        wrong("not_address"),
      ),
      profile: object({ code: text }, wrong("not_profile")),
      parentUserIdentifier: check.optional(check.valueWithout(parentProblem)),
      accountNumber: check.optional(textThat(accountNumberProblem)),
      phone: number,
      mobile: number,
      company: optionalText,
    },
    wrong("not_user"),
  );
});

function textThat(problemOf?: (value: string) => ValueProblem | undefined): check.Schema {
  return check.valueWithout((value) => textProblem(value) ?? problemOf?.(String(value)));
}

function textProblem(value: unknown): ValueProblem | undefined {
  if (isMissing(value)) return wrong("required");
  if (typeof value !== "string") return wrong("not_text");
  return value.trim() === "" ? wrong("empty") : undefined;
}

function accountNumberProblem(accountNumber: string): ValueProblem | undefined {
  if (accountNumber !== accountNumber.trim()) return wrong("padded_identifier");
  return pathValueProblem(accountNumber) && wrong("not_identifier");
}

function parentProblem(parent: unknown): ValueProblem | undefined {
  const hasSpace = typeof parent === "string" && parent !== parent.trim();
  const isFit = !hasSpace && !pathValueProblem(parent);
  return isFit ? undefined : wrong("not_parent");
}

/** `lastName` for `lastname` is the commonest slip. Only names that differ in case are shown, so no data is. */
function similarName(user: unknown, path: string): { found: string; wanted: string } | undefined {
  const dot = path.lastIndexOf(".");
  const parent = valueAt(user, path.slice(0, Math.max(dot, 0)));
  const wanted = path.slice(dot + 1);
  if (!isObject(parent)) return undefined;
  const found = Object.keys(parent).find((name) => name !== wanted && name.toLowerCase() === wanted.toLowerCase());
  return found === undefined ? undefined : { found, wanted };
}
