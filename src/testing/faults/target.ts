import { isOperationName } from "../api/operations.ts";
import type { FakeTarget } from "../types/fault.ts";
import type { FakeRequest } from "../types/request.ts";

/** Whether a request is meant by a target. */
export type Matcher = (request: FakeRequest) => boolean;

/** @throws TypeError for a misspelt target: it would match nothing, and the test that relies on it would pass for no reason. */
export function matcher(on: FakeTarget | undefined): Matcher {
  if (on === undefined) return () => true;
  if (typeof on === "function") return on;
  if (on === "setRules") return ({ operation }) => operation?.endsWith("Rule") ?? false;
  if (isOperationName(on)) return ({ operation }) => operation === on;
  if (!/^[A-Z]+$/.test(on)) throw new TypeError(`No operation or HTTP method is called "${on}".`);
  return ({ method }) => method === on;
}
