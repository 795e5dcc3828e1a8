import { describe, it } from "vitest";
import { expectOneUserPerAccount, faultCases } from "../support/fault-matrix.ts";

const ON = { PUT: "PUT", POST: "POST", both: () => true } as const;

describe.each(Object.entries(ON))("one user per account whatever fails, on %s", (_name, on) => {
  it.each(faultCases)("$name $when acting", async (fault) => {
    await expectOneUserPerAccount(fault, on, 1000);
  });
});
