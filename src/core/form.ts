import { showIdentity } from "./redact.ts";
import type { Schema } from "./validate.ts";
import { isRecord } from "./values.ts";
import * as z from "./zod.ts";

/**
 * Describes a kind of value, such as a plan, that is saved in files and printed: how to check a value that was read
 * from a file, and how to make the copy that may be printed. `T` is the interface that programs see. A description
 * compiles only if it has exactly the fields of `T`.
 */
export interface Form<T> {
  /** Checks a value that was read from a file. Fields that a later version has added are ignored. */
  readonly schema: () => Schema;
  /** Makes the copy that may be printed: it has only the fields that the form describes. */
  readonly print: (value: unknown) => unknown;
  /** Never set. With it, the compiler refuses a form of a wider or a narrower type. */
  readonly same?: (value: T) => T;
}

/** A form for each field of an object, optional fields included. Methods need no form. */
export type FormsOf<T> = {
  readonly [Name in keyof T & string as T[Name] extends () => unknown ? never : Name]: Form<T[Name]>;
};

// The checks of this file are written by hand, because those of zod (above all for records) add 1.5 kB to a bundle, and
// their messages would never be shown.
const isA = (type: "string" | "boolean") => (): Schema => z.custom((value) => typeof value === type);

/** An object whose values all pass `isFine`. */
export function values(isFine: (value: unknown) => boolean): () => Schema {
  return () => z.custom((value) => isRecord(value) && Object.values(value).every(isFine));
}

const asIs = (value: unknown): unknown => (typeof value === "object" && value !== null ? undefined : value);

/** A text without personal data, such as a word, a code or a time. It is printed as it is. */
export function text<T extends string = string>(): Form<T> {
  return { schema: isA("string"), print: asIs };
}

/** A text that names a user. It is not printed if it is an e-mail address. */
export function identity(): Form<string> {
  return {
    schema: isA("string"),
    print: (value) => (typeof value === "string" ? showIdentity(value) : asIs(value)),
  };
}

export function number<T extends number = number>(): Form<T> {
  return { schema: () => z.custom(Number.isFinite), print: asIs };
}

export function boolean<T extends boolean = boolean>(): Form<T> {
  return { schema: isA("boolean"), print: asIs };
}

/** A text that is one of several words. */
export function word<const T extends string>(...words: readonly T[]): Form<T> {
  return { schema: () => z.custom((value) => words.includes(value as T)), print: asIs };
}

/** A place in the source: the number of a row, or a text. In a list, a missing place is null in JSON. */
export function place(): Form<number | string | undefined> {
  const isPlace = (value: unknown) => value === null || typeof value === "string" || Number.isFinite(value);
  return { schema: () => z.optional(z.custom(isPlace)), print: asIs };
}

/**
 * A value that is printed as a whole. A comment at each use says why the value holds no personal data. Without
 * `schema`, any value passes the check.
 */
export function whole<T>(schema: () => Schema = () => z.optional(z.custom())): Form<T> {
  return { schema, print: (value) => value };
}

/**
 * A message with its code and parameters. The parameters are printed too, because everything in them is also in the
 * message.
 */
export function coded<T>(): Form<T> {
  const parameters = whole(values(() => true));
  return object<{ code: string; parameters: unknown; message: string }>({
    code: text(),
    parameters,
    message: text(),
  }) as Form<unknown> as Form<T>;
}

export function optional<T>(form: Form<T>): Form<T | undefined> {
  return { schema: () => z.optional(form.schema()), print: form.print };
}

export function list<T>(form: Form<T>): Form<readonly T[]> {
  const { print } = form;
  return {
    schema: () => z.array(form.schema()),
    print: (value) => (Array.isArray(value) ? value.map(print) : undefined),
  };
}

export function object<T>(forms: FormsOf<T>): Form<T> {
  const fields = new Map<string, Form<never>>(Object.entries(forms));
  return {
    schema: () => z.object(Object.fromEntries([...fields].map(([name, form]) => [name, form.schema()]))),
    print: (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
      const printed: Record<string, unknown> = {};
      // A loop is used because it is fast: a plan has hundreds of thousands of fields.
      for (const name of Object.keys(value)) {
        const form = fields.get(name);
        if (form) printed[name] = form.print((value as Record<string, unknown>)[name]);
      }
      return printed;
    },
  };
}
