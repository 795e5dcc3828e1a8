import * as z from "zod/mini";
import type { OpleadIssue } from "../errors.ts";
import { isObject } from "../is-object.ts";
import { pathValueProblem } from "../path-value.ts";
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
      const issues = findIssues(value);
      return issues.length === 0 ? { value: value as UserInput } : { issues };
    },
  },
};

/** Every problem of a user, with its path. */
export function findUserIssues(user: unknown): OpleadIssue[] {
  return findIssues(user).map(({ path, message }) => ({ path: path.join("."), message }));
}

function findIssues(user: unknown): { path: PropertyKey[]; message: string }[] {
  schema ??= build();
  const result = schema.safeParse(user);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => ({
    path,
    message: message === MISSING ? `${MISSING}${similarName(user, path)}` : message,
  }));
}

const MISSING = "is required";

/** One `@`, no white space, a domain with a dot. The rest is Oplead's to judge: a false refusal would lose a user. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

/** Built when the first user is checked: importing the package should cost as little as it can. */
let schema: ReturnType<typeof build> | undefined;

function build() {
  const text = z
    .string({ error: ({ input }) => (input === undefined || input === null ? MISSING : "must be text") })
    .check(z.refine((value) => value.trim() !== "", "must not be empty"));
  const zipCode = z
    .string({
      error: ({ input }) => {
        if (input === undefined || input === null) return MISSING;
        return typeof input === "number"
          ? "zip codes are text: a leading zero was probably lost. Read the column as text"
          : "must be text";
      },
    })
    .check(z.refine((value) => value.trim() !== "", "must not be empty"));
  const email = text.check(z.refine((value) => value.trim() === "" || EMAIL.test(value), "is not an e-mail address"));
  const countryCode = text.check(
    z.refine(
      (value) => value.trim() === "" || /^[A-Z]{2}$/.test(value),
      'must be the two-letter country code in capitals, for example "FR"',
    ),
  );
  const identification = text.check(
    z.refine((value) => value === value.trim(), "has white space around it, and would be another identifier with it"),
    z.refine((value) => value.trim() === "" || pathValueProblem(value) === undefined, "cannot be an identifier"),
  );
  const object = <Shape extends Record<string, z.ZodMiniType>>(shape: Shape, hint: string) =>
    z.looseObject(shape, {
      error: ({ input }) => (input === undefined || input === null ? MISSING : `must be an object: ${hint}`),
    });
  const absent = <T extends z.ZodMiniType>(type: T) => z.optional(type);

  return object(
    {
      civility: text,
      lastname: text,
      firstname: absent(z.string("must be text")),
      login: text,
      email,
      address: object(
        {
          street: absent(z.string("must be text")),
          zipCode,
          city: text,
          country: object({ code: countryCode }, '{ code: "FR" }'),
        },
        "{ zipCode, city, country: { code } }",
      ),
      profile: object({ code: text }, '{ code: "…" }'),
      parentUserIdentifier: absent(
        z
          .unknown()
          .check(
            z.refine(
              (value) => (typeof value === "string" ? value === value.trim() : true) && !pathValueProblem(value),
              "must be the parent's Oplead ID or accountNumber, as text without white space",
            ),
          ),
      ),
      accountNumber: absent(identification),
      phone: absent(z.string("must be text: a leading zero was probably lost")),
      mobile: absent(z.string("must be text: a leading zero was probably lost")),
      company: absent(z.string("must be text")),
    },
    "{ civility, lastname, login, email, address, profile, … }",
  );
}

/** `lastName` for `lastname` is the commonest slip. Only names that differ in case are shown, so no data is. */
function similarName(user: unknown, path: readonly PropertyKey[]): string {
  const parent = path.slice(0, -1).reduce<unknown>((at, name) => (isObject(at) ? at[name as string] : undefined), user);
  const wanted = String(path.at(-1));
  if (!isObject(parent)) return "";
  const found = Object.keys(parent).find((name) => name !== wanted && name.toLowerCase() === wanted.toLowerCase());
  return found === undefined ? "" : `; there is "${found}", which must be written "${wanted}"`;
}
