import { showIdentity } from "./redact.ts";
import type { Schema } from "./validate.ts";
import { isRecord } from "./values.ts";
import * as z from "./zod.ts";

// Says how a saved value is checked when it is read, and what of it may be printed. An object's form compiles only with
// exactly the fields of `T`.
export interface Form<T> {
  // The schema ignores fields that a later version has added.
  readonly schema: () => Schema;
  readonly print: (value: unknown) => unknown;
  // `same` is never set: it makes the compiler refuse a form of a wider or narrower type.
  readonly same?: (value: T) => T;
}

export type FormsOf<T> = {
  readonly [Name in keyof T & string as T[Name] extends () => unknown ? never : Name]: Form<T[Name]>;
};

// A custom check replaces zod's checks: above all those for records add 1.5 kB to a bundle, and nobody sees their
// messages.
const isA = (type: "string" | "boolean") => (): Schema => z.custom((value) => typeof value === type);

export function values(isFine: (value: unknown) => boolean): () => Schema {
  return () => z.custom((value) => isRecord(value) && Object.values(value).every(isFine));
}

const asIs = (value: unknown): unknown => (typeof value === "object" && value !== null ? undefined : value);

// A text that holds no personal data: a word, a code, a time.
export function text<T extends string = string>(): Form<T> {
  return { schema: isA("string"), print: asIs };
}

// An identifier, which is not printed if it is an e-mail address.
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

export function word<const T extends string>(...words: readonly T[]): Form<T> {
  return { schema: () => z.custom((value) => words.includes(value as T)), print: asIs };
}

export function place(): Form<number | string | undefined> {
  const isPlace = (value: unknown) => value === null || typeof value === "string" || Number.isFinite(value);
  return { schema: () => z.optional(z.custom(isPlace)), print: asIs };
}

// A value that is printed as a whole. A comment at each use says why it holds no personal data.
export function whole<T>(schema: () => Schema = () => z.optional(z.custom())): Form<T> {
  return { schema, print: (value) => value };
}

// A coded message. Its text contains all of its parameters, so they may be printed too.
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

// One form for each kind. A kind of a later version is accepted and not printed.
export function ofKind(forms: Readonly<Record<string, Form<never>>>): Form<unknown> {
  const known = new Map(Object.entries(forms));
  const isKnown = (value: unknown): value is { readonly kind: string } =>
    isRecord(value) && known.has(String(value.kind));
  return {
    schema: () => {
      const schemas = new Map([...known].map(([kind, form]) => [kind, form.schema()]));
      const any = z.custom((value) => isRecord(value) && typeof value.kind === "string");
      return z.checked(any, ({ value, issues }) => {
        const schema = isKnown(value) ? schemas.get(value.kind) : undefined;
        if (schema) issues.push(...z.issuesOf(schema, value));
      });
    },
    print: (value) => (isKnown(value) ? known.get(value.kind)?.print(value) : undefined),
  };
}

export function object<T>(forms: FormsOf<T>): Form<T> {
  const fields = new Map<string, Form<never>>(Object.entries(forms));
  return {
    schema: () => z.object(Object.fromEntries([...fields].map(([name, form]) => [name, form.schema()]))),
    print: (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
      const printed: Record<string, unknown> = {};
      for (const name of Object.keys(value)) {
        const form = fields.get(name);
        if (form) printed[name] = form.print((value as Record<string, unknown>)[name]);
      }
      return printed;
    },
  };
}
