import * as z from "zod/mini";
import { at, type OpleadIssue, type ValueProblem } from "../base/issues.ts";
import { codedBy } from "../base/texts/coded.ts";
import { USER } from "../base/texts/en/user.ts";
import { VALUES } from "../base/texts/en/values.ts";
import { isObject } from "../base/validation/is-object.ts";
import { type StandardSchema, standardSchema } from "../base/validation/standard-schema.ts";
import { issueFinder, says } from "../base/validation/validate.ts";
import { valueAt } from "../base/validation/value-at.ts";
import { countryCodeProblem, isMissing, pathValueProblem } from "../base/validation/value-problems.ts";

/** A postal address. That it is required in full is documented, its shape is assumed. */
export interface UserAddress {
  readonly street?: string | undefined;
  /** Text: postcodes may begin with a zero, which a number loses. */
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
 * The check that every user passes before anything is sent: the required fields of the guide (prerequisites), an e-mail
 * address, postcodes as text, two-letter country codes. Unknown fields pass. Gives the very value it was given.
 */
export const userSchema: StandardSchema<UserInput> = /* @__PURE__ */ standardSchema(findUserIssues);

/** Every problem of a user, with its path. */
export function findUserIssues(user: unknown): OpleadIssue[] {
  return findIssues(user).map((problem) => {
    const similar = problem.code === "required" ? similarName(user, problem.path) : undefined;
    return similar === undefined ? problem : at(problem.path, wrong("misspelt", similar));
  });
}

const wrong = /* @__PURE__ */ codedBy({ ...VALUES, ...USER });

/** One `@`, no white space, a domain with a dot. The rest is Oplead's to judge: a false refusal would lose a user. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

const findIssues = /* @__PURE__ */ issueFinder(() => {
  const isFilled = z.refine<string>((value) => value.trim() !== "", { ...says(wrong("empty")), abort: true });
  const text = z.string(needed(wrong("not_text"))).check(isFilled);
  const optionalText = z.optional(z.string(says(wrong("not_text"))));
  const phoneNumber = z.optional(z.string(says(wrong("lost_zero"))));

  return z.object(
    {
      civility: text,
      lastname: text,
      firstname: optionalText,
      login: text,
      email: text.check(z.refine((value) => EMAIL.test(value), says(wrong("not_email")))),
      address: z.object(
        {
          street: optionalText,
          zipCode: z.string(says(zipCodeProblem)).check(isFilled),
          city: text,
          country: z.object(
            { code: text.check(z.refine((value) => !countryCodeProblem(value), says(wrong("not_country_code")))) },
            needed(wrong("not_country")),
          ),
        },
        needed(wrong("not_address")),
      ),
      profile: z.object({ code: text }, needed(wrong("not_profile"))),
      parentUserIdentifier: z.optional(z.custom(isParent, says(wrong("not_parent")))),
      accountNumber: z.optional(
        text.check(
          z.refine(isTrimmed, { ...says(wrong("padded_identifier")), abort: true }),
          z.refine((value) => !pathValueProblem(value), says(wrong("not_identifier"))),
        ),
      ),
      phone: phoneNumber,
      mobile: phoneNumber,
      company: optionalText,
    },
    needed(wrong("not_user")),
  );
});

/** The problem of a value that is needed: that there is none, or another one. */
function needed(otherwise: ValueProblem) {
  return says((value) => (isMissing(value) ? wrong("required") : otherwise));
}

function zipCodeProblem(value: unknown): ValueProblem {
  if (typeof value === "number") return wrong("zip_code_lost_zero");
  return wrong(isMissing(value) ? "required" : "not_text");
}

function isParent(value: unknown): boolean {
  return (typeof value !== "string" || isTrimmed(value)) && pathValueProblem(value) === undefined;
}

function isTrimmed(value: string): boolean {
  return value === value.trim();
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
