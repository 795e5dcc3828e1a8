import { tellPart, tellValue } from "../locales/en/core.ts";
import type { IssueParameters } from "../locales/issue-texts.ts";
import { invalid, type OpleadErrorDetails } from "./errors.ts";
import { issueAt, type OpleadIssue, shownName, type ValueProblem } from "./issues.ts";
import { isIterable, isObject, isRecord } from "./values.ts";
import * as z from "./zod.ts";

// Only this file makes issues of what zod finds. Their messages never quote a value, which may be secret or personal.
// The value that zod returns is ignored: docs/explain/decisions.md says why.

export type Schema = z.Schema;

export type Fields = Readonly<Record<string, Schema>>;

type OptionalNames<Options> = {
  [Name in keyof Options]-?: Partial<Pick<Options, Name>> extends Pick<Options, Name> ? Name : never;
}[keyof Options];

// This type compiles only with exactly the optional options.
export type OptionalKinds<Options> = unknown extends Options
  ? Fields
  : { readonly [Name in OptionalNames<Options>]: Schema };

export type RequiredKinds<Options> = unknown extends Options
  ? Fields
  : { readonly [Name in Exclude<keyof Options, OptionalNames<Options>>]: Schema };

// Binds a schema to the type of its options.
export type OptionsSchema<Options> = Schema & { readonly [DESCRIBED]?: (options: Options) => Options };
declare const DESCRIBED: unique symbol;

export type FindIssues = (value: unknown) => OpleadIssue[];

// The schema is built at the first check, so that the package is imported quickly.
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
    // The function reads only the input of an issue. What a foreign schema answers is checked below.
    const told: unknown = params ?? error?.(issue as never);
    return { path, problem: isProblem(told) ? told : tellValue("invalid") };
  });
}

function isProblem(told: unknown): told is ValueProblem {
  return isObject(told) && "code" in told && "message" in told;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

export function says(problem: ValueProblem | ((value: unknown) => ValueProblem)): z.Saying {
  return { error: ({ input }) => (typeof problem === "function" ? problem(input) : problem) };
}

export function report({ value, issues }: z.Payload, problem: ValueProblem, path: readonly PropertyKey[] = []): void {
  const { message } = problem;
  // `continue: true` makes zod go on with further checks of the value.
  issues.push({ code: "custom", input: value, message, params: problem, path: [...path], continue: true });
}

export function requireNoIssues(what: string, issues: readonly OpleadIssue[], details?: OpleadErrorDetails): void {
  if (issues.length > 0) throw invalid("invalid_options", what, issues, details);
}

export function optionsCheck<Options>(where: string, build: () => OptionsSchema<Options>): (given: Options) => void {
  const find = issueFinder(build);
  return (given) => requireNoIssues(`${where}: wrong options`, find(given));
}

export function argumentsCheck(where: string, build: () => Fields): (given: Readonly<Record<string, unknown>>) => void {
  const find = issueFinder(() => z.object(build()));
  return (given) => {
    const issues = find(given);
    if (issues.length > 0) throw invalid("invalid_input", `${where}: wrong arguments`, issues);
  };
}

// An option that is `undefined` counts as omitted, unless it is required. `gone`: options of earlier versions.
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
  // This check is smaller than zod's `catchall`, and sees inherited options too.
  return z.checked(record(expected), checkedBy(z.object(shape)), (payload) => {
    for (const name in Object(payload.value)) {
      if (!Object.hasOwn(shape, name)) report(payload, tellValue("unknown_option", { known }), [name]);
    }
  });
}

type MoreOfOptions<Options> = [
  ...(unknown extends Options
    ? [required?: Fields]
    : Exclude<keyof Options, OptionalNames<Options>> extends never
      ? [required?: Fields]
      : [required: RequiredKinds<Options>]),
  expected?: ValueProblem,
  gone?: Readonly<Record<string, ValueProblem>>,
];

export function record(expected: ValueProblem = tellValue("not_object")): Schema {
  return valueThat(isRecord, expected);
}

export function listOf(schema: Schema, expected: ValueProblem): Schema {
  const isFilled = z.refine<readonly unknown[]>((list) => list.length > 0, says(expected));
  return z.checked(z.array(schema, says(expected)), isFilled);
}

export function falseOr(schema: Schema): Schema {
  return unless((value) => value === false, schema);
}

export function unless(isFine: (value: unknown) => boolean, schema: Schema): Schema {
  const check = checkedBy(schema);
  return z.checked(z.custom(), (payload) => {
    if (!isFine(payload.value)) check(payload);
  });
}

export function checkedBy(schema: Schema): (payload: z.Payload) => void {
  return (payload) => {
    for (const issue of z.issuesOf(schema, payload.value)) payload.issues.push({ ...issue, continue: true });
  };
}

