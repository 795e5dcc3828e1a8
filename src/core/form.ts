import * as z from "zod/mini";
import { showIdentity } from "./redact.ts";
import type { Schema } from "./validate.ts";
import { isRecord } from "./values.ts";

/**
 * The description of a value that is saved and printed. It makes the check of a value that was read from a file, and the copy that may be
 * printed. `T` is the interface that programs see. A description that lacks a field of it, or has another one, does not compile.
 */
export interface Form<T> {
  /** Checks a value that was read. Fields that a later version has added are passed over. */
  readonly schema: () => Schema;
  /** A copy with the fields of the form and no others. */
  readonly print: (value: unknown) => unknown;
  /** Only for the compiler: a form of a wider or of a narrower type is another one. */
  readonly same?: (value: T) => T;
}

/** A form for each field of an object, also for those that may be missing. Methods are no fields. */
export type FormsOf<T> = {
  readonly [Name in keyof T & string as T[Name] extends () => unknown ? never : Name]: Form<T[Name]>;
};

// Checks of our own: zod's forms of these, its records above all, are 1.5 kB of a bundle, and what they say is not shown.
const isA = (type: "string" | "boolean") => (): Schema => z.custom((value) => typeof value === type);

/** Values by name. */
export function values(isFine: (value: unknown) => boolean): () => Schema {
  return () => z.custom((value) => isRecord(value) && Object.values(value).every(isFine));
}

const asIs = (value: unknown): unknown => (typeof value === "object" && value !== null ? undefined : value);

/** A word, a code, a time: shown as it is. */
export function text<T extends string = string>(): Form<T> {
  return { schema: isA("string"), print: asIs };
}

/** A text that names a user. It is not shown if it is an e-mail address. */
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

/** A place in the source: a number or a text. JSON has null for one of a list that is missing. */
export function place(): Form<number | string | undefined> {
  const isPlace = (value: unknown) => value === null || typeof value === "string" || Number.isFinite(value);
  return { schema: () => z.optional(z.custom(isPlace)), print: asIs };
}

/** Prints the whole value. A comment at each use says why the value holds no personal data. Without `schema`, any value is accepted. */
export function whole<T>(schema: () => Schema = () => z.optional(z.custom())): Form<T> {
  return { schema, print: (value) => value };
}

/** Something that is told by its code: its parameters hold no more than its message does. */
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
      // A loop, because a plan has hundreds of thousands of fields.
      for (const name of Object.keys(value)) {
        const form = fields.get(name);
        if (form) printed[name] = form.print((value as Record<string, unknown>)[name]);
      }
      return printed;
    },
  };
}
