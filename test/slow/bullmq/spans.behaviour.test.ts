// Who enqueues and who works are two processes: no span is the parent of the other's.
import * as api from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import type { OpleadHooks } from "../../../src/index.ts";
import { openTelemetry } from "../../../src/otel.ts";
import { user } from "../../support/users.ts";
import { QueueWorld } from "./queue-world.ts";

const exporter = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  metricReaders: [],
  logRecordProcessors: [],
  instrumentations: [],
  autoDetectResources: false,
});
sdk.start();
const world = new QueueWorld();

beforeEach(() => exporter.reset());
afterAll(async () => {
  await sdk.shutdown();
  api.trace.disable();
  api.context.disable();
  api.propagation.disable();
});

const named = (name: string): tracing.ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name);
const contextsOf = (spans: readonly tracing.ReadableSpan[]): string[] =>
  spans.map((span) => `${span.spanContext().traceId} ${span.spanContext().spanId}`).sort();
const linkedBy = (spans: readonly tracing.ReadableSpan[]): string[] =>
  spans.flatMap(({ links }) => links.map(({ context }) => `${context.traceId} ${context.spanId}`)).sort();

it("the worker's span of a user links to the span of the enqueue, and has a trace of its own", async () => {
  const producer = world.open({}, world.client({ hooks: openTelemetry(api) }));
  const consumer = world.open({}, world.client({ hooks: openTelemetry(api) }));
  const event = api.trace.getTracer("app").startActiveSpan("POST /webhook", async (span) => {
    for (const number of [1, 2]) await producer.enqueue({ user: user(number) });
    span.end();
    return span.spanContext();
  });
  const { traceId } = await event;
  expect(
    named("oplead enqueue").map(({ kind, attributes, parentSpanContext }) => ({ kind, attributes, parentSpanContext })),
  ).toMatchObject(
    [1, 2].map((number) => ({
      kind: api.SpanKind.PRODUCER,
      attributes: { "oplead.user": `ACC-${number}`, "oplead.test_mode": false },
      parentSpanContext: { traceId },
    })),
  );
  world.work(consumer);
  await vi.waitUntil(() => named("oplead user").length === 2, { timeout: 600_000 });
  const worked = named("oplead user");
  expect(linkedBy(worked)).toEqual(contextsOf(named("oplead enqueue")));
  expect(worked.map(({ kind }) => kind)).toEqual([api.SpanKind.CONSUMER, api.SpanKind.CONSUMER]);
  expect(worked.filter((span) => span.spanContext().traceId === traceId)).toEqual([]);
});

it("a worker gets the trace of the newest enqueue, and an enqueue that fails ends its own span", async () => {
  const contexts = [
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-00",
  ];
  const seen: string[] = [];
  const hooks: OpleadHooks = {
    async around(event, next) {
      if (event.kind === "enqueue" && event.carrier) event.carrier.traceparent = contexts.shift();
      const { error } = await next();
      if (event.kind === "enqueue" || event.kind === "user")
        seen.push(`${event.kind} ${event.carrier?.traceparent} ${error?.code}`);
    },
  };
  const queue = world.open({}, world.client({ hooks }));
  for (const phone of ["1", "2"]) await queue.enqueue({ user: user(1, { phone }) });
  world.work(queue);
  await vi.waitUntil(() => seen.length === 3, { timeout: 600_000 });
  expect(seen).toEqual([
    "enqueue 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 undefined",
    "enqueue 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-00 undefined",
    "user 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-00 undefined",
  ]);
  const down = world.open({ redis: "redis://127.0.0.1:1", timeoutMs: 100 }, world.client({ hooks }));
  await expect(down.enqueue({ user: user(1) })).rejects.toMatchObject({ code: "queue_unavailable" });
  expect(seen.at(-1)).toBe("enqueue undefined queue_unavailable");
});
