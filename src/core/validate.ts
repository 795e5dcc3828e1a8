import { tellPart, tellValue } from "../locales/en/core.ts";
import { invalid, type OpleadErrorDetails } from "./errors.ts";
import { issueAt, type OpleadIssue, shownName, type ValueProblem } from "./issues.ts";
import { isIterable, isObject, isRecord } from "./values.ts";
import * as z from "./zod.ts";

/*
 * This file is the only one that turns problems found by zod into the package's issues. The messages are texts of the
 * package, chosen by the issue's code. They never quote a value, because it may be a secret or personal data.
 *
 * The value that zod returns is ignored: the package uses and sends the value that the caller gave
 * (docs/explain/decisions.md).
 */

export type Schema = z.Schema;

/** A schema for each field, by the field's name. */
export type Fields = Readonly<Record<string, Schema>>;

/** Names of the options that may be left out. */
type OptionalNames<Options> = {
  [Name in keyof Options]-?: Partial<Pick<Options, Name>> extends Pick<Options, Name> ? Name : never;
}[keyof Options];

/**
 * A schema for each optional option. An object of this type compiles only if it has exactly the optional options of
 * `Options`.
 */
export type OptionalKinds<Options> = unknown extends Options
  ? Fields
  : { readonly [Name in OptionalNames<Options>]: Schema };

/** A schema for each required option of `Options`. */
export type RequiredKinds<Options> = unknown extends Options
  ? Fields
  : { readonly [Name in Exclude<keyof Options, OptionalNames<Options>>]: Schema };

/**
 * Describes options of one type, which the compiler checks:
 * `optionsCheck<CsvOptions>("csvSource", () => options({ … }))`.
 */
export type OptionsSchema<Options> = Schema & { readonly [DESCRIBED]?: (options: Options) => Options };
declare const DESCRIBED: unique symbol;

/** Finds every problem of a value, each with its path. Returns an empty list if the value is valid. */
export type FindIssues = (value: unknown) => OpleadIssue[];

/** The schema is built when the first value is checked, so that importing the package takes little time. */
export function issueFinder(build: () => Schema): FindIssues {
  let schema: Schema | undefined;
  return (value) => {
    schema ??= build();
    try {
      return problemsOf(schema, value).map(({ path, problem }) => issueAt(pathText(path), problem));
    } catch {
      // A getter or a proxy in the value threw an error.
      return [issueAt("", tellValue("unreadable"))];
    }
  };
}

/** Makes a type guard that tells whether a value fits a schema. */
export function isLike<Value>(build: () => Schema): (value: unknown) => value is Value {
  let schema: Schema | undefined;
  return (value): value is Value => {
    schema ??= build();
    return z.issuesOf(schema, value).length === 0;
  };
}

interface Found {
  readonly path: readonly PropertyKey[];
  readonly problem: ValueProblem;
}

function problemsOf(schema: Schema, value: unknown): Found[] {
  return z.issuesOf(schema, value).map(({ path = [], ...issue }) => {
    const { params } = issue;
    const { error } = issue.inst?._zod.def ?? {};
    // A function of `says` reads only the input of an issue. What a foreign schema answers is checked below.
    const told: unknown = params ?? error?.(issue as never);
    return { path, problem: isProblem(told) ? told : tellValue("invalid") };
  });
}

/** A problem that `report` or `says` gave, and not a message or parameters of a foreign schema. */
function isProblem(told: unknown): told is ValueProblem {
  return isObject(told) && "code" in told && "message" in told;
}

/** A path as text, for example `secrets[0].name`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

/**
 * The argument by which a schema of zod reports a problem of this package:
 * `z.array(text(), says(tellValue("not_list")))`.
 */
export function says(problem: ValueProblem | ((value: unknown) => ValueProblem)): z.Saying {
  return { error: ({ input }) => (typeof problem === "function" ? problem(input) : problem) };
}

/** Adds a problem to the value under check. Called inside a check. */
export function report({ value, issues }: z.Payload, problem: ValueProblem, path: readonly PropertyKey[] = []): void {
  const { message } = problem;
  // `continue: true` makes zod go on with further checks of the value.
  issues.push({ code: "custom", input: value, message, params: problem, path: [...path], continue: true });
}

/**
 * Throws one error that lists every problem; returns if there is no problem.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function requireNoIssues(what: string, issues: readonly OpleadIssue[], details?: OpleadErrorDetails): void {
  if (issues.length > 0) throw invalid("invalid_options", what, issues, details);
}

/**
 * Makes a check of a function's options, which throws if it finds problems.
 *
 * @throws {@link OpleadError} `invalid_options`, with every problem.
 */
export function optionsCheck<Options>(where: string, build: () => OptionsSchema<Options>): (given: Options) => void {
  const find = issueFinder(build);
  return (given) => requireNoIssues(`${where}: wrong options`, find(given));
}

/**
 * Makes a check of a function's arguments, given by name, which throws if it finds problems.
 *
 * @throws {@link OpleadError} `invalid_input`, with every problem.
 */
