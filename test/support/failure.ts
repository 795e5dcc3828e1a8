import { expect } from "vitest";
import { isOpleadError, type OpleadError } from "../../src/index.ts";

export async function failureOf(call: Promise<unknown> | (() => Promise<unknown>)): Promise<OpleadError> {
  const outcome: unknown = await (typeof call === "function" ? call() : call).then(
    () => "success",
    (error: unknown) => error,
  );
  expect(outcome).toSatisfy(isOpleadError);
  return outcome as OpleadError;
}
