import { expect, it } from "vitest";
import { addressOf, DOCUMENTED_ADDRESS } from "../../src/core/names.ts";

it("a client's address is the given one, or else the environment's, or else the documented one", () => {
  expect(addressOf("https://a.example", "https://b.example")).toBe("https://a.example");
  expect(addressOf(undefined, "https://b.example")).toBe("https://b.example");
  for (const empty of [undefined, ""]) expect(addressOf(undefined, empty)).toBe(DOCUMENTED_ADDRESS);
  // An empty option is a mistake: it is kept, and refused later.
  expect(addressOf("", undefined)).toBe("");
});
