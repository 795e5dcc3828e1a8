import { $ZodCheck, type $ZodErrorMap } from "zod/v4/core";
import { invalid, type OpleadErrorDetails } from "../errors.ts";
import { at, type OpleadIssue, type ValueProblem } from "../issues.ts";
import { codedBy } from "../texts/coded.ts";
import { VALUES } from "../texts/en/values.ts";
import { isObject } from "./is-object.ts";

/*
 * The one way from zod's checks to the package's issues. Messages name what is expected and never quote the value, which may
 * be a secret or personal data.
 *
 * Each value is described by a zod check. Objects are walked here: zod's own objects would add 2.3 kB to the core, most of it
 * for parsing, coercion and promises, and their result would be thrown away (docs/decisions/zod-bundled.md).
 */

/** What is wrong with a value. Text alone is of rooms whose texts have no codes yet. */
type Wrong = ValueProblem | string;

const wrong = /* @__PURE__ */ codedBy(VALUES);

/** What describes a value. An alias, so that the rooms that use it need not know zod. */
export type Schema = $ZodCheck<unknown>;

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
  const payload: Payload = { value, issues: [] };
  try {
    schema._zod.check(payload);
  } catch {
    // A getter, or a proxy.
    report(payload, wrong("unreadable"));
  }
  return payload.issues.map((issue) => {
    const path = (issue.path ?? []).join(".");
    const problem = issue.code === "custom" ? issue.params?.problem : undefined;
    // What `report` has put there.
    return problem === undefined ? { path, message: messageOf(issue) } : at(path, problem as ValueProblem);
  });
}

