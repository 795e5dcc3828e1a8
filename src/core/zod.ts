/**
 * The kinds of schemas that this package uses, over zod's core. `zod/mini` makes the same schemas, but each of them has
 * methods that bundlers cannot leave out, and with them zod's errors, which this package would throw away: 0.9 kB of
 * every bundle.
 */
import {
  _custom,
  _refine,
  $ZodCustom,
  $ZodObject,
  $ZodOptional,
  type $ZodType,
  type $ZodTypeDef,
  clone,
  type output,
  type ParsePayload,
} from "zod/v4/core";
import type { ValueProblem } from "./issues.ts";

/** A schema that describes a value. */
export type Schema<Value = unknown> = $ZodType<Value>;

/** What a check gets from zod: the value, and the issues found so far. */
export type Payload<Value = unknown> = ParsePayload<Value>;

/** A check that is added to a schema: a function that adds issues to the payload, or what {@link refine} makes. */
type Check<Value> = ((payload: Payload<Value>) => void) | Refinement<Value>;

type Refinement<Value> = $ZodCustom<Value, Value>;

/**
 * How a schema says what is wrong: zod calls this function for an issue. A problem has the `message` that zod expects.
 */
export interface Saying {
  readonly error: (issue: { readonly input?: unknown }) => ValueProblem;
}

export function object(shape: Readonly<Record<string, Schema>>, saying?: Saying): Schema {
  return new $ZodObject({ type: "object", shape, ...saying });
}

/** A list of such elements. zod's own array is larger, because it knows lengths and copies the list. */
export function array(element: Schema, saying?: Saying): Schema<readonly unknown[]> {
  return checked(custom<readonly unknown[]>(Array.isArray, saying), ({ value, issues }) => {
    for (const [at, item] of value.entries()) {
      for (const issue of issuesOf(element, item)) issues.push({ ...issue, path: [at, ...(issue.path ?? [])] });
    }
  });
}

/** A value that may be left out or undefined. */
export function optional(innerType: Schema): Schema {
  return new $ZodOptional({ type: "optional", innerType });
}

/** A value that `isFine` accepts. No further check follows if it does not. */
export function custom<Value = unknown>(
  isFine: (value: unknown) => boolean = () => true,
  saying?: Saying,
): Schema<Value> {
  return _custom<Value>($ZodCustom, isFine, saying);
}

/** A check for {@link checked}. `abort`: no further check follows if it fails. */
export function refine<Value = unknown>(
  isFine: (value: Value) => boolean,
  saying: Saying & { readonly abort?: boolean },
): Refinement<Value> {
  return _refine<Value>($ZodCustom, isFine, saying);
}

/** The schema with further checks. They run for values that the schema accepts. */
export function checked<Given extends Schema>(schema: Given, ...checks: readonly Check<output<Given>>[]): Given {
  const { def } = schema._zod;
  const added = checks.map((check) =>
    typeof check === "function" ? { _zod: { check, def: { check: "custom" }, onattach: [] } } : check,
  );
  return clone(schema, { ...def, checks: [...(def.checks ?? []), ...added] } as $ZodTypeDef);
}

/** The issues of a value, with their paths. */
export function issuesOf(schema: Schema, value: unknown): ParsePayload["issues"] {
  const result = schema._zod.run({ value, issues: [] }, { async: false });
  return (result as ParsePayload).issues;
}
