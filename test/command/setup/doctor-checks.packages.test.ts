import { expect, it } from "vitest";
import { packageCheck } from "../../../src/command/setup/doctor-checks.ts";

it.each([
  [true, "broken"],
  [false, "warning"],
])("if a package cannot be loaded (needed: %s), doctor reports it as %s", async (isNeeded, state) => {
  const load = () => Promise.reject(new Error("no native build was found"));
  expect(await packageCheck("classic-level", "3", "the file ledger", load, isNeeded)).toMatchObject({
    state,
    code: "package_missing",
    fix: "npm install classic-level@3",
  });
});
