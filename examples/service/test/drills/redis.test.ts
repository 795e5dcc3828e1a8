/** Redis goes away, and comes back. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../support/redis.js";
import { employeeOf, openWorld, runbook, until, type World } from "../support/world.js";

let redis: RedisServer;
let world: World;
beforeAll(async () => {
  redis = await startRedis();
  world = await openWorld({ names: ["redis"], redisUrl: redis.url, lockMs: 2_000 });
});
afterAll(async () => {
  await world.close();
  await redis.close();
});

test("Without Redis the sender keeps its events, the cause is in the log, and the worker goes on by itself afterwards.", async () => {
  const { fake, deliver } = world.network("redis");
  expect((await deliver(employeeOf("Q-1"))).status).toBe(202);
  await until("the first user arrives", () => fake.user("Q-1"));

  await redis.kill();
  const refused = await deliver(employeeOf("Q-2"));
  expect([refused.status, refused.headers.has("retry-after")]).toEqual([503, true]);
  const postponed = await until("the delivery is postponed", () =>
    world.lines.find(({ event }) => event === "delivery_postponed"),
  );
  expect(postponed).toMatchObject({ tenant: "redis", code: "queue_unavailable" });
  const failed = await until("the worker says so", () => world.lines.find(({ event }) => event === "redis_failed"));
  expect(failed).toMatchObject({ tenant: "redis", level: 40 });
  const ready = await fetch(`${world.url}/health/ready`);
  expect(ready.status).toBe(503);
  // The worker is among them as soon as it has been silent for `lockMs`.
  const failing = JSON.stringify(await ready.json());
  expect(failing).toContain('{"name":"redis","problem":"failed"}');
  expect(failing).toContain('{"name":"queue redis","problem":"queue_unavailable"}');
  expect(await runbook("queue_unavailable")).toContain("Redis");
  expect((await fetch(`${world.url}/metrics`)).status).toBe(200);

  await redis.start();
  await until("the sender repeats", async () => (await deliver(employeeOf("Q-2"))).status === 202);
  await until("the second user arrives", () => fake.user("Q-2"));
  await until("the service is ready", async () => (await fetch(`${world.url}/health/ready`)).status === 200);
});
