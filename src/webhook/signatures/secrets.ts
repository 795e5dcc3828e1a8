import { HEADER_NAME } from "../../header-names.ts";
import { listOf, number, type Schema, valueThat, valueWithout } from "../../validation/validate.ts";
import { isMissing } from "../../validation/value-problems.ts";

/** The schema of the shared secrets. An empty secret would let anyone sign. */
export function secretsSchema(): Schema {
  return listOf(valueWithout(secretProblem), "must be a list with at least one secret");
}

function secretProblem(secret: unknown): string | undefined {
  if (isMissing(secret)) return "is missing: is the environment variable set?";
  if (typeof secret === "string") return secret.trim() === "" ? "is empty" : undefined;
  if (!(secret instanceof Uint8Array)) return "must be text or bytes";
  return secret.length === 0 ? "is empty" : undefined;
}

/** The schema of a tolerance in seconds. */
export function toleranceSchema(): Schema {
  return number(1, 10 * 365 * 24 * 60 * 60);
}

/** The schema of a header's name. */
export function headerSchema(): Schema {
  return valueThat((name) => typeof name === "string" && HEADER_NAME.test(name), "must be the name of a header");
}
