import type { OpleadIssue } from "../errors.ts";
import { isObject } from "../validation/is-object.ts";
import {
  text as anyText,
  issueFinder,
  objectWith,
  optional,
  type Schema,
  valueThat,
  valueWithout,
} from "../validation/validate.ts";
import { valueAt } from "../validation/value-at.ts";
import { countryCodeProblem, isMissing, pathValueProblem } from "../validation/value-problems.ts";
import type { UserInput } from "./user.ts";

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

const findIssues = /* @__PURE__ */ issueFinder(() => {
  const optionalText = optional(anyText());
  const number = optional(valueThat((value) => typeof value === "string", LOST_ZERO));
  const text = textThat();
  const object = (fields: Readonly<Record<string, Schema>>, hint: string): Schema =>
    objectWith(fields, (value) => (isMissing(value) ? MISSING : `must be an object: ${hint}`));

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
          zipCode: valueWithout((value) => (typeof value === "number" ? LOST_ZIP_ZERO : textProblem(value))),
          city: text,
          country: object({ code: textThat(countryCodeProblem) }, '{ code: "FR" }'),
        },
        "{ zipCode, city, country: { code } }",
      ),
      profile: object({ code: text }, '{ code: "…" }'),
      parentUserIdentifier: optional(valueWithout(parentProblem)),
      accountNumber: optional(textThat(accountNumberProblem)),
      phone: number,
      mobile: number,
      company: optionalText,
    },
    "{ civility, lastname, login, email, address, profile, … }",
  );
});

const LOST_ZIP_ZERO = "zip codes are text: a leading zero was probably lost. Read the column as text";

function textThat(problemOf?: (value: string) => string | undefined): Schema {
  return valueWithout((value) => textProblem(value) ?? problemOf?.(String(value)));
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
