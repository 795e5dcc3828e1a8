import * as z from "zod/mini";
import { showIdentity } from "./redact.ts";
import type { Schema } from "./validate.ts";
import { isRecord } from "./values.ts";

/**
 * Describes a value that is saved in a file and printed. The description checks a value that was read from a file, and
 * makes the copy that may be printed. `T` is the interface that programs see. A description compiles only if it has
 * exactly the fields of `T`.
 */
export interface Form<T> {
  /** Checks a value that was read from a file. Fields that a later version has added are ignored. */
  readonly schema: () => Schema;
  /** Makes a copy that has only the fields of the form. */
  readonly print: (value: unknown) => unknown;
  /** Never set. It tells the compiler that the form of a type does not fit a wider or a narrower type. */
  readonly same?: (value: T) => T;
}

/** A form for each field of an object, optional fields included. Methods need no form. */
export type FormsOf<T> = {
  readonly [Name in keyof T & string as T[Name] extends () => unknown ? never : Name]: Form<T[Name]>;
};

// These checks are written by hand, because zod's own (above all its records) take 1.5 kB of a bundle, and their
// messages are not shown.
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

/** One of several words. */
export function word<const T extends string>(...words: readonly T[]): Form<T> {
  return { schema: () => z.custom((value) => words.includes(value as T)), print: asIs };
}

/** A place in the source: a number or a text. In a list, JSON has null for a missing place. */
export function place(): Form<number | string | undefined> {
  const isPlace = (value: unknown) => value === null || typeof value === "string" || Number.isFinite(value);
  return { schema: () => z.optional(z.custom(isPlace)), print: asIs };
}

/** Prints the whole value. A comment at each use says why the value holds no personal data. Without `schema`, any value is accepted. */
export function whole<T>(schema: () => Schema = () => z.optional(z.custom())): Form<T> {
  return { schema, print: (value) => value };
}

/**
 * A message with its code and parameters. The parameters are printed too, because they hold no more than the message
 * does.
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
