import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as zod from "zod/mini";
import { issueAt } from "../../src/core/issues.ts";
import * as own from "../../src/core/schema.ts";
import { tellValue } from "../../src/locales/en/core.ts";

/** A schema in the form of both. */
interface Both {
  readonly own: own.Schema;
  readonly zod: zod.ZodMiniType;
}

const isShort = (value: unknown) => (JSON.stringify(value) ?? "").length < 5;
const leaf = fc.constantFrom<(() => Both)[]>(
  () => ({ own: own.string(), zod: zod.string() }),
  () => ({ own: own.custom(), zod: zod.custom() }),
  () => ({ own: own.custom(isShort), zod: zod.custom(isShort) }),
  () => ({ own: own.string().check(own.refine(isShort)), zod: zod.string().check(zod.refine(isShort)) }),
);

const schemas = fc.letrec<{ schema: () => Both }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie("schema").map((inner) => () => ({ own: own.optional(inner().own), zod: zod.optional(inner().zod) })),
    tie("schema").map((inner) => () => ({ own: own.array(inner().own), zod: zod.array(inner().zod) })),
    fc.tuple(tie("schema"), fc.boolean()).map(([inner, abort]) => () => {
      const isPair = (list: readonly unknown[]) => list.length === 2;
      const isMany = (list: readonly unknown[]) => list.length > 1;
      return {
        own: own.array(inner().own).check(own.refine(isPair, { abort }), own.refine(isMany)),
        zod: zod.array(inner().zod).check(zod.refine(isPair, { abort }), zod.refine(isMany)),
      };
    }),
    // Those of zod/mini may be shorter where their last items are optional.
    fc.array(leaf, { minLength: 1, maxLength: 3 }).map((items) => () => {
      const [first, ...others] = items.map((item) => item());
      return {
        own: own.tuple([first as Both, ...others].map((one) => one.own)),
        zod: zod.tuple([(first as Both).zod, ...others.map((one) => one.zod)]),
      };
    }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("schema")).map((fields) => () => {
      const all = Object.entries(fields).map(([name, field]) => [name, field()] as const);
      return {
        own: own.object(Object.fromEntries(all.map(([name, field]) => [name, field.own]))),
        zod: zod.object(Object.fromEntries(all.map(([name, field]) => [name, field.zod]))),
      };
    }),
  ),
})).schema;

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<unknown[]>("", "text", 7, 700, null, undefined, true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("value")),
  ),
})).value;

/** Where something is wrong, in the order in which it is told. */
function ownPaths(schema: own.Schema, value: unknown): string[] {
  const issues: own.Found[] = [];
  schema.find(value, issues);
  return issues.map(({ path }) => JSON.stringify(path));
}

function zodPaths(schema: zod.ZodMiniType, value: unknown): string[] {
  return (zod.safeParse(schema, value).error?.issues ?? []).map(({ path }) => JSON.stringify(path));
}

describe("a schema", () => {
  it("finds problems at the places where the same schema of zod/mini finds them", () => {
    fc.assert(
      fc.property(schemas, values, (make, value) => {
        const both = make();
        expect(ownPaths(both.own, value)).toEqual(zodPaths(both.zod, value));
      }),
      { numRuns: 1_000 },
    );
  });

  it("says of a value for which no problem was named that it is not valid", () => {
    const issues: own.Found[] = [];
    own.object({ size: own.string() }).find({ size: 1 }, issues);
    expect(issues).toEqual([{ path: ["size"], problem: tellValue("invalid"), isFinal: true }]);
    expect(issueAt("size", tellValue("invalid")).message).toBe("is not valid");
  });
});
