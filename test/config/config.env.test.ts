import { expect, it, vi } from "vitest";
import { env } from "../../src/config/index.ts";

it("env() throws an error with the name of an unset variable unless the command loads the config", () => {
  expect(() => env("OPL_TEST_ABSENT")).toThrow(
    expect.objectContaining({
      code: "invalid_options",
      issues: [
        {
          path: "OPL_TEST_ABSENT",
          code: "variables_not_set",
          parameters: { names: ["OPL_TEST_ABSENT"] },
          message: "the environment variable OPL_TEST_ABSENT is not set",
        },
      ],
    }),
  );
});

it("env() gives the variable, or the default if it is not set", () => {
  vi.stubEnv("OPL_TEST_PRESENT", "value");
  expect([env("OPL_TEST_PRESENT"), env("OPL_TEST_PRESENT", "d"), env("OPL_TEST_ABSENT", "d")]).toEqual([
    "value",
    "value",
    "d",
  ]);
  vi.unstubAllEnvs();
});

it.each([undefined, "", 7, null])("env() refuses %s as a name", (name) => {
  expect(() => env(name as string)).toThrow(expect.objectContaining({ code: "invalid_options" }));
});
