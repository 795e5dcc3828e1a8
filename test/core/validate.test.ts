import { expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { OpleadError } from "../../src/core/errors.ts";
import {
  boolean,
  falseOr,
  func,
  issueFinder,
  issuesIn,
  listOf,
  logger,
  number,
  oneOf,
  options,
  requireNoIssues,
  wholeNumber,
  withMethods,
} from "../../src/core/validate.ts";
import { tellPart, tellValue } from "../../src/locales/en/core.ts";
import { textsOf } from "../support/expect-problems.ts";

const findCoded = issueFinder(() =>
  options(
    {
      size: wholeNumber(1, 10_000),
      share: number(0, 1),
      strict: boolean(),
      checks: oneOf("warn", "error", false),
      retry: falseOr(options({ attempts: wholeNumber(1, 9) })),
      logger: logger(),
      now: func(),
    },
    { store: withMethods(["get", "set"], tellPart("not_ledger")) },
  ),
);
const findIssues = (value: unknown) => textsOf(findCoded(value));
const store = { get() {}, set() {} };

it("issueFinder finds every problem at once, each with its path", () => {
  const wrong = {
    size: 1.5,
    share: 2,
    strict: "yes",
    checks: "maybe",
    retry: { attempts: 0, tries: 1 },
    logger: { debug() {}, info() {}, warn() {} },
    now: 5,
  };
  expect(findIssues(wrong)).toEqual([
    { path: "store", message: expect.stringContaining("must be a ledger") },
    { path: "size", message: "must be a whole number from 1 to 10,000" },
    { path: "share", message: "must be a number from 0 to 1" },
    { path: "strict", message: "must be true or false" },
    { path: "checks", message: 'must be "warn" or "error" or false' },
    { path: "retry.attempts", message: "must be a whole number from 1 to 9" },
    { path: "retry.tries", message: "is not an option: there are attempts" },
    { path: "logger.error", message: "must be a function" },
    { path: "now", message: "must be a function" },
  ]);
});

it("issueFinder also finds an unknown option that an object inherits", () => {
  const given = Object.assign(Object.create({ sise: 1 }), { store });
  expect(findIssues(given)).toEqual([
    { path: "sise", message: expect.stringMatching(/^is not an option: there are store, size/) },
  ]);
});

it("issueFinder reports a field whose getter throws as a problem of the whole object", () => {
  const given = {
    get store(): never {
      throw new Error("s3cret");
    },
  };
  expect(findIssues(given)).toEqual([{ path: "", message: "cannot be read: one of its fields throws an error" }]);
});

it("issueFinder takes any schema of zod/mini, and replaces a message that is not the package's own", () => {
  const shape = { size: z.number("NOT SHOWN"), kind: z.literal(["a", "b"]) };
  const find = issueFinder(() => z.object(shape));
  expect(find({ size: 1, kind: "a" })).toEqual([]);
  expect(textsOf(find({ size: "s3cret", kind: "c" }))).toEqual([
    { path: "size", message: "is not valid" },
    { path: "kind", message: "is not valid" },
  ]);
});

it("issueFinder is not changed by an application that configures its own zod", () => {
  z.config({ customError: () => "of the application" });
  try {
    expect(findIssues({ store, size: "x" })).toEqual([
      { path: "size", message: "must be a whole number from 1 to 10,000" },
    ]);
  } finally {
    z.config({ customError: undefined });
  }
});

it("issueFinder compiles nothing at run time, because a content security policy would refuse that", () => {
  const compile = vi.fn();
  vi.stubGlobal("Function", compile);
  try {
    expect(issueFinder(() => options({ size: number(1, 2) }))({ size: 1 })).toEqual([]);
  } finally {
    vi.unstubAllGlobals();
  }
  expect(compile).not.toHaveBeenCalled();
});

it("issueFinder finds the problems of each item of a list, and refuses an empty list", () => {
  const coded = issueFinder(() => listOf(options({ size: number(1, 2) }), tellValue("not_list")));
  const find = (value: unknown) => textsOf(coded(value));
  expect(find([{ size: 1 }, { size: 3 }, 4])).toEqual([
    { path: "[1].size", message: "must be a number from 1 to 2" },
    { path: "[2]", message: "must be an object" },
  ]);
  expect(find([])).toEqual([{ path: "", message: "must be a list" }]);
  expect(find({ 0: { size: 1 } })).toEqual([{ path: "", message: "must be a list" }]);
});

it("requireNoIssues throws one invalid_options that lists every problem", () => {
  const issues = issueFinder(() => options({ a: func(), b: func() }))({ a: 1, b: 2 });
  let thrown: unknown;
  try {
    requireNoIssues("planSync: wrong options", issues, { operation: "planSync" });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(OpleadError);
  expect(thrown).toMatchObject({ code: "invalid_options", operation: "planSync", issues });
  expect(String(thrown)).toContain("planSync: wrong options\n  - a: must be a function\n  - b: must be a function");
});

it("issuesIn reads at most a hundred issues from an error, in whatever form the error has them", () => {
  const read = (issues: unknown, isOurs = false) => issuesIn({ issues }, isOurs);
  const code = "invalid";
  for (const none of [undefined, [], "x", {}]) expect(read(none)).toBeUndefined();
  for (const error of [null, undefined, "x", 5]) expect(issuesIn(error, true)).toBeUndefined();
  expect(read([{ path: "user.email" }, { path: "a b" }, { path: 5 }, null, {}])).toMatchObject([
    { path: "user.email", code },
    { path: "[…]", code },
    ...[
      { path: "", code },
      { path: "", code },
      { path: "", code },
    ],
  ]);
  expect(read([{ path: [null, "rows", 3, { key: "email" }, { key: "x@y" }, "y".repeat(81)] }])).toMatchObject([
    { path: "null.rows.3.email.[…].[…]", code },
  ]);
  expect(read([{ path: "rules", message: "must be a list" }], true)).toEqual([
    { path: "rules", message: "must be a list" },
  ]);
  expect(read([null], true)).toMatchObject([{ path: "", code }]);
  expect(read(Array.from({ length: 150 }, () => ({ path: "x" })))).toHaveLength(100);
});