export function argumentsCheck(where: string, build: () => Fields): (given: Readonly<Record<string, unknown>>) => void {
  const find = issueFinder(() => z.object(build()));
  return (given) => {
    const issues = find(given);
    if (issues.length > 0) throw invalid("invalid_input", `${where}: wrong arguments`, issues);
  };
}

/**
 * An object of options. An option set to `undefined` counts as left out, unless it is in `required`. A field that is
 * neither in `optional` nor in `required` is refused. `gone`: options of earlier versions, each with the problem to
 * report.
 */
export function options<Options>(
  optional: OptionalKinds<Options>,
  ...more: MoreOfOptions<Options>
): OptionsSchema<Options>;
export function options(
  optional: Fields,
  required: Fields = {},
  expected: ValueProblem = tellValue("not_object"),
  gone: Readonly<Record<string, ValueProblem>> = {},
): Schema {
  const shape: Record<string, Schema> = { ...required };
  for (const [name, schema] of Object.entries(optional)) shape[name] ??= z.optional(schema);
  const known = Object.keys(shape);
  for (const [name, problem] of Object.entries(gone)) shape[name] = z.optional(valueThat(() => false, problem));
  // The loop finds unknown options. Its code is smaller than zod's `catchall`, and it sees inherited options too.
  return z.checked(record(expected), checkedBy(z.object(shape)), (payload) => {
    for (const name in Object(payload.value)) {
      if (!Object.hasOwn(shape, name)) report(payload, tellValue("unknown_option", { known }), [name]);
    }
  });
}

/**
 * The further arguments of {@link options}. The first one, `required`, must be given if the type has required options.
 */
type MoreOfOptions<Options> = [
  ...(unknown extends Options
    ? [required?: Fields]
    : Exclude<keyof Options, OptionalNames<Options>> extends never
      ? [required?: Fields]
      : [required: RequiredKinds<Options>]),
  expected?: ValueProblem,
  gone?: Readonly<Record<string, ValueProblem>>,
];

/** An object that holds values by name. */
export function record(expected: ValueProblem = tellValue("not_object")): Schema {
  return valueThat(isRecord, expected);
}

/** A list with at least one item, where the schema describes each item. */
export function listOf(schema: Schema, expected: ValueProblem): Schema {
  const isFilled = z.refine<readonly unknown[]>((list) => list.length > 0, says(expected));
  return z.checked(z.array(schema, says(expected)), isFilled);
}

export function falseOr(schema: Schema): Schema {
  return unless((value) => value === false, schema);
}

/** A value that `isFine` accepts, or else one that fits the schema. */
export function unless(isFine: (value: unknown) => boolean, schema: Schema): Schema {
  const check = checkedBy(schema);
  return z.checked(z.custom(), (payload) => {
    if (!isFine(payload.value)) check(payload);
  });
}

/**
 * Turns a schema into a check for the values of a different schema. The issues that it finds are added to those of
 * the different schema.
 */
export function checkedBy(schema: Schema): (payload: z.Payload) => void {
  return (payload) => {
    for (const issue of z.issuesOf(schema, payload.value)) payload.issues.push({ ...issue, continue: true });
  };
}

/** A value for which `problemOf` finds nothing wrong. */
export function valueWithout(problemOf: (value: unknown) => ValueProblem | undefined): Schema {
  return z.checked(z.custom(), (payload) => {
    const problem = problemOf(payload.value);
    if (problem) report(payload, problem);
  });
}

/**
 * A value that `isFine` accepts. `expected`: the problem to report for any other value. It is given as a function if
 * its text has numbers or lists, because the first formatting of a number or list in a process takes time.
 */
export function valueThat(isFine: (value: unknown) => boolean, expected: ValueProblem | (() => ValueProblem)): Schema {
  return z.custom(isFine, says(expected));
}

/**
 * The longest wait of a timer, 2³¹ − 1 ms; a timer with a longer wait would fire at once. It is written as a literal,
 * because bundlers don't remove an unused `2 ** 31 - 1`.
 */
export const MAX_TIMER_MS = 2_147_483_647;

/** A number in a range, both ends included. */
export function number(min: number, max: number): Schema {
  return valueThat(
    (value) => isWithin(value, min, max),
    () => tellValue("not_number", { min, max }),
  );
}

/** A whole number in a range, both ends included. */
export function wholeNumber(min: number, max: number): Schema {
  const isFine = (value: unknown) => Number.isInteger(value) && isWithin(value, min, max);
  return valueThat(isFine, () => tellValue("not_whole_number", { min, max }));
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= min && value <= max;
}

export function boolean(): Schema {
  return valueThat((value) => typeof value === "boolean", tellValue("not_boolean"));
}

export function text(): Schema {
  return textOr(tellValue("not_text"));
}

/**
 * A text; for any other value, `otherwise` is reported. zod's own text is larger, because it knows patterns and
 * lengths.
 */
export function textOr(otherwise: ValueProblem | ((value: unknown) => ValueProblem)): z.Schema<string> {
  return z.custom<string>((value) => typeof value === "string", says(otherwise));
}

