import { it } from "vitest";
import { expectOneUserPerAccount, faultCases } from "../support/fault-matrix.ts";

const ON = { PUT: "PUT", POST: "POST", "both PUT and POST": () => true } as const;

for (const [requests, on] of Object.entries(ON)) {
  for (const fault of faultCases) {
    it.concurrent(`an upsert creates one user per account when the fault is ${fault.name} ${fault.when} acting, on ${requests}`, () =>
      expectOneUserPerAccount(fault, on, 100, "http"));
  }
}
