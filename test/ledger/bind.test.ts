import { describe, expect, it } from "vitest";
import { createOplead, type OpleadLogger } from "../../src/index.ts";
import { bindLedger as bindTo, describe as nameOf } from "../../src/ledger/bind.ts";
import type { Ledger, LedgerPlatform } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";

const staging = { baseUrl: "https://staging.example" };
const production = { baseUrl: "https://production.example", name: "France" };

interface Options {
  adoptPlatform?: boolean;
  readOnly?: boolean;
  logger?: OpleadLogger;
}

/** Binds a ledger to the platform of a client. */
async function bindLedger(ledger: Ledger, { baseUrl, name }: LedgerPlatform, { logger, ...how }: Options = {}) {
  await bindTo(ledger, createOplead({ token: "token", baseUrl, platform: name, logger }), how);
}

function lines() {
  const all: string[] = [];
  const write = (message: string): void => void all.push(message);
  return { all, logger: { debug: write, info: write, warn: write, error: write } };
}

describe("bindLedger", () => {
  it("bindLedger binds a ledger without a platform to the client's, and logs that once", async () => {
    const ledger = memoryLedger();
    const { all, logger } = lines();
    await bindLedger(ledger, staging, { logger });
    await bindLedger(ledger, staging, { logger });
    expect(await ledger.getInfo()).toMatchObject({ platform: staging });
    expect(all).toEqual([expect.stringContaining("now belongs to https://staging.example")]);
  });

  it("refuses a ledger of another platform, names both and says what to do", async () => {
    const ledger = memoryLedger();
    await bindLedger(ledger, staging);
    const error = await bindLedger(ledger, production).catch((error) => error);
    expect(error).toMatchObject({ code: "ledger_mismatch", retryable: false });
    expect(error.message).toContain(nameOf(staging));
    expect(error.message).toContain("https://production.example (France)");
    expect(error.message).toContain("adoptPlatform: true");
    expect(await ledger.getInfo()).toMatchObject({ platform: staging });
  });

  it("bindLedger refuses a client with another platform name, or none, under the same base URL", async () => {
    const ledger = memoryLedger();
    await bindLedger(ledger, production);
    for (const name of [undefined, "Belgium"]) {
      const platform = { baseUrl: production.baseUrl, name };
      await expect(bindLedger(ledger, platform)).rejects.toMatchObject({ code: "ledger_mismatch" });
    }
  });

  it("accepts another platform with adoptPlatform, and then refuses the former one", async () => {
    const ledger = memoryLedger();
    const { all, logger } = lines();
    await bindLedger(ledger, staging);
    await bindLedger(ledger, production, { adoptPlatform: true, logger });
    expect(all).toEqual([expect.stringContaining("adoptPlatform")]);
    await bindLedger(ledger, production);
    await expect(bindLedger(ledger, staging)).rejects.toMatchObject({ code: "ledger_mismatch" });
  });

  it("bindLedger neither compares nor writes if it may only read", async () => {
    const ledger = memoryLedger();
    await bindLedger(ledger, staging, { readOnly: true });
    expect(await ledger.getInfo()).toBeUndefined();
    await bindLedger(ledger, staging);
    await expect(bindLedger(ledger, production, { readOnly: true })).rejects.toMatchObject({ code: "ledger_mismatch" });
  });

  it("bindLedger asks a ledger once, and does not write one that belongs to the platform already", async () => {
    const ledger = memoryLedger();
    await bindLedger(ledger, staging);
    const { all, logger } = lines();
    let asked = 0;
    const again: Ledger = {
      ...ledger,
      getInfo: async () => {
        asked += 1;
        return ledger.getInfo();
      },
      setInfo: () => Promise.reject(new Error("must not be written")),
    };
    await bindLedger(again, staging, { logger });
    await bindLedger(again, staging, { logger });
    expect(asked).toBe(1);
    expect(all).toEqual([]);
  });
});

it("A platform is described by its base URL, and by its name if it has one", () => {
  expect(nameOf(staging)).toBe("https://staging.example");
  expect(nameOf(production)).toBe("https://production.example (France)");
});
