// Files of test/fixtures/saved-forms were written by the built package of an earlier version.

import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { userQueue } from "../src/bullmq/index.ts";
import { lastFailures } from "../src/command/commands/retry.ts";
import { readLedgerMark } from "../src/command/run/notes.ts";
import { createOplead, type Oplead } from "../src/index.ts";
import type { LoadedConfig } from "../src/parts.ts";
import { redisDeliveries, redisLedger, redisRate } from "../src/redis/index.ts";
import { among } from "../src/sync/findings.ts";
import { fileLedger, type Ledger, memoryLedger, planSync, readSavedPlan } from "../src/sync/index.ts";
import { createFakeOplead, type FakeOplead } from "../src/testing/index.ts";
import { hasRedis, type RedisServer, startRedis } from "./support/redis-server.ts";
import { BASE_URL, ENCRYPTION_KEY, FIRST_DELIVERY, formUsers, loadRedis } from "./support/saved-forms.ts";

const folder = new URL("fixtures/saved-forms/", import.meta.url);
const VERSIONS = [
  ...new Set(readdirSync(folder).map((file) => file.slice(file.indexOf(".") + 1, file.lastIndexOf(".")))),
];

const read = (form: string, version: string) =>
  JSON.parse(readFileSync(new URL(`${form}.${version}.json`, folder), "utf8"));

function open(): { readonly fake: FakeOplead; readonly oplead: Oplead } {
  const fake = createFakeOplead();
  const client = {
    token: "fake-token",
    baseUrl: BASE_URL,
    fetch: fake.fetch,
    rateLimit: { requests: 1e5, perMs: 1000 },
  };
  return { fake, oplead: createOplead(client) };
}

function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "oplead-forms-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function expectRemembered(ledger: Ledger): Promise<void> {
  const { oplead, fake } = open();
  const lastRunId = (await ledger.getInfo())?.lastRunId ?? "";
  const plan = await planSync(oplead, {
    source: formUsers(),
    map: (user) => user,
    ledger,
    advanced: { ledgerMark: { runs: 1, lastRunId } },
  });
  expect(plan.toJSON()).toMatchObject({ counts: { unchanged: 3, held: 1, missing: 0 }, changes: [], refusals: [] });
  expect((await plan.apply()).requests).toBe(0);
  expect(fake.requests).toEqual([]);
  const { accepted, segment } = (await ledger.get("ACC-1")) ?? {};
  expect([accepted, segment]).toEqual([expect.objectContaining(ACCEPTED), "75"]);
  expect(among(plan.findings, "held").map(({ code }) => code)).toEqual(["refused"]);
}

const ACCEPTED = {
  country: "FR",
  zipCode: "75001",
  rules: expect.objectContaining({
    maxDistance: { hash: expect.any(String), body: { maxDistance: 10 } },
    profileTypes: { hash: expect.any(String), body: ["pro"] },
  }),
};

it("the repository keeps a file in each saved form (plan, report, ledger and so on) of each version", () => {
  const formsOf = (version: string) =>
    readdirSync(folder).flatMap((file) =>
      file.split(/\.(?:jsonl?)$/)[0]?.endsWith(`.${version}`) ? [file.slice(0, file.indexOf("."))] : [],
    );
  expect(VERSIONS.length).toBeGreaterThan(0);
  for (const version of VERSIONS) expect(formsOf(version)).toEqual(formsOf(VERSIONS[0] as string));
});

