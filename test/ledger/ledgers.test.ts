import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Keyv from "keyv";
import { afterEach, describe, expect, it } from "vitest";
import { fileLedger, keyvLedger, type Ledger, memoryLedger } from "../../src/sync/index.ts";
import { failureOf } from "../support/failure.ts";
import { describeLedger, entriesOf, entry } from "../support/ledger-contract.ts";

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

function newPath(): string {
  const directory = mkdtempSync(join(tmpdir(), "oplead-ledger-"));
  directories.push(directory);
  return join(directory, "ledger");
}

describeLedger("memoryLedger", async () => memoryLedger());
describeLedger("fileLedger", async () => fileLedger(newPath()));
describeLedger("keyvLedger over a Map", async () => keyvLedger(new Keyv({ throwOnErrors: true })), false);
// Keyv's type says text, and Keyv itself takes undefined for none.
describeLedger(
  "keyvLedger without a namespace",
  async () => keyvLedger(new Keyv({ throwOnErrors: true, namespace: undefined as unknown as string })),
  false,
);

describe("fileLedger", () => {
  it("is there again after a close", async () => {
    const path = newPath();
    const first = fileLedger(path);
    await first.set("ACC-1", entry("1"));
    await first.close();
    const second = fileLedger(path);
    expect(await second.get("ACC-1")).toEqual(entry("1"));
    await second.close();
  });

  it("says so when another has it open, and works once that has ended", async () => {
    const path = newPath();
    const first = fileLedger(path);
    await first.set("ACC-1", entry("1"));
    const second = fileLedger(path);
    const error = await failureOf(() => second.get("ACC-1"));
    expect(error).toMatchObject({ code: "ledger_unavailable", retryable: true });
    expect(error.message).toContain("is in use: another process");
    await first.close();
    expect(await second.get("ACC-1")).toEqual(entry("1"));
    await second.close();
  });

  it("says so when another process has it open", async () => {
    const path = newPath();
    const ledger = fileLedger(path);
    await ledger.get("ACC-1");
    const script = `
      const { fileLedger } = await import("./src/sync/index.ts");
      await fileLedger(process.argv[1]).get("ACC-1").catch((error) => console.log(error.code, error.message));
    `;
    const told = execFileSync("npx", ["tsx", "--input-type=module", "-e", script, path], { encoding: "utf8" });
    expect(told).toContain("ledger_unavailable");
    expect(told).toContain("is in use: another process");
    await ledger.close();
  });

  it("creates nothing before it is used, and is closed for good", async () => {
    const path = newPath();
    const ledger = fileLedger(path);
    await ledger.close();
    expect((await failureOf(() => ledger.get("ACC-1"))).message).toContain("has been closed");
    const other = fileLedger(path);
    expect(await entriesOf(other)).toEqual([]);
    await other.close();
  });

  it("says so when the directory cannot be had", async () => {
    const error = await failureOf(() => fileLedger("/dev/null/ledger").get("ACC-1"));
    expect(error).toMatchObject({ code: "ledger_unavailable" });
    expect(() => fileLedger("")).toThrow("must be the path");
  });
});

describe("keyvLedger", () => {
  it("refuses a Keyv that hides errors: a store that is down would look empty", () => {
    expect(() => keyvLedger(new Keyv())).toThrow("throwOnErrors: must be true");
  });

  it("refuses a store that cannot list its keys", () => {
    const store = {
      get: async () => undefined,
      set: async () => true,
      delete: async () => true,
      clear: async () => {},
    };
    expect(() => keyvLedger(new Keyv(store as never, { throwOnErrors: true }))).toThrow("cannot list its keys");
  });

  it.each(["throws", "reports and answers as if nothing were there", "answers false"])(
    "fails when its store %s",
    async (how) => {
      const keyv = new Keyv({ throwOnErrors: true });
      const fail = async () => {
        if (how === "throws") throw new Error("store down");
        if (how.startsWith("reports")) keyv.emit("error", new Error("store down"));
        return how === "answers false" ? (false as never) : undefined;
      };
      const ledger = keyvLedger(keyv);
      keyv.get = fail as never;
      keyv.set = fail as never;
      expect(await failureOf(() => ledger.set("ACC-1", entry("1")))).toMatchObject({ code: "ledger_unavailable" });
      if (how !== "answers false") {
        expect(await failureOf(() => ledger.get("ACC-1"))).toMatchObject({ code: "ledger_unavailable" });
      }
    },
  );

  it("does not wait for ever", async () => {
    const keyv = new Keyv({ throwOnErrors: true });
    keyv.get = (() => new Promise(() => {})) as never;
    const error = await failureOf(() => keyvLedger(keyv, { timeoutMs: 20 }).get("ACC-1"));
    expect(error).toMatchObject({ code: "ledger_unavailable", cause: { message: "no answer within 20 ms" } });
  });

  it("closes the store's list when nobody reads on", async () => {
    const keyv = new Keyv({ throwOnErrors: true });
    await keyvLedger(keyv).set("ACC-1", entry("1"));
    let closed = 0;
    const list = keyv.iterator as unknown as () => AsyncIterable<unknown>;
    keyv.iterator = async function* () {
      try {
        yield* list.call(keyv);
      } finally {
        closed += 1;
      }
    } as never;
    for await (const _ of keyvLedger(keyv).entries()) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(1);
    keyv.iterator = (() => {
      throw new Error("cannot list");
    }) as never;
    expect(await failureOf(() => entriesOf(keyvLedger(keyv)))).toMatchObject({ code: "ledger_unavailable" });
  });

  it("shares its store with others and does not mistake their values for its own", async () => {
    const keyv = new Keyv({ throwOnErrors: true });
    await keyv.set("something", "else");
    await keyv.set("user/ACC-9", 9);
    const ledger: Ledger = keyvLedger(keyv);
    await ledger.set("ACC-1", entry("1"));
    expect(await entriesOf(ledger)).toEqual([["ACC-1", entry("1")]]);
    expect(await ledger.get("ACC-9")).toBeUndefined();
  });
});
