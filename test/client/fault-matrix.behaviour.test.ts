import { beforeEach, it } from "vitest";
import { expectOneUserPerAccount, faultCases } from "../support/fault-matrix.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

beforeEach(useVirtualTime);

// test/slow has the long form, through real connections.
for (const fault of faultCases) {
  it(`an upsert creates one user per account when the fault is ${fault.name} ${fault.when} acting`, () =>
    expectOneUserPerAccount(fault, () => true, Math.max(40, 0.6 / fault.share), "fetch"));
}
