export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

const KINDS = {
  anything: () => true,
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

export type OptionKinds<Options> = { readonly [Name in keyof Options]-?: keyof typeof KINDS };

export function wrong(message: string, Kind: new (message: string) => Error = TypeError): Error {
  return Object.assign(new Kind(message), { code: "invalid_options" });
}

// Throws TypeError. A field that is undefined counts as omitted, unless it is `required`.
export function requireFields<Given extends object>(
  name: string,
  given: Given,
  kinds: Kinds<Given>,
  ...required: readonly (keyof Given & string)[]
): void {
  if (!isObject(given)) throw wrong(`${name} must be an object.`);
  for (const [field, kind] of Object.entries<keyof typeof KINDS | undefined>(kinds)) {
    const value = given[field];
    if (kind === undefined || (value === undefined && !required.some((one) => one === field))) continue;
    if (!KINDS[kind](value)) throw wrong(`${name}.${field} must be ${kind}.`);
  }
}

// A misspelt option that was ignored would make a test pass without testing.
export function requireOptions<Options extends object>(
  name: string,
  given: Options,
  kinds: OptionKinds<Options>,
  ...required: readonly (keyof Options & string)[]
): void {
  requireFields<Options>(name, given, kinds, ...required);
  const unknown = Object.keys(given).find((field) => !Object.hasOwn(kinds, field));
  if (unknown === undefined) return;
  throw wrong(`${name}.${unknown} is no option. There are: ${Object.keys(kinds).join(", ")}.`);
}

// mulberry32, 0 ≤ n < 1: the same on every machine.
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function requireKnown<Name extends string>(what: string, name: Name, known: readonly NoInfer<Name>[]): void {
  if (!known.includes(name)) throw wrong(`No ${what} is called "${name}": ${known.join(", ")} are.`);
}

// Throws RangeError, also for NaN.
export function atLeast(name: string, value: number, least: number): number {
  if (!(value >= least)) throw wrong(`${name} must be ${least} or more, not ${value}.`, RangeError);
  return value;
}
