import parse from "parse-prometheus-text-format";
import { expect, it, onTestFinished } from "vitest";
import { Metrics } from "../../../src/command/live/metrics.ts";
import { Readiness } from "../../../src/command/live/readiness.ts";
import { createOplead, OpleadError } from "../../../src/index.ts";
import { createFakeOplead } from "../../../src/testing/index.ts";
import { requestsIn, sampleOf } from "../../support/prometheus.ts";
import { user } from "../../support/users.ts";

const ready = (problem?: Error) =>
  new Readiness({ queue: () => (problem ? Promise.reject(problem) : Promise.resolve()) }, () => 0);

it("the metrics count as many requests and 429s as the server, and name no user", async () => {
  const fake = createFakeOplead();
  const server = await fake.listen();
  onTestFinished(() => server.close());
  const metrics = new Metrics();
  const rateLimit = { requests: 1_000, perMs: 1_000 };
  const oplead = createOplead({
    ...{ token: "fake-token", baseUrl: server.url, rateLimit, retry: { baseMs: 1, maxMs: 2 } },
    hooks: metrics.hooks,
  });
  fake.fail({ as: { status: 503 }, on: "updateUser", times: 2 });
  fake.fail({ as: { status: 429, retryAfter: 0 }, on: "createUser", times: 3 });
  await Promise.all(Array.from({ length: 20 }, (_, i) => oplead.upsertUser(user(i), { rules: { maxDistance: 30 } })));

  const [text, type] = await metrics.scrape();
  expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
  const counted: Record<string, number> = {};
  for (const { operation: name, status } of fake.requests) {
    const operation = name?.replace(/^set\w+Rule$/, "setRules");
    counted[`${operation} ${status}`] = (counted[`${operation} ${status}`] ?? 0) + 1;
  }
  const seen: Record<string, number> = {};
  for (const { labels, count } of requestsIn(text)) {
    const name = `${labels.oplead_operation} ${labels.http_response_status_code}`;
    seen[name] = (seen[name] ?? 0) + count;
  }
  expect(seen).toEqual(counted);
  const waits = requestsIn(text, "oplead_request_wait_seconds").reduce((sum, { count }) => sum + count, 0);
  expect(waits).toBe(fake.requests.length);
  expect(text).not.toMatch(/ACC-|DLR-|person|fake-token/);
  expect(text).not.toContain(String(user(1).accountNumber));
});

it("metrics count users and deliveries from 0, or Prometheus would miss the first increase", async () => {
  const metrics = new Metrics();
  expect(sampleOf((await metrics.scrape())[0], "oplead_users_total", { oplead_outcome: "failed" })).toBe(0);
  for (const outcome of ["created", "created"] as const) {
    const event = { kind: "user", user: "A-1", testMode: false } as const;
    await metrics.hooks.around?.(event, async () => ({ outcome, durationMs: 1 }));
  }
  metrics.delivery(503);
  metrics.delivery(undefined);
  const [text] = await metrics.scrape();
  expect(sampleOf(text, "oplead_users_total", { oplead_outcome: "created" })).toBe(2);
  expect(sampleOf(text, "oplead_deliveries_total", { status: "503" })).toBe(1);
  expect(sampleOf(text, "oplead_deliveries_total", { status: "none" })).toBe(1);
});

it("each scrape of the metrics asks the queue, and shows no old figures while the queue does not answer", async () => {
  const metrics = new Metrics();
  const status = { waiting: 7, active: 2, delayed: 1, failed: 3, completed: 9, inbox: 10 };
  let isUp = true;
  metrics.measure(true, ready(), async () => {
    if (!isUp) throw new OpleadError("queue_unavailable", "down");
    return { ...status, oldestWaitingAt: Date.now() - 90_000 };
  });
  const [text] = await metrics.scrape();
  expect(sampleOf(text, "oplead_queue_jobs", { state: "waiting" })).toBe(7);
  expect(sampleOf(text, "oplead_queue_jobs", { state: "failed" })).toBe(3);
  expect(sampleOf(text, "oplead_queue_oldest_job_seconds")).toBeCloseTo(90, 0);
  expect(sampleOf(text, "oplead_ready", { check: "queue" })).toBe(1);
  expect(text).toMatch(/^oplead_info\{version="[^"]+",test_mode="true"\} 1$/m);
  isUp = false;
  const [without] = await metrics.scrape();
  expect(without).not.toMatch(/^oplead_queue_jobs\{/m);
  expect(without).not.toMatch(/^oplead_queue_oldest_job_seconds /m);
});

it("the metric oplead_ready names services that cannot be used, and others measure the process", async () => {
  const metrics = new Metrics();
  metrics.measure(false, ready(new Error("down")), undefined);
  const [text] = await metrics.scrape();
  expect(sampleOf(text, "oplead_ready", { check: "queue" })).toBe(0);
  expect(text).not.toContain("oplead_queue_jobs");
  expect(sampleOf(text, "process_resident_memory_bytes")).toBeGreaterThan(1e6);
});

it("metrics have names that follow the conventions of Prometheus, each with a sentence of help", async () => {
  const metrics = new Metrics();
  metrics.measure(false, ready(), async () => ({
    ...{ waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, inbox: 0 },
    oldestWaitingAt: undefined,
  }));
  const families = parse((await metrics.scrape())[0]).filter(({ name }) => name.startsWith("oplead_"));
  expect(families.length).toBe(6);
  for (const { name, type, help } of families) {
    expect(help, name).toMatch(/\.$/);
    expect(name.endsWith("_total"), name).toBe(type === "COUNTER");
    if (type === "HISTOGRAM") expect(name).toMatch(/_seconds$/);
  }
});
