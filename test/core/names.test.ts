import { expect, it } from "vitest";
import { addressOf, DOCUMENTED_ADDRESS } from "../../src/core/names.ts";

it("the address of a client is the given one, or else that of the environment, or else the documented one", () => {
  expect(addressOf("https://a.example", "https://b.example")).toBe("https://a.example");
  expect(addressOf(undefined, "https://b.example")).toBe("https://b.example");
  for (const empty of [undefined, ""]) expect(addressOf(undefined, empty)).toBe(DOCUMENTED_ADDRESS);
  // An empty option is a mistake, so it is kept and then refused, not replaced by the default.
  expect(addressOf("", undefined)).toBe("");
});