/** A text that matches a pattern. */
export function matching(form: RegExp, expected: ValueProblem): Schema {
  return valueThat((value) => typeof value === "string" && form.test(value), expected);
}

export function func(expected: ValueProblem = tellValue("not_function")): Schema {
  return valueThat((value) => typeof value === "function", expected);
}

/** One of several literals, for example `"warn"` or `false`. */
export function oneOf(...allowed: readonly (string | number | boolean)[]): Schema {
  return valueThat(
    (value) => allowed.some((one) => one === value),
    () => tellValue("not_one_of", { allowed }),
  );
}

/** An object that has these methods, and perhaps further fields. */
export function withMethods(names: readonly string[], expected: ValueProblem): Schema {
  return z.object(Object.fromEntries(names.map((name) => [name, func()])), says(expected));
}

/**
 * The check of a logger that takes the message as its first argument. pino is refused, because it expects the fields as
 * its first argument and would drop fields that come second.
 */
export function logger(): Schema {
  const isNoPino = valueThat((value) => !(PINO in Object(value)), tellValue("pino_unwrapped"));
  return z.checked(isNoPino, checkedBy(withLevels()));
}

/** pino marks each of its loggers with this symbol, in every version. */
const PINO = Symbol.for("pino.serializers");

/** The check of a logger that takes either the message or the fields as its first argument. */
export function withLevels(): Schema {
  return withMethods(["debug", "info", "warn", "error"], tellValue("not_logger"));
}

export function signal(): Schema {
  return withMethods(["addEventListener", "removeEventListener"], tellValue("not_signal"));
}

export function ledger(): Schema {
  return withMethods(["get", "replace", "entries", "readNote", "close"], tellPart("not_ledger"));
}

/** The check of a store for {@link createLedger}. */
export function store(): Schema {
  return withMethods(["get", "replace", "entries"], tellPart("not_ledger_store"));
}

/** A list or a stream: anything whose items can be read one after the other. */
export function iterable(): Schema {
  return valueThat(isIterable, tellPart("not_iterable"));
}

/** The check of a function that returns the time. */
export function clock(): Schema {
  return valueThat(isClock, tellPart("not_clock"));
}

function isClock(value: unknown): boolean {
  try {
    return typeof value === "function" && Number.isFinite(value());
  } catch {
    return false;
  }
}

/**
 * The problems in an error that `map` threw, if a validator made the error (Zod, Valibot, or this package): such an
 * error has a list of `issues` with paths. Undefined for any other error. A foreign validator's message may quote
 * personal data, so only the messages of an OpleadError are kept.
 */
export function issuesIn(error: unknown, isOurs: boolean): OpleadIssue[] | undefined {
  const issues = isObject(error) ? error.issues : undefined;
  if (!Array.isArray(issues) || issues.length === 0) return undefined;
  return issues.slice(0, 100).map((found: OpleadIssue | null) => {
    const path = readPath(found?.path);
    return isOurs && found ? { ...found, path } : issueAt(path, tellValue("invalid"));
  });
}

function readPath(path: unknown): string {
  const names = Array.isArray(path) ? path.map(nameOf) : typeof path === "string" ? [path] : [];
  return names.map(shownName).join(".");
}

/** Valibot's path items are objects with a field `key`. */
function nameOf(item: unknown): string {
  return String(isObject(item) && "key" in item ? item.key : item);
}

/**
 * The interface that many validators have in common (standardschema.dev, version 1). Through this interface, forms,
 * routers and other schemas can use a check of this package.
 */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    /** Returns the value unchanged, or every problem with its path. */
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: Output; readonly issues?: undefined }
      | { readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[] };
    readonly types?: { readonly input: Output; readonly output: Output } | undefined;
  };
}

/**
 * A schema of any validator with the Standard Schema interface, version 1: Zod, Valibot, ArkType and others. It may be
 * asynchronous, and its output may differ from its input.
 */
export interface InputSchema<Output> {
  readonly "~standard": {
    readonly vendor: string;
    readonly validate: (value: unknown) => InputSchemaResult<Output> | Promise<InputSchemaResult<Output>>;
  };
}

/** The result of an {@link InputSchema}: the output, or every problem. */
export type InputSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly object[] };

/** Makes a Standard Schema from a check of this package. A value without problems has the type `Output`. */
export function standardSchema<Output>(find: FindIssues): StandardSchema<Output> {
  return {
    "~standard": {
      version: 1,
      vendor: "oplead-sdk",
      validate: (value) => {
        const issues = find(value);
        if (issues.length === 0) return { value: value as Output }; // what the check has just found
        return { issues: issues.map(({ path, ...problem }) => ({ ...problem, path: segmentsOf(path) })) };
      },
    },
  };
}

/**
 * Splits a path such as `handledCountries[0].code` into its parts. This is possible because no checked field has a dot
 * or a bracket in its name.
 */
function segmentsOf(path: string): PropertyKey[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) => (index === undefined ? name : Number(index)));
}
