import type { WireForm } from "../core/fields.ts";
import {
  countryCodeProblem,
  isMissing,
  issueAt,
  type OpleadIssue,
  pathValueProblem,
  shownName,
  type ValueProblem,
  valueAt,
} from "../core/issues.ts";
import { issueFinder, type StandardSchema, says, standardSchema, textOr } from "../core/validate.ts";
import { isObject, similarTo } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellUser, tellValue } from "../locales/en/core.ts";

/**
 * A user as it is sent to Oplead: always the whole user, on creation and on update. The guide names the required fields
 * (prerequisites).
 *
 * A field that is left out, or undefined, is not sent; an empty text is. How Oplead treats either, and how a field is
 * cleared, is not documented; `null` is refused.
 * @experimental
 */
export interface UserFields {
  /** Form of address. Its values are not documented. */
  readonly civility: string;
  readonly lastname: string;
  readonly firstname?: string | undefined;
  /** Assumed to be unique. */
  readonly login: string;
  readonly email: string;
  readonly address: UserAddress;
  /** Level of the hierarchy, by code. See {@link Oplead.listUserProfiles}. */
  readonly profile: { readonly code: string };
  /**
   * Parent in the hierarchy: an Oplead ID or an account number. Digits only are taken for an ID. A user at the top has
   * none (assumed).
   */
  readonly parentUserIdentifier?: string | number | undefined;
  /**
   * Your own identifier of the user, unique. Always give it: with it, repeating a call is safe. Not digits only, which
   * could be the Oplead ID of another user: see {@link Platform.numericAccountNumbers}.
   */
  readonly accountNumber?: string | undefined;
  readonly phone?: string | undefined;
  readonly mobile?: string | undefined;
  readonly company?: string | undefined;
  /**
   * Fields of your platform that this package does not know: see {@link CustomFields}. They are sent at the top level of
   * the user. A name that resembles a known field is refused, unless {@link Platform.customFields} lists it.
   */
  readonly custom?: CustomFields | undefined;
}

/**
 * {@link UserFields} with an account number, as the users of a source have it. Oplead finds the user by it, so sending
 * twice is safe.
 */
export interface UserInput extends UserFields {
  readonly accountNumber: string;
}

/**
 * A postal address. The guide requires all of it; the names of its fields are assumed.
 * @experimental
 */
export interface UserAddress {
  readonly street?: string | undefined;
  /** Text: postcodes may begin with a zero. */
  readonly zipCode: string;
  readonly city: string;
  readonly country: {
    /** Two capital letters: `FR`. See {@link Oplead.listCountries}. */
    readonly code: string;
  };
}

/**
 * The fields of your platform that this package does not know, in {@link UserFields.custom}. While this interface
 * has no field, every name is accepted. Add the fields in a file of your project, or let `npx oplead-sdk types` write that
 * file from the platform's document:
 *
 * ```ts
 * declare module "oplead-sdk" {
 *   interface CustomFields { region?: string }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: there to be merged into
export interface CustomFields {}

export interface UserOptions {
  readonly numericAccountNumbers?: boolean | undefined;
  readonly customFields?: readonly string[] | undefined;
  readonly wire?: WireForm | undefined;
}

/**
 * The check of a user before anything is sent: the required fields of the guide (prerequisites), an e-mail address,
 * postcodes as text, two-letter country codes, no account number of digits only, no field that resembles a known one. A
 * client also applies {@link Platform.numericAccountNumbers} and {@link Platform.customFields}. Returns the
 * value unchanged.
 * @experimental
 */
export const userSchema: StandardSchema<UserFields> = /* @__PURE__ */ standardSchema((user) =>
  findUserIssues(user, {}),
);

export function findUserIssues(user: unknown, options: UserOptions): OpleadIssue[] {
  const found = findIssues(user);
  if (found.some(({ code }) => code === "unreadable")) return found;
  const slips = fieldIssues(user, options);
  const couldBeId = options.numericAccountNumbers !== true && /^\d+$/.test(accountNumberOf(user) ?? "");
  if (slips.length === 0 && !couldBeId) return found;
  // If a name is misspelt, the field that was meant is not reported as missing.
  const meant = slips.map(
    (slip) => slip.code === "similar_field" && slip.path.replace(/[^.]*$/, slip.parameters.similar),
  );
  const others = found.filter(({ code, path }) => code !== "required" || !meant.includes(path));
  return [...others, ...slips, ...(couldBeId ? [issueAt("accountNumber", tellUser("digits_only"))] : [])];
}

