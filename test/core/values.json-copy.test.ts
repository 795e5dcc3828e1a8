import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonCopy } from "../../src/core/values.ts";

const throughJson = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;

const values = fc.anything({
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSparseArray: true,
  withUnicodeString: true,
} as fc.ObjectConstraints);

it("jsonCopy gives what JSON.parse reads from JSON.stringify, for any object", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), values), (value) => {
      expect(jsonCopy(value)).toStrictEqual(throughJson(value));
    }),
    { numRuns: 2_000 },
  );
});

it.for([
  ["a negative zero", { a: -0 }],
  ["numbers that JSON does not have", { a: [Number.NaN, Number.POSITIVE_INFINITY] }],
  ["what JSON leaves out", { a: undefined, b: () => 1, c: [undefined, () => 1, Symbol("s")] }],
  ["a list with a gap", { a: new Array(2) }],
  ["an object with a form of its own", { a: { toJSON: () => "b" }, c: Object.assign([1], { toJSON: () => 2 }) }],
  ["an object that inherits a form", Object.create({ toJSON: () => ({ a: 1 }) })],
  ["a field that is named like the prototype", JSON.parse('{"__proto__":{"a":1}}')],
  ["half of a surrogate pair", { a: "\ud800" }],
  ["fields that are numbers", { 2: "b", 1: "a", x: "c" }],
] as const)("jsonCopy writes and reads %s as JSON does", ([, value]) => {
  expect(jsonCopy(value)).toStrictEqual(throughJson(value));
  expect(Object.keys(jsonCopy(value) as object)).toEqual(Object.keys(throughJson(value) as object));
});

it("jsonCopy throws for a circular object and a BigInt, as JSON.stringify does", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => jsonCopy(circle)).toThrow(TypeError);
  expect(() => jsonCopy({ a: 1n })).toThrow(TypeError);
});

it("the result of jsonCopy shares no object with the copied value", () => {
  const value = { address: { zipCode: "75001" }, list: [{ a: 1 }] };
  const copy = jsonCopy(value);
  value.address.zipCode = "69001";
  value.list.push({ a: 2 });
  expect(copy).toEqual({ address: { zipCode: "75001" }, list: [{ a: 1 }] });
});
