import { type FakeOperation, operationTable } from "../../src/testing/api/operations.ts";
import { labelOf } from "./view.ts";

export { type FakeOperation, operationNames } from "../../src/testing/api/operations.ts";

/** `POST /v1/users`, as the operation is called in view.ts and in reports. */
export function labelOfRelied(name: FakeOperation): string {
  const { method, path } = operationTable[name];
  return labelOf(method, path);
}
