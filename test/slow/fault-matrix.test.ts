import { describe, it } from "vitest";
import { expectOneUserPerAccount, faultCases } from "../upsert/fault-matrix.ts";

describe.each(["PUT", "POST"] as const)("one user per account whatever fails, on %s alone", (method) => {
  it.each(faultCases)("$name $when acting", async (fault) => {
    await expectOneUserPerAccount(fault, method);
  });
});
