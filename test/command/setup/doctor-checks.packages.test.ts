import { expect, it } from "vitest";
import { packageCheck, queueChecks } from "../../../src/command/setup/doctor-checks.ts";
import { createOplead } from "../../../src/index.ts";
import { createLedger, type Ledger, memoryLedger } from "../../../src/sync/index.ts";
import { smallStore } from "../../support/ledger-contract.ts";

it.each([
  [true, "broken"],
  [false, "warning"],
])("if a package cannot be loaded (needed: %s), doctor reports it as %s", async (isNeeded, state) => {
  const load = () => Promise.reject(new Error("no native build was found"));
  expect(await packageCheck("classic-level", "3", "the file ledger", load, isNeeded)).toMatchObject({
    state,
    code: "package_missing",
    fix: "npm install classic-level@3",
  });
});

it("doctor says that a queue needs a ledger that processes share", async () => {
  const leased = { ...smallStore(), lease: async () => ({ left: () => 1, release: async () => {} }) };
  const said = async (ledger: string | Ledger | undefined) => {
    const queue = { redis: "redis://127.0.0.1:1", encryptionKey: false as const, timeoutMs: 1 };
    const checks = await queueChecks(createOplead({ token: "t" }), { queue, ledger } as never);
    return checks.filter(({ code }) => code === "ledger_not_shared").map(({ state }) => state);
  };
  expect(await said(undefined)).toEqual(["broken"]);
  expect(await said("./oplead-ledger")).toEqual(["broken"]);
  expect(await said(memoryLedger())).toEqual(["warning"]);
  expect(await said(createLedger(smallStore()))).toEqual(["warning"]);
  expect(await said(createLedger(leased))).toEqual([]);
});
