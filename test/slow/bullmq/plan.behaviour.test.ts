import { describe, expect, it, onTestFinished } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { memoryLedger, planSync, type SyncReport } from "../../../src/sync/index.ts";
import { createUserWebhook } from "../../../src/webhook/index.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, recorder, until } from "./queue-world.ts";

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

  it("a plan through a queue sends refused users again with heldRetryAfterMs: 0, and all with resend", async () => {
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
    expect(await apply({ heldRetryAfterMs: 0 })).toMatchObject({ status: "complete", counts: { created: 10 } });
    const before = world.fake.requests.length;
    expect(await apply({ resend: true })).toMatchObject({ status: "complete", counts: { updated: 20 } });
    expect(world.fake.requests.slice(before).filter(({ method }) => method === "PUT")).toHaveLength(20);
  });

  it("if Oplead was corrected and a webhook enqueues 20 held users once more, a worker sends them again", async () => {
    const queue = world.open();
    const refusal = world.fake.fail({ on: "createUser", as: { status: 422 }, times: 20 });
    world.work(queue, { ledger: memoryLedger() });
    const handler = createUserWebhook<{ number: number }>(world.client({ logger: recorder().logger }), {
      verify: "none",
      queue,
      map: ({ number }) => ({ user: user(number) }),
    });
    const deliver = async (number: number, delivery: string): Promise<number> => {
      const headers = { "content-type": "application/json", "webhook-id": `${delivery}-${number}` };
      const request = new Request("http://localhost/", { method: "POST", headers, body: JSON.stringify({ number }) });
      return (await handler(request)).status;
    };
    for (const number of USERS) expect(await deliver(number, "first")).toBe(202);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(0);
    refusal.remove();
    for (const number of USERS) expect(await deliver(number, "again")).toBe(202);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(20);
  });

  it("a plan that is aborted takes 200 users back from the queue, and a later worker sends none", async () => {
    const queue = world.open();
    const source = Array.from({ length: 200 }, (_, number) => user(number));
    const plan = await planSync(world.client(), options(source));
    const ending = new AbortController();
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(warning.name);
    process.on("warning", note);
    onTestFinished(() => void process.off("warning", note));
    const applying = plan.apply({ queue, signal: ending.signal });
    await until(async () => (await queue.status()).waiting === 200);
    ending.abort();
    const report = await applying;
    expect(report.status).toBe("aborted");
    expect(new Set(among(report.findings, "skipped").map(({ reason }) => reason))).toEqual(new Set(["aborted"]));
    expect(await queue.status()).toMatchObject({ waiting: 0, inbox: 0 });
    world.work(queue);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(world.fake.users).toEqual([]);
    expect(warnings).not.toContain("MaxListenersExceededWarning");
  });

  it("after an abort the report lists users under way as handed over, and a webhook's user stays", async () => {
    const queue = world.open();
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
    const worker = world.work(queue, { ledger, concurrency: 3 });
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

  it("a plan that `drain` ends early waits for the users under way, and not without a worker", async () => {
    const queue = world.open();
    const ledger = memoryLedger();
    const source = USERS.map((number) => user(number));
    const ended = async (hasWorker: boolean): Promise<SyncReport> => {
      const plan = await planSync(world.client(), options(source, ledger));
      const drain = new AbortController();
      const applying = plan.apply({ queue, drain: drain.signal });
      await until(async () => (await queue.status()).inbox >= 15);
      if (hasWorker) await until(() => world.fake.users.length > 0);
      drain.abort();
      return applying;
    };
    const before = performance.now();
    expect(await ended(false)).toMatchObject({ status: "aborted", counts: { skipped: 20 } });
    expect(performance.now() - before).toBeLessThan(8_000);
    world.fake.delay({ on: "createUser", ms: 300 });
    world.work(queue, { ledger, concurrency: 2 });
    const report = await ended(true);
    expect(report.status).toBe("aborted");
    expect(report.counts.created).toBeGreaterThan(0);
    expect(new Set(among(report.findings, "skipped").map(({ reason }) => reason))).toEqual(new Set(["aborted"]));
    expect(report.counts.created).toBe(world.fake.users.length);
    expect(await queue.status()).toMatchObject({ inbox: 0, waiting: 0 });
  });

  it("a plan through a queue reports 200 users as created though ended jobs are removed at once", async () => {
    const queue = world.open();
    const ledger = memoryLedger();
    const source = Array.from({ length: 200 }, (_, number) => user(number));
    const plan = await planSync(world.client(), options(source, ledger));
    const applying = plan.apply({ queue });
    await until(async () => (await queue.status()).waiting === 200);
    const ids = (await world.command("ZRANGE", `bull:${world.name}:prioritized`, "0", "-1")) as string[];
    for (const id of ids) {
      const name = `bull:${world.name}:${id}`;
      const options = JSON.parse((await world.command("HGET", name, "opts")) as string) as object;
      await world.command("HSET", name, "opts", JSON.stringify({ ...options, removeOnComplete: true }));
    }
    world.work(queue, { ledger });
    expect(await applying).toMatchObject({ status: "complete", counts: { created: 200, stale: 0 } });
    expect(await queue.status()).toMatchObject({ completed: 0 });
  });
});
