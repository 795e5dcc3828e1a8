import { tellValue } from "../locales/en/core.ts";
import type { ValueProblem } from "./issues.ts";
import { isObject } from "./values.ts";

/*
 * Descriptions of values, which find every problem of a value at once. They are called and behave as those of zod/mini, as far as the
 * package uses them, and copy nothing: the very value that was given is used and sent. docs/decisions/own-schemas.md says why they are not zod's.
 */

/** A problem of a value, or of a part of it. */
export interface Found {
  readonly path: readonly PropertyKey[];
  readonly problem: ValueProblem;
  /** Whether further checks of the value would only repeat it: a value that is not text has no length. */
  readonly isFinal: boolean;
}

/** A value under check, and what was found so far. */
export interface Payload<T = unknown> {
  readonly value: T;
  readonly issues: Found[];
}

type Check<T> = (payload: Payload<T>) => void;

/** Describes a value. */
export interface Schema<T = unknown> {
  /** Adds every problem of a value to the list. */
  readonly find: (value: unknown, issues: Found[]) => void;
  /** Whether a field with this schema may be missing. */
  readonly isOptional: boolean;
  /** The same with further checks, which are made one after the other until a problem is final. */
  check(...checks: readonly Check<T>[]): Schema<T>;
}

/** The problem of a value that does not fit. `abort`: then further checks are not made. */
export interface Saying {
  readonly problem?: ValueProblem | ((value: unknown) => ValueProblem);
  readonly abort?: boolean;
}

function schemaOf<T>(find: Schema["find"], isOptional = false): Schema<T> {
  const check: Schema<T>["check"] = (...checks) =>
    schemaOf((value, issues) => {
      let from = issues.length;
      find(value, issues);
      const payload = { value: value as T, issues };
      for (const one of checks) {
        for (; from < issues.length; from += 1) if (issues[from]?.isFinal) return;
        one(payload);
      }
    }, isOptional);
  return { find, isOptional, check };
}

function found(value: unknown, { problem = tellValue("invalid") }: Saying, isFinal: boolean): Found {
  return { path: [], problem: typeof problem === "function" ? problem(value) : problem, isFinal };
}

/** A value for which a function says that it is fine; without one, any value. */
export function custom<T = unknown>(isFine: (value: unknown) => boolean = () => true, saying: Saying = {}): Schema<T> {
  return schemaOf((value, issues) => {
    if (!isFine(value)) issues.push(found(value, saying, true));
  });
}

export function string(saying?: Saying): Schema<string> {
  return custom((value) => typeof value === "string", saying);
}

/** A value that may be undefined, and a field that may be missing. */
export function optional<T>({ find }: Schema<T>): Schema<T | undefined> {
  return schemaOf((value, issues) => {
    if (value !== undefined) find(value, issues);
  }, true);
}

/** An object with these fields. It may have others. */
export function object(shape: Readonly<Record<string, Schema>>, saying: Saying = {}): Schema<object> {
  const fields = Object.entries(shape);
  return schemaOf((value, issues) => {
    if (!isObject(value) || Array.isArray(value)) {
      issues.push(found(value, saying, true));
      return;
    }
    for (const [name, schema] of fields) {
      const before = issues.length;
      inside(name, schema, value[name], issues);
      const isMissing = !schema.isOptional && issues.length === before && !(name in value);
      if (isMissing) issues.push({ ...found(undefined, {}, true), path: [name] });
    }
  });
}

export function array<T = unknown>(item: Schema<T>, saying: Saying = {}): Schema<readonly T[]> {
  return schemaOf((value, issues) => {
    if (!Array.isArray(value)) issues.push(found(value, saying, true));
    else for (let at = 0; at < value.length; at += 1) inside(at, item, value[at], issues);
  });
}

/** A list with one item for each of the schemas. */
export function tuple(items: readonly Schema[], saying: Saying = {}): Schema<readonly unknown[]> {
  return schemaOf((value, issues) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    if (list.length !== items.length) issues.push(found(value, saying, true));
    if (list.length < items.length) return;
    for (const [at, item] of items.entries()) inside(at, item, list[at], issues);
  });
}

/** A check of a value that has the right type. */
export function refine<T>(isFine: (value: T) => boolean, saying: Saying = {}): Check<T> {
  return ({ value, issues }) => {
    if (!isFine(value)) issues.push(found(value, saying, saying.abort === true));
  };
}

/** Finds the problems of a part, with their paths in the whole. */
function inside(part: PropertyKey, { find }: Schema, value: unknown, issues: Found[]): void {
  const before = issues.length;
  find(value, issues);
  for (let at = before; at < issues.length; at += 1) {
    const issue = issues[at] as Found;
    issues[at] = { ...issue, path: [part, ...issue.path] };
  }
}
