import { isObject } from "./values.ts";

/** Kinds of values, as messages name them. */
const KINDS = {
  "a text": (value: unknown) => typeof value === "string",
  "a number": (value: unknown) => typeof value === "number",
  "true or false": (value: unknown) => typeof value === "boolean",
  "a function": (value: unknown) => typeof value === "function",
  "an object": isObject,
  "a list": Array.isArray,
  "a list of objects": (value: unknown) => Array.isArray(value) && value.every(isObject),
  "a text or a function": (value: unknown) => typeof value === "string" || typeof value === "function",
  "a text or an object": (value: unknown) => typeof value === "string" || isObject(value),
  "a number or a date": (value: unknown) => typeof value === "number" || value instanceof Date,
  "a number or a pair of numbers": (value: unknown) => [value].flat().every((one) => typeof one === "number"),
} as const;

type Kinds<Fields> = { readonly [Name in keyof Fields]?: keyof typeof KINDS };

/** The kind of every option. */
export type OptionKinds<Options> = { readonly [Name in keyof Options]-?: keyof typeof KINDS };

/**
 * Checks an object that a test hands over, and the kinds of its fields. A field that is undefined counts as left out, unless it is
 * `required`.
 *
 * @throws TypeError that names the argument, and the field.
 */
export function requireFields<Given extends object>(
  name: string,
  given: Given,
  kinds: Kinds<Given>,
  ...required: readonly (keyof Given & string)[]
): void {
  if (!isObject(given)) throw new TypeError(`${name} must be an object.`);
  for (const [field, kind] of Object.entries<keyof typeof KINDS | undefined>(kinds)) {
    const value = given[field];
    if (kind === undefined || (value === undefined && !required.some((one) => one === field))) continue;
    if (!KINDS[kind](value)) throw new TypeError(`${name}.${field} must be ${kind}.`);
  }
}
