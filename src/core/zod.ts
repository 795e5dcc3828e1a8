// Schemas are made from zod's core: those of `zod/mini` bring methods, and zod's errors, that bundlers cannot leave
// out, 0.9 kB of every bundle.
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
import { isObject } from "./values.ts";

export type Schema<Value = unknown> = $ZodType<Value>;

export type Payload<Value = unknown> = ParsePayload<Value>;

type Check<Value> = ((payload: Payload<Value>) => void) | Refinement<Value>;

type Refinement<Value> = $ZodCustom<Value, Value>;

export interface Saying {
  readonly error: (issue: { readonly input?: unknown }) => ValueProblem;
}

export function object(shape: Readonly<Record<string, Schema>>, saying?: Saying): Schema {
  return new $ZodObject({ type: "object", shape, ...saying });
}

// This schema is smaller than zod's own, which knows lengths and copies the list.
export function array(element: Schema, saying?: Saying): Schema<readonly unknown[]> {
  return checked(custom<readonly unknown[]>(Array.isArray, saying), ({ value, issues }) => {
    for (const [at, item] of value.entries()) {
      for (const issue of issuesOf(element, item)) issues.push({ ...issue, path: [at, ...(issue.path ?? [])] });
    }
  });
}

export function optional(innerType: Schema): Schema {
  return new $ZodOptional({ type: "optional", innerType });
}

// After this check fails, no further check runs.
export function custom<Value = unknown>(
  isFine: (value: unknown) => boolean = () => true,
  saying?: Saying,
): Schema<Value> {
  return _custom<Value>($ZodCustom, isFine, saying);
}

// `abort`: after this check fails, no further check runs.
export function refine<Value = unknown>(
  isFine: (value: Value) => boolean,
  saying: Saying & { readonly abort?: boolean },
): Refinement<Value> {
  return _refine<Value>($ZodCustom, isFine, saying);
}

export function checked<Given extends Schema>(schema: Given, ...checks: readonly Check<output<Given>>[]): Given {
  const { def } = schema._zod;
  const added = checks.map((check) =>
    typeof check === "function" ? { _zod: { check, def: { check: "custom" }, onattach: [] } } : check,
  );
  return clone(schema, { ...def, checks: [...(def.checks ?? []), ...added] } as $ZodTypeDef);
}

export function issuesOf(schema: Schema, value: unknown): ParsePayload["issues"] {
  const { bag, def } = schema._zod;
  bag.judge ??= judgeOf(def) ?? isNeverFine;
  // Safe: only the line above sets it.
  if ((bag.judge as IsFine)(value)) return [];
  const result = schema._zod.run({ value, issues: [] }, { async: false });
  return (result as ParsePayload).issues;
}

function isNeverFine(): boolean {
  return false;
}

type IsFine = (value: unknown) => boolean;

// Most values are fine, and zod takes four times as long to tell. Undefined if only zod can.
function judgeOf(def: {
  readonly fn?: IsFine;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly checks?: readonly { readonly _zod: { readonly def: object } }[] | undefined;
}): IsFine | undefined {
  const { fn, shape, innerType, checks = [] } = def;
  let judge = fn ?? (shape ? judgeOfFields(shape) : innerType && judgeOf(innerType._zod.def));
  for (const check of checks) {
    const [first, next] = [judge, judgeOf(check._zod.def)];
    judge = first && next && ((value) => first(value) && next(value));
  }
  return judge;
}

function judgeOfFields(shape: Readonly<Record<string, Schema>>): IsFine {
  const fields = Object.entries(shape).map(([name, { _zod }]) => {
    const isOptional = _zod.optin !== undefined && !_zod.def.checks?.length;
    return { name, isFine: judgeOf(_zod.def), isOptional };
  });
  return (value) => {
    if (!isObject(value)) return false;
    for (const { name, isFine, isOptional } of fields) {
      const given = value[name];
      if (given === undefined ? !isOptional : !isFine?.(given)) return false;
    }
    return true;
  };
}