const findIssues = /* @__PURE__ */ issueFinder(() => {
  const isFilled = z.refine<string>((value) => value.trim() !== "", { ...says(tellValue("empty")), abort: true });
  const text = z.checked(
    textOr((value) => tellValue(isMissing(value) ? "required" : "not_text")),
    isFilled,
  );
  const optional = (otherwise: ValueProblem) =>
    z.optional(textOr((value) => (value === null ? tellUser("null_field") : otherwise)));
  const optionalText = optional(tellValue("not_text"));
  const phoneNumber = optional(tellValue("lost_zero"));

  return z.object(
    {
      civility: text,
      lastname: text,
      firstname: optionalText,
      login: text,
      email: z.checked(
        text,
        z.refine<string>((value) => EMAIL.test(value), says(tellUser("not_email"))),
      ),
      address: z.object(
        {
          street: optionalText,
          zipCode: z.checked(textOr(zipCodeProblem), isFilled),
          city: text,
          country: z.object(
            {
              code: z.checked(
                text,
                z.refine((value) => !countryCodeProblem(value), says(tellValue("not_country_code"))),
              ),
            },
            needed(tellUser("not_country")),
          ),
        },
        needed(tellUser("not_address")),
      ),
      profile: z.object({ code: text }, needed(tellUser("not_profile"))),
      parentUserIdentifier: z.optional(z.custom(isParent, says(tellUser("not_parent")))),
      accountNumber: z.optional(
        z.checked(
          text,
          z.refine(isTrimmed, { ...says(tellUser("padded_identifier")), abort: true }),
          z.refine((value) => !pathValueProblem(value), says(tellUser("not_identifier"))),
        ),
      ),
      phone: phoneNumber,
      mobile: phoneNumber,
      company: optionalText,
    },
    needed(tellUser("not_user")),
  );
});

// Oplead checks addresses more exactly: refusing a valid address here would keep its user from being sent.
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

function needed(otherwise: ValueProblem) {
  return says((value) => (isMissing(value) ? tellValue("required") : otherwise));
}

function zipCodeProblem(value: unknown): ValueProblem {
  if (typeof value === "number") return tellUser("zip_code_lost_zero");
  return tellValue(isMissing(value) ? "required" : "not_text");
}

function isParent(value: unknown): boolean {
  return (typeof value !== "string" || isTrimmed(value)) && pathValueProblem(value) === undefined;
}

function isTrimmed(value: string): boolean {
  return value === value.trim();
}

// Platforms have fields of their own, so without `customFields` any name passes that resembles no known field.
export function fieldIssues(user: unknown, { customFields }: UserOptions): OpleadIssue[] {
  const check = (name: string, path: string, known: readonly string[], prefix = ""): OpleadIssue[] => {
    const start = path === "" ? "" : `${path}.`;
    if (customFields?.includes(start + name)) return [];
    const place = prefix + start + shownName(name);
    const similar = similarTo(name, known);
    if (similar !== undefined) return [issueAt(place, tellUser("similar_field", { similar }))];
    return customFields ? [issueAt(place, tellUser("unknown_field"))] : [];
  };
  const issues: OpleadIssue[] = [];
  for (const [path, known] of FIELDS) {
    const part = valueAt(user, path);
    if (!isObject(part)) continue;
    for (const name of Object.keys(part)) if (!known.includes(name)) issues.push(...check(name, path, known));
  }
  if (!isObject(user) || user.custom === undefined) return issues;
  if (!isObject(user.custom)) return [...issues, issueAt("custom", tellValue("not_object"))];
  const ofCustom = Object.keys(user.custom).flatMap((name) =>
    isTaken(name, user)
      ? [issueAt(`custom.${shownName(name)}`, tellUser("not_custom"))]
      : check(name, "", USER_FIELDS, "custom."),
  );
  return [...issues, ...ofCustom];
}

const USER_FIELDS = [
  "civility",
  "firstname",
  "lastname",
  "login",
  "email",
  "phone",
  "mobile",
  "company",
  "accountNumber",
  "parentUserIdentifier",
  "address",
  "profile",
  "custom",
];

export const FIELDS: readonly (readonly [path: string, known: readonly string[]])[] = [
  ["", USER_FIELDS],
  ["address", ["street", "zipCode", "city", "country"]],
  ["address.country", ["code"]],
  ["profile", ["code"]],
];

// Puts the fields of `custom` at the top level. If `custom` has a problem, the user stays as it is.
export function flatUser<User>(given: User): User {
  const user: unknown = isObject(given) && typeof given.toJSON === "function" ? given.toJSON() : given;
  if (!isObject(user) || !isObject(user.custom)) return given;
  const { custom, ...fields } = user;
  const names = Object.keys(user.custom);
  // The type does not name the fields of `custom`.
  return names.some((name) => isTaken(name, fields)) ? given : ({ ...fields, ...user.custom } as User);
}

function isTaken(name: string, fields: object): boolean {
  return USER_FIELDS.includes(name) || Object.hasOwn(fields, name);
}

export function accountNumberOf(user: unknown): string | undefined {
  const value = isObject(user) ? user.accountNumber : undefined;
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