/** zod's own checks name their message in their definition. */
function messageOf(issue: Payload["issues"][number]): string {
  // Each kind of check types this for its own issues; an issue names the check that made it.
  const error = issue.inst?._zod.def.error as $ZodErrorMap | undefined;
  const message = issue.message ?? error?.(issue) ?? "is not valid";
  return typeof message === "string" ? message : message.message;
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
 * A check of a function's options.
 *
 * @throws {@link OpleadError} `invalid_options`, with every problem.
 */
export function optionsCheck<Options>(where: string, build: () => Schema): (given: Options) => void {
  const find = issueFinder(build);
  return (given) => requireNoIssues(`${where}: wrong options`, find(given));
}

/**
 * An object of options. An option set to `undefined` counts as left out, unless it is in `required`; a field that is in
 * neither shape is refused.
 */
export function options(
  optionalFields: Readonly<Record<string, Schema>>,
  required: Readonly<Record<string, Schema>> = {},
  expected: Wrong = wrong("not_object"),
): Schema {
  const shape: Record<string, Schema> = { ...required };
  for (const [name, schema] of Object.entries(optionalFields)) shape[name] = optional(schema);
  const known = objectWith(shape, () => expected);
  return check((payload) => {
    known._zod.check(payload);
    if (!isObject(payload.value)) return;
    // With the inherited ones.
    for (const name in payload.value) {
      if (!Object.hasOwn(shape, name)) {
        report(payload, wrong("unknown_option", { known: Object.keys(shape) }), name);
      }
    }
  });
}

/** An object that has these fields, and may have others. `problemOf` says what is wrong with anything else. */
export function objectWith(fields: Readonly<Record<string, Schema>>, problemOf: (value: unknown) => Wrong): Schema {
  return check((payload) => {
    const { value } = payload;
    if (!isObject(value)) return report(payload, problemOf(value));
    for (const [name, schema] of Object.entries(fields)) checkInside(payload, name, value[name], schema);
  });
}

/** A list with at least one item, each of which the schema describes. `expected` is said of anything else. */
export function listOf(schema: Schema, expected: Wrong): Schema {
  return check((payload) => {
    const { value } = payload;
    if (!Array.isArray(value) || value.length === 0) return report(payload, expected);
    for (const [index, item] of value.entries()) checkInside(payload, String(index), item, schema);
  });
}

/** A value that may be left out or undefined. */
export function optional(schema: Schema): Schema {
  return unless((value) => value === undefined, schema);
}

/** The literal `false`, or what the schema describes. */
export function falseOr(schema: Schema): Schema {
  return unless((value) => value === false, schema);
}

/** A value that is fine as it is, or what the schema describes. */
export function unless(isFine: (value: unknown) => boolean, schema: Schema): Schema {
  return check((payload) => {
    if (!isFine(payload.value)) schema._zod.check(payload);
  });
}

/** A value for which `problemOf` finds nothing wrong. It returns what is wrong in a sentence without its subject. */
export function valueWithout(problemOf: (value: unknown) => Wrong | undefined): Schema {
  return check((payload) => {
    const problem = problemOf(payload.value);
    if (problem !== undefined) report(payload, problem);
  });
}

/** A value that is as it should be, or `expected` is said of it. */
export function valueThat(isFine: (value: unknown) => boolean, expected: Wrong): Schema {
  return valueWithout((value) => (isFine(value) ? undefined : expected));
}

/** The longest wait that a timer can measure; a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A number in a range, both ends included. */
export function number(min: number, max: number): Schema {
  return numberThat(Number.isFinite, min, max, () => wrong("not_number", { min, max }));
}

/** A whole number in a range, both ends included. */
export function wholeNumber(min: number, max: number): Schema {
  return numberThat(Number.isInteger, min, max, () => wrong("not_whole_number", { min, max }));
}

function numberThat(fits: (value: unknown) => boolean, min: number, max: number, expected: () => Wrong): Schema {
  return valueWithout((value) =>
    fits(value) && Number(value) >= min && Number(value) <= max ? undefined : expected(),
  );
}

export function boolean(): Schema {
  return valueThat((value) => typeof value === "boolean", wrong("not_boolean"));
}

export function text(): Schema {
  return valueThat((value) => typeof value === "string", wrong("not_text"));
}

export function func(expected: Wrong = wrong("not_function")): Schema {
  return valueThat((value) => typeof value === "function", expected);
}

/** One of several literals, for example `"warn"` or `false`. */
export function oneOf(...allowed: readonly (string | number | boolean)[]): Schema {
  return valueThat((value) => allowed.some((one) => one === value), wrong("not_one_of", { allowed }));
}

/** An object that has these methods; it may have anything else. `expected` is said of what is not an object. */
export function withMethods(names: readonly string[], expected: Wrong): Schema {
  return objectWith(Object.fromEntries(names.map((name) => [name, func()])), () => expected);
}

/** What the package can write lines to. */
export function logger(): Schema {
  return withMethods(["debug", "info", "warn", "error"], wrong("not_logger"));
}

/** A value with a check of its own, which gives the problems with their paths inside the value. */
export function nested(find: FindIssues): Schema {
  return check((payload) => {
    for (const { path, ...problem } of find(payload.value)) {
      report(payload, problem.code === undefined ? problem.message : problem, path);
    }
  });
}

/** A value under check, and what was found so far. */
type Payload = Parameters<Schema["_zod"]["check"]>[0];

/** Made as zod's own `check()` makes it. */
function check(find: (payload: Payload) => void): Schema {
  const schema: Schema = new $ZodCheck({ check: "custom" });
  schema._zod.check = find;
  return schema;
}

/** Checks a part of the value. */
function checkInside({ issues }: Payload, name: string, value: unknown, schema: Schema): void {
  const part: Payload = { value, issues: [] };
  schema._zod.check(part);
  for (const issue of part.issues) issues.push({ ...issue, path: [name, ...(issue.path ?? [])] });
}

function report({ value, issues }: Payload, problem: Wrong, path = ""): void {
  const told = typeof problem === "string" ? { message: problem } : { params: { problem } };
  issues.push({ code: "custom", input: value, path: path === "" ? [] : [path], ...told });
}
