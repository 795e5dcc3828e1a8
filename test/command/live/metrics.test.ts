import parse from "parse-prometheus-text-format";
import { expect, it } from "vitest";
import { Metrics } from "../../../src/command/live/metrics.ts";
import { Readiness } from "../../../src/command/live/readiness.ts";
import { OpleadError } from "../../../src/index.ts";
import { sampleOf } from "../../support/prometheus.ts";

const ready = (problem?: Error) =>
  new Readiness({ queue: () => (problem ? Promise.reject(problem) : Promise.resolve()) }, () => 0);

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
