import { it } from "vitest";
import { expectOneUserPerAccount, faultCases } from "../support/fault-matrix.ts";

// test/client/fault-matrix.behaviour.test.ts has faults on PUT alone and on POST alone.
for (const fault of faultCases) {
  it.concurrent(`an upsert over connections creates one user for the fault ${fault.name} ${fault.when} acting`, () =>
    expectOneUserPerAccount(fault, () => true, 100, "http"));
}
