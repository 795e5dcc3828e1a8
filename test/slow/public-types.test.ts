import { expect, it } from "vitest";
import { compilerOptions } from "../../tsconfig.json" with { type: "json" };
import { hiddenTypes } from "./public-types.ts";

/**
 * Types that need no name of their own. They pair codes with parameters, and what comes of them has a name: IssueCode,
 * IssueParameters, Advice. OnlyKnownKeys and its OtherKeys ask something of a callback's result, which has names: MappedEvent, MappedRecord.
 */
const UNNAMED = new Set(["Coded", "IssueTexts", "OnlyKnownKeys", "OtherKeys", "ParametersOf", "Texts", "RuleName"]);

it("every type that a public signature reaches can be imported", () => {
  const entries = Object.entries(compilerOptions.paths).flatMap(([name, files]) =>
    name.startsWith("oplead-sdk") ? files.map((file) => file.replace("./", "")) : [],
  );
  const hidden = hiddenTypes(entries);
  expect(hidden.filter(({ name }) => !UNNAMED.has(name))).toEqual([]);
});
