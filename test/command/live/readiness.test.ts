import { expect, it } from "vitest";
import { CommandError } from "../../../src/command/exit.ts";
import { Readiness } from "../../../src/command/live/readiness.ts";
import { OpleadError } from "../../../src/index.ts";

it("readiness runs each check once in five seconds, and all who ask get the same result", async () => {
  let now = 0;
  let checked = 0;
  const readiness = new Readiness({ ledger: async () => (checked += 1) }, () => now);
  for (; now < 60_000; now += 1_000) expect(await readiness.ask()).toEqual({ ledger: undefined });
  expect(checked).toBe(10);
});

it("readiness gives the code of each problem, and the message only if the error is the package's own", async () => {
  const readiness = new Readiness(
    {
      ledger: async () => {
        throw new OpleadError("ledger_unavailable", "The ledger's Redis failed (ECONNREFUSED).");
      },
      worker: async () => {
        throw new CommandError("worker_silent", "The worker has not reached Redis lately.");
      },
      own: async () => {
        throw new Error("postgres://app:s3cret@db/oplead refused zoe@dealers.example");
      },
      hanging: () => new Promise(() => {}),
      fine: async () => {},
    },
    () => 0,
    20,
  );
  expect(await readiness.ask()).toEqual({
    ledger: { code: "ledger_unavailable", message: "The ledger's Redis failed (ECONNREFUSED)." },
    worker: { code: "worker_silent", message: "The worker has not reached Redis lately." },
    own: { code: "failed", message: "It failed." },
    hanging: { code: "timeout", message: "No answer within 0.02 s." },
    fine: undefined,
  });
});
