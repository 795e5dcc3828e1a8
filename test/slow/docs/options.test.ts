// What a public docstring may not lose: unit, default, codes that exist, "assumed".
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import typedoc from "../../../docs/typedoc.json" with { type: "json" };
import { type Property, Types } from "../../../scripts/docs/interfaces.ts";
import { OPTION_TABLES, propertiesOf } from "../../../scripts/docs/options.ts";

const entries = typedoc.entryPoints.map((path) => path.replace("../", ""));
const types = new Types(entries);
const docstrings = new Map(entries.flatMap((file) => [...types.docstringsOf(file)]));
const options = OPTION_TABLES.flatMap((table) =>
  propertiesOf(types, table).map((property) => ({ ...property, place: `${table.name}.${property.name}` })),
);

// Without functions: `now`, `rowOf`.
const isOf = (pattern: RegExp, { type }: Property) => pattern.test(type) && !type.includes("=>");

test("each optional number or truth value of the options says its default", () => {
  const silent = options.filter(
    (option) =>
      option.optional &&
      isOf(/\b(?:number|boolean)\b/, option) &&
      option.defaultValue === undefined &&
      !option.text.startsWith("Overrides the client's "),
  );
  expect(silent.map(({ place }) => place)).toEqual([]);
  expect(options.length).toBeGreaterThan(200);
});

const UNIT =
  /\b(?:ms|milliseconds|seconds|hours|days|bytes|km|0 to 1|0 or more|attempts|calls|changes|ids|inhabitants|pages|people|postcodes|records|requests|users|row|port|number)\b/i;
const NAMED_UNIT = /(?:Ms|Seconds|Hours|Days|Bytes|Km|Factor)$/;

test("each number among the options has its unit in its docstring or in its name", () => {
  const numbers = options.filter((option) => isOf(/\bnumber\b/, option));
  expect(numbers.length).toBeGreaterThan(50);
  expect(
    numbers.filter(({ name, text }) => !NAMED_UNIT.test(name) && !UNIT.test(text)).map(({ place }) => place),
  ).toEqual([]);
});

test("each code in a public docstring exists", () => {
  const source = fileURLToPath(new URL("../../../src/", import.meta.url));
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  const code = files.map((path) => readFileSync(source + path, "utf8").replace(/\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm, ""));
  const known = new Set(code.flatMap((text) => text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []));
  const named = [...docstrings].flatMap(([place, text]) =>
    [...text.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, name = ""]) => ({ place, name })),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
});

// When Oplead documents one, take its name away.
const ASSUMED = `
  Country CountryDetails
  FakeLimit FakeOperation FakeOpleadOptions.disabledRules
  Oplead.setRules OpleadError.fromOplead Platform.auth Platform.envelope Platform.fields Platform.lateMs
  RuleBodies UserAddress UserFields.login UserFields.parentUserIdentifier UserProfile
  assumptionsOf createFakeOplead moveUsers realCountries
`;

test("a public docstring that says what is assumed goes on saying it", () => {
  const names = ASSUMED.trim().split(/\s+/);
  expect(names.filter((name) => !/\bassumed\b/i.test(docstrings.get(name) ?? ""))).toEqual([]);
});
