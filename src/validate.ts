import { $constructor, $ZodObject, $ZodType } from "zod/v4/core";
import { invalid, type OpleadErrorDetails, type OpleadIssue } from "./errors.ts";
import { isObject } from "./is-object.ts";

/*
 * The one way from zod schemas to the package's issues. Messages name what is expected and never quote the value, which may
 * be a secret or personal data.
 */

/** What describes a value. An alias, so that the rooms that use it need not know zod. */
export type Schema = $ZodType;

/** Finds every problem of a value at once, each with its path. No problems: an empty list. */
export type FindIssues = (value: unknown) => OpleadIssue[];

/** The schema is built when the first value is checked: importing the package should cost as little as it can. */
export function issueFinder(build: () => Schema): FindIssues {
  let schema: Schema | undefined;
  return (value) => {
    schema ??= build();
    return issuesOf(schema, value);
  };
}

/** Every problem that a schema finds. */
export function issuesOf(schema: Schema, value: unknown): OpleadIssue[] {
  // By the schema's standard interface, without zod's own errors, which would be built only to be taken apart again.
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    // Reading a field has thrown (a getter or a proxy), and zod tries it again as if it were asynchronous.
    result.catch(() => undefined);
    return [{ path: "", message: "cannot be read: one of its fields throws an error" }];
  }
  return (result.issues ?? []).map(({ path = [], message }) => ({ path: path.join("."), message }));
}

/**
 * Throws one error that lists every problem; returns if there is none.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function requireNoIssues(what: string, issues: readonly OpleadIssue[], details?: OpleadErrorDetails): void {
  if (issues.length > 0) throw invalid("invalid_options", what, issues, details);
}

/**
 * An object of options. An option set to `undefined` counts as left out, unless it is in `required`; a field that is in
 * neither shape is refused.
 */
export function options(
  optionalFields: Readonly<Record<string, Schema>>,
  required: Readonly<Record<string, Schema>> = {},
  expected = "must be an object",
): Schema {
  const shape: Record<string, Schema> = { ...required };
  for (const [name, schema] of Object.entries(optionalFields)) shape[name] = optional(schema);
  const catchall = valueWithout(() => `is not an option: there are ${Object.keys(shape).join(", ")}`);
  return new $ZodObject({ type: "object", shape, catchall, error: () => expected });
}

/** An object that has these fields, and may have others. `problemOf` says what is wrong with anything else. */
export function objectWith(fields: Readonly<Record<string, Schema>>, problemOf: (value: unknown) => string): Schema {
  return new $ZodObject({ type: "object", shape: fields, error: ({ input }) => problemOf(input) });
}

/** A value that may be left out or undefined. */
export function optional(schema: Schema): Schema {
  return new Checked({
    type: "custom",
    find: (value) => (value === undefined ? [] : issuesOf(schema, value)),
    optionality: "optional",
  });
}

/** A value for which `problemOf` finds nothing wrong. It returns what is wrong in a sentence without its subject. */
export function valueWithout(problemOf: (value: unknown) => string | undefined): Schema {
  return nested((value) => {
    const message = problemOf(value);
    return message === undefined ? [] : [{ path: "", message }];
  });
}

/** A number in a range, both ends included. */
export function number(min: number, max: number): Schema {
  return numberOf("a number", min, max, Number.isFinite);
}

/** A whole number in a range, both ends included. */
export function wholeNumber(min: number, max: number): Schema {
  return numberOf("a whole number", min, max, Number.isInteger);
}

function numberOf(kind: string, min: number, max: number, fits: (value: number) => boolean): Schema {
  // Written only when it is needed: the first toLocaleString of a process takes 16 ms.
  const expected = (): string => `must be ${kind} from ${min.toLocaleString("en")} to ${max.toLocaleString("en")}`;
  return valueWithout((value) =>
    typeof value === "number" && fits(value) && value >= min && value <= max ? undefined : expected(),
  );
}

export function boolean(): Schema {
  return valueWithout((value) => (typeof value === "boolean" ? undefined : "must be true or false"));
}

export function func(): Schema {
  return valueWithout((value) => (typeof value === "function" ? undefined : "must be a function"));
}

/** One of several literals, for example `"warn"` or `false`. */
export function oneOf(...allowed: readonly (string | number | boolean)[]): Schema {
  const expected = `must be ${allowed.map((value) => JSON.stringify(value)).join(" or ")}`;
  return valueWithout((value) => (allowed.some((one) => one === value) ? undefined : expected));
}

/** An object that has these methods; it may have anything else. `expected` is said of what is not an object. */
export function withMethods(names: readonly string[], expected: string): Schema {
  return nested((value) =>
    isObject(value)
      ? names
          .filter((name) => typeof value[name] !== "function")
          .map((path) => ({ path, message: "must be a function" }))
      : [{ path: "", message: expected }],
  );
}

/** What the package can write lines to. */
export function logger(): Schema {
  return withMethods(["debug", "info", "warn", "error"], "must be a logger with debug, info, warn and error");
}

/** The literal `false`, or what the schema describes. */
export function falseOr(schema: Schema): Schema {
  return nested((value) => (value === false ? [] : issuesOf(schema, value)));
}

/** A value with a check of its own, which gives the problems with their paths inside the value. */
export function nested(find: FindIssues): Schema {
  return new Checked({ type: "custom", find });
}

interface CheckedDefinition {
  readonly type: "custom";
  readonly find: FindIssues;
  /** Whether an object may lack the field. */
  readonly optionality?: "optional";
}

/**
 * The one kind of schema besides zod's object, made as zod's core makes its own. zod's kinds for custom, optional, unknown and
 * forbidden values would add 0.7 kB to the core.
 */
const Checked = /* @__PURE__ */ $constructor<$ZodType, CheckedDefinition>("OpleadChecked", (schema, definition) => {
  $ZodType.init(schema, definition);
  const { find, optionality } = definition;
  Object.assign(schema._zod, { optin: optionality, optout: optionality });
  schema._zod.parse = (payload) => {
    for (const { path, message } of find(payload.value)) {
      const at = path === "" ? [] : [path];
      payload.issues.push({ code: "custom", input: payload.value, path: at, message });
    }
    return payload;
  };
});
