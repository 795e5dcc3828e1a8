import { describe, expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { memoryLedger, planSync, type SyncReport } from "../../../src/sync/index.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, until } from "./queue-world.ts";

const USERS = Array.from({ length: 20 }, (_, number) => number);

describe.skipIf(!hasRedis)("a plan that workers send", () => {
  const world = new QueueWorld();
  const map = (user: UserInput) => ({ user });
  const options = (users: readonly UserInput[], ledger = memoryLedger()) => ({
    ...{ source: users, ledger, map, guard: false as const },
  });

  it("workers send rules later that Oplead refused at first, although the ledger entry has changed", async () => {
    const queue = world.open();
    const ledger = memoryLedger();
    world.fake.fail({ on: "setRules", as: { status: 503 }, times: 4 });
    world.work(queue, { ledger });
    const source = USERS.map((number) => user(number));
    const withRule = (user: UserInput) => ({ user, rules: { maxDistance: 30 } });
    const plan = await planSync(world.client(), { ...options(source, ledger), map: withRule });
    expect(await plan.apply({ queue })).toMatchObject({ status: "complete", counts: { stale: 0 } });
    for (const { accountNumber = "" } of source) {
      expect(world.fake.rules(accountNumber)).toEqual({ maxDistance: { maxDistance: 30 } });
    }
  });

  it("a plan through a queue sends refused users again with retryHeld, and all with resend", async () => {
    const queue = world.open();
    const ledger = memoryLedger();
    world.work(queue, { ledger });
    const source = USERS.map((number) => user(number));
    const apply = async (more: object): Promise<SyncReport> =>
      (await planSync(world.client(), { ...options(source, ledger), ...more })).apply({ queue });
    const refusal = world.fake.fail({ on: "createUser", as: { status: 422 }, times: 10 });
    expect(await apply({})).toMatchObject({ counts: { created: 10, failed: 10 } });
    refusal.remove();
    expect(await apply({})).toMatchObject({ counts: { created: 0, held: 10 } });
    expect(await apply({ retryHeld: true })).toMatchObject({ status: "complete", counts: { created: 10 } });
    const before = world.fake.requests.length;
    expect(await apply({ resend: true })).toMatchObject({ status: "complete", counts: { updated: 20 } });
    expect(world.fake.requests.slice(before).filter(({ method }) => method === "PUT")).toHaveLength(20);
  });

  it("after an abort the report lists users under way as handed over, and a webhook's user stays", async () => {
    const queue = world.open({}, world.client({ maxConcurrency: 3 }));
    const ledger = memoryLedger();
    await queue.enqueue({ user: user(1), version: 1 });
    world.fake.delay({ on: "createUser", ms: 1_000 });
    const versioned = (user: UserInput) => ({ user, version: 2 });
    const plan = await planSync(world.client(), {
      ...options(
        USERS.map((number) => user(number)),
        ledger,
      ),
      map: versioned,
    });
    const ending = new AbortController();
    const applying = plan.apply({ queue, signal: ending.signal });
    await until(async () => (await queue.status()).inbox === 20);
    const worker = world.work(queue, { ledger });
    await until(() => world.fake.requests.filter(({ operation }) => operation === "createUser").length === 3);
    ending.abort();
    const report = await applying;
    const reasons = among(report.findings, "skipped").map(({ reason }) => reason);
    const handedOver = reasons.filter((reason) => reason === "handed_over").length;
    expect(report.status).toBe("aborted");
    expect(handedOver).toBeGreaterThanOrEqual(3);
    expect(handedOver).toBeLessThanOrEqual(4);
    expect(reasons).toHaveLength(20);
    await until(() => isEmpty(queue));
    await worker.close();
    expect(world.fake.users.map(({ accountNumber }) => accountNumber)).toContain(user(1).accountNumber);
    expect(world.fake.users).toHaveLength(handedOver);
  });
});