describe.each(VERSIONS)("what version %s left behind", (version) => {
  it("the plan of this version can be read, shown and applied, or is refused because its form is different", async () => {
    const given = read("plan", version);
    if (!given.version.startsWith("6.")) {
      expect(() => readSavedPlan(given)).toThrow(/version/);
      return;
    }
    const saved = readSavedPlan(given);
    expect(await saved.render("text")).toContain("4  new");
    const plan = await planSync(open().oplead, { source: formUsers(), map: (user) => user, ledger: memoryLedger() });
    // `apply` compares the hash of the saved plan with that of a plan made anew.
    expect(plan.hash).toBe(saved.hash);
  });

  it("in the file ledger of that version, the present code finds what Oplead has", async () => {
    const path = newFolder();
    const level = new ClassicLevel(path);
    await level.batch(read("file-ledger", version).map(([key, value]: string[]) => ({ type: "put", key, value })));
    await level.close();
    await using ledger = fileLedger(path);
    await expectRemembered(ledger);
  });

  it("the present command reads the files that the command of that version wrote", () => {
    const path = newFolder();
    const copy = (form: string, end: string, name: string) =>
      copyFileSync(new URL(`${form}.${version}.${end}`, folder), join(path, name));
    copy("audit", "jsonl", "oplead-audit.jsonl");
    copy("ledger-mark", "json", "oplead-ledger.mark.json");
    const loaded = { folder: path, config: {} } as LoadedConfig;
    expect(lastFailures(join(path, "oplead-audit.jsonl"))).toEqual({ run: expect.any(String), accountNumbers: [] });
    expect(readLedgerMark(loaded)).toEqual({ runs: 1, lastRunId: expect.stringMatching(/./) });
  });

  describe.skipIf(!hasRedis)("in Redis", () => {
    let server: RedisServer;
    let redis: Redis;

    beforeAll(async () => {
      server = await startRedis();
      redis = new Redis(server.url);
    });
    afterAll(async () => {
      redis?.disconnect();
      await server?.close();
    });

    it("the present code uses the ledger, the deliveries and the rate that this version left in Redis", async () => {
      await loadRedis(redis, read("redis", version));
      await expectRemembered(redisLedger(redis, { prefix: "oplead:" }));
      const deliveries = redisDeliveries(redis, { prefix: "oplead:delivery:" });
      expect(await deliveries.claim?.(FIRST_DELIVERY, 1000)).toBe("done");
      const { fake } = open();
      const rateLimit = redisRate(redis, { prefix: "oplead:rate", requests: 50, perMs: 1000 });
      const oplead = createOplead({ token: "fake-token", baseUrl: BASE_URL, fetch: fake.fetch, rateLimit });
      expect((await oplead.listUserProfiles()).length).toBeGreaterThan(0);
    });

    it.each([
      ["queue", {}, 4],
      ["queue-encrypted", { encryptionKey: ENCRYPTION_KEY }, 3],
      ["queue-without-users", { storeUsers: false }, 3],
    ] as const)(
      "the present code works on jobs that this version left in the form %s, and retries a failed one",
      async (form, options, count) => {
        await loadRedis(redis, read(form, version));
        const { oplead, fake } = open();
        const queue = userQueue(oplead, { redis, name: "users", encryptionKey: false, ...options });
        onTestFinished(() => queue.close());
        const failed =
          count === 4 ? [{ code: "server_error", supportReport: expect.stringContaining("status:     503") }] : [];
        expect(await queue.failed()).toMatchObject(failed);
        expect(await queue.retryFailed()).toBe(failed.length);
        const load = async (accountNumber: string) =>
          formUsers().find(({ user }) => user.accountNumber === accountNumber);
        const worker = queue.startWorker({
          ledger: redisLedger(redis, { prefix: "other:" }),
          ...("storeUsers" in options && { load }),
        });
        onTestFinished(() => worker.close());
        await expect.poll(async () => (await queue.status()).inbox, { timeout: 10_000 }).toBe(0);
        expect(fake.users.map(({ accountNumber }) => accountNumber).sort()).toEqual(
          ["ACC-1", "ACC-2", "ACC-3", "ACC-4"].slice(0, count),
        );
        for (const { accountNumber } of fake.users)
          expect(Object.keys(fake.rules(accountNumber ?? "") ?? {})).toHaveLength(5);
      },
    );
  });
});