export function valueWithout(problemOf: (value: unknown) => ValueProblem | undefined): Schema {
  return z.checked(z.custom(), (payload) => {
    const problem = problemOf(payload.value);
    if (problem) report(payload, problem);
  });
}

// `expected` is a function if its text has numbers or lists, because the first one to format takes time.
export function valueThat(isFine: (value: unknown) => boolean, expected: ValueProblem | (() => ValueProblem)): Schema {
  return z.custom(isFine, says(expected));
}

// Longest wait of a timer (2³¹ − 1): with a longer one it fires at once. Bundlers keep an unused `2 ** 31 - 1`.
export const MAX_TIMER_MS = 2_147_483_647;

export function number(min: number, max: number): Schema {
  return valueThat(
    (value) => isWithin(value, min, max),
    () => tellValue("not_number", { min, max }),
  );
}

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

export function filledText(): Schema {
  return valueWithout((value) => {
    if (typeof value !== "string") return tellValue("not_text");
    return value.trim() === "" ? tellValue("empty") : undefined;
  });
}

// This schema is smaller than zod's own, which knows patterns and lengths.
export function textOr(otherwise: ValueProblem | ((value: unknown) => ValueProblem)): z.Schema<string> {
  return z.custom<string>((value) => typeof value === "string", says(otherwise));
}

export function matching(form: RegExp, expected: ValueProblem): Schema {
  return valueThat((value) => typeof value === "string" && form.test(value), expected);
}

export function func(expected: ValueProblem = tellValue("not_function")): Schema {
  return valueThat((value) => typeof value === "function", expected);
}

export function oneOf(...allowed: readonly (string | number | boolean)[]): Schema {
  return valueThat(
    (value) => allowed.some((one) => one === value),
    () => tellValue("not_one_of", { allowed }),
  );
}

export function withMethods(
  names: readonly string[],
  expected: ValueProblem,
  optional: readonly string[] = [],
): Schema {
  const shape = Object.fromEntries(names.map((name) => [name, func()]));
  for (const name of optional) shape[name] = z.optional(func());
  return z.object(shape, says(expected));
}

export function logger(): Schema {
  const isNoPino = valueThat((value) => !(PINO in Object(value)), tellValue("pino_unwrapped"));
  return z.checked(isNoPino, checkedBy(withLevels()));
}

// A symbol that each logger of pino has, in every version.
const PINO = Symbol.for("pino.serializers");

export function withLevels(): Schema {
  return withMethods(["debug", "info", "warn", "error"], tellValue("not_logger"));
}

export function signal(): Schema {
  return withMethods(["addEventListener", "removeEventListener"], tellValue("not_signal"));
}

export function ledger(): Schema {
  return withMethods(["get", "replace", "entries", "readNote", "close"], tellPart("not_ledger"));
}

export function store(): Schema {
  const optional = ["replaceBoth", "getInfo", "setInfo", "lease", "close"];
  return withMethods(["get", "replace", "entries"], tellPart("not_ledger_store"), optional);
}

export function iterable(): Schema {
  return valueThat(isIterable, tellPart("not_iterable"));
}

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

// Reads the issues of a thrown error. A foreign message may quote personal data, so only messages of an OpleadError are
// kept.
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

// Names a part of a path. Valibot's path items have a `key`.
function nameOf(item: unknown): string {
  return String(isObject(item) && "key" in item ? item.key : item);
}

/**
 * The interface that many validators have in common (standardschema.dev, version 1). Forms, routers and other schemas
 * can use a check of this package by it.
 */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    /** Returns the value unchanged, or every problem with its path, and `code` and `parameters` as {@link OpleadIssue} has them. */
    readonly validate: (value: unknown) =>
      | { readonly value: Output; readonly issues?: undefined }
      | {
          readonly issues: readonly {
            // `Coded & { path }` costs a consumer's compiler 5,000 instantiations.
            readonly [Code in keyof IssueParameters]: {
              readonly path: readonly PropertyKey[];
              readonly code: Code;
              readonly parameters: IssueParameters[Code];
              readonly message: string;
            };
          }[keyof IssueParameters][];
        };
    readonly types?: { readonly input: Output; readonly output: Output } | undefined;
  };
}

/**
 * Schema of a validator with the Standard Schema interface, version 1: Zod, Valibot, ArkType and others. It may be
 * asynchronous, and its output may differ from its input.
 */
export interface InputSchema<Output> {
  readonly "~standard": {
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: Output; readonly issues?: undefined }
      | { readonly issues: readonly object[] }
      | Promise<{ readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly object[] }>;
  };
}

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

// The path can be split because no checked field has a dot or a bracket in its name.
function segmentsOf(path: string): PropertyKey[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) => (index === undefined ? name : Number(index)));
}
