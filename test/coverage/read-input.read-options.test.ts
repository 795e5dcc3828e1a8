import { expect, it } from "vitest";
import { type CoverageUser, coverage } from "../../src/coverage/index.ts";
import { failureOf } from "../support/failure.ts";
import { countries } from "./worlds.ts";

const universe = { countries };
const one: CoverageUser = { user: { accountNumber: "A", address: { zipCode: "29000", country: { code: "FR" } } } };

it.each([
  ["an option with a typing error", { universe, locat: 3 }, "locat"],
  ["an assumption with a typing error", { universe, assumptions: { absentrule: "admits_none" } }, "assumptions"],
  [
    "a value that an assumption does not have",
    { universe, assumptions: { absentRule: "none" } },
    "assumptions.absentRule",
  ],
  ["a rule that does not exist", { universe, assumptions: { enabledRules: ["geo"] } }, "assumptions.enabledRules"],
  ["a detour factor of 0", { universe, assumptions: { detourFactor: 0 } }, "assumptions.detourFactor"],
  ["a list with a typing error", { universe: { countries, range: ["RNG_A"] } }, "universe"],
  ["a universe that was forgotten", {}, "universe"],
  ["a country without counties", { universe: { countries: [{ code: "FR" }] } }, "universe.countries"],
])("coverage() refuses %s, because its figures would be wrong", async (_what, options, path) => {
  const { code, issues } = await failureOf(coverage([one], options as never));
  expect(code).toBe("invalid_options");
  expect(issues?.[0]?.path).toContain(path);
});
