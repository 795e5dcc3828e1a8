import { describe, it } from "vitest";
import { expectOneUserPerAccount, faultCases } from "../support/fault-matrix.ts";

describe("one user per account whatever fails, on PUT and POST alike", () => {
  it.each(faultCases)("$name $when acting", async (fault) => {
    await expectOneUserPerAccount(fault, () => true, 250);
  });
});
