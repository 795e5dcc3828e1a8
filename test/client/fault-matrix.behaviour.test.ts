import { beforeEach, it } from "vitest";
import { expectOneUserPerAccount, faultCases } from "../support/fault-matrix.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

beforeEach(useVirtualTime);

const ON = { PUT: "PUT", POST: "POST", "both PUT and POST": () => true } as const;

for (const [requests, on] of Object.entries(ON)) {
  for (const fault of faultCases) {
    it(`an upsert creates one user when the fault is ${fault.name} ${fault.when} acting, on ${requests}`, () =>
      expectOneUserPerAccount(fault, on, Math.max(40, 2 / fault.share)));
  }
}
