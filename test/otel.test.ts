import * as api from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { afterAll, beforeEach, expect, it } from "vitest";
import { openTelemetry } from "../src/otel.ts";
import { memoryLedger, reconcileUser, syncUsers } from "../src/sync/index.ts";
import { createUserWebhook } from "../src/webhook/index.ts";
import { connect, json, serve } from "./support/servers.ts";
import { user } from "./support/users.ts";

const exporter = new tracing.InMemorySpanExporter();
// As a service starts it, but without exporters and detectors, which would look for a collector or a cloud.
const sdk = new NodeSDK({
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  metricReaders: [],
  logRecordProcessors: [],
  instrumentations: [],
  autoDetectResources: false,
});
sdk.start();
const hooks = openTelemetry(api);

beforeEach(() => exporter.reset());
afterAll(async () => {
  await sdk.shutdown();
  api.trace.disable();
  api.context.disable();
  api.propagation.disable();
});

const empty = () =>
  serve((response, { method }) => {
    if (method === "PUT") json(response, 404, { message: "unknown" });
    else json(response, 201, { id: "4711" });
  });

function tree(spans = exporter.getFinishedSpans()): string[] {
  const below = (parent: string | undefined, depth: number): string[] =>
    spans
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1])
      .flatMap((span) => [`${"  ".repeat(depth)}${span.name}`, ...below(span.spanContext().spanId, depth + 1)]);
  return below(undefined, 0);
}

const named = (name: string): tracing.ReadableSpan =>
  exporter.getFinishedSpans().find((span) => span.name === name) as tracing.ReadableSpan;

it("the spans of a batch are nested: run, user, call, request, and an instrumented fetch inside", async () => {
  const server = await empty();
  const instrumented = (url: string, init: RequestInit): Promise<Response> =>
    api.trace.getTracer("app").startActiveSpan("fetch", (span) => fetch(url, init).finally(() => span.end()));
  const oplead = connect(server.url, { hooks, fetch: instrumented, maxConcurrency: 1 });
  const source = [{ user: user(1) }, { user: user(2) }];
  const report = await syncUsers(oplead, { source, map: (one: (typeof source)[0]) => one, ledger: memoryLedger() });
  expect(report.counts.created).toBe(2);
  const ofUser = [
    "  oplead user",
    "    oplead upsertUser",
    "      PUT /v1/users/{userIdentification}",
    "        fetch",
    "      POST /v1/users",
    "        fetch",
  ];
  expect(tree().slice(-13)).toEqual(["oplead run", ...ofUser, ...ofUser]);
  expect(named("oplead run").attributes).toMatchObject({
    "oplead.run_id": report.runId,
    "oplead.users": 2,
    "oplead.run_status": "complete",
    "oplead.requests": 4,
  });
  expect(named("oplead user").attributes).toEqual({
    "oplead.user": "ACC-1",
    "oplead.run_id": report.runId,
    "oplead.test_mode": false,
    "oplead.outcome": "created",
    "oplead.requests": 2,
  });
});

it("the spans of a webhook are children of the span that was active when the delivery came", async () => {
  for (const ledger of [undefined, memoryLedger()]) {
    exporter.reset();
    const server = await empty();
    const handler = createUserWebhook(connect(server.url, { hooks }), {
      verify: "none",
      map: () => ({ user: user(1) }),
      ledger,
    });
    const headers = { "content-type": "application/json" };
    const request = new Request("http://hook.example", { method: "POST", headers, body: "{}" });
    await api.trace
      .getTracer("app")
      .startActiveSpan("POST /hook", (span) => handler(request).finally(() => span.end()));
    expect(tree()).toEqual([
      "POST /hook",
      "  oplead user",
      "    oplead upsertUser",
      "      PUT /v1/users/{userIdentification}",
      "      POST /v1/users",
    ]);
  }
});

it("a request's span has the names of the HTTP conventions, and a failed one has its cause", async () => {
  const server = await serve((response, _request, nth) => {
    if (nth === 1) json(response, 503, {}, { "x-request-id": "req-1" });
    else if (nth === 2) response.destroy();
    else json(response);
  });
  await connect(server.url, { hooks, testMode: true }).setRules("4711", { maxDistance: 30 });
  const { hostname, port } = new URL(server.url);
  const spans = exporter.getFinishedSpans().filter(({ kind }) => kind === api.SpanKind.CLIENT);
  const common = {
    "http.request.method": "PUT",
    "server.address": hostname,
    "server.port": Number(port),
    "url.template": "/v1/users/{id}/rule/max-distance",
    "oplead.operation": "setRules",
    "oplead.call_id": expect.any(String),
    "oplead.user": "4711",
    "oplead.rule": "maxDistance",
    "oplead.queue_ms": expect.any(Number),
    "oplead.test_mode": true,
  };
  const retried = { "oplead.retry_in_ms": expect.any(Number) };
  expect(spans.map(({ attributes }) => attributes)).toEqual([
    { ...common, ...retried, "http.response.status_code": 503, "error.type": "503", "oplead.request_id": "req-1" },
    { ...common, ...retried, "http.request.resend_count": 1, "error.type": "connection" },
    { ...common, "http.request.resend_count": 2, "http.response.status_code": 200 },
  ]);
  expect(spans.map(({ status }) => status.code)).toEqual([2, 2, 0]);
  const exceptions = spans.map(({ events }) => events.map(({ attributes }) => attributes?.["exception.type"]));
  expect(exceptions).toEqual([["server_error"], ["connection"], []]);
});

it("requests, retries and users are counted under the names of the conventions, without account numbers", async () => {
  const recorded: [string, number, object][] = [];
  const instrument = (name: string) => {
    const record = (value: number, attributes: object) => void recorded.push([name, value, attributes]);
    return { record, add: record };
  };
  const metrics = { getMeter: () => ({ createHistogram: instrument, createCounter: instrument }) };
  const server = await serve((response, { method }, nth) => {
    if (nth === 1) json(response, 503, {});
    else if (method === "PUT") json(response, 404, { message: "unknown" });
    else json(response, 201, { id: "4711" });
  });
  const oplead = connect(server.url, { hooks: openTelemetry({ trace: api.trace, metrics }) });
  await reconcileUser(oplead, memoryLedger(), { user: user(1) });
  const of = (name: string) =>
    recorded.filter(([found]) => found === name).map(([, value, attributes]) => [value, attributes]);
  const durations = of("http.client.request.duration").map(([, attributes]) => attributes);
  const common = { "server.address": "127.0.0.1", "server.port": Number(new URL(server.url).port) };
  const put = {
    "http.request.method": "PUT",
    "url.template": "/v1/users/{userIdentification}",
    "oplead.operation": "updateUser",
  };
  const post = { "http.request.method": "POST", "url.template": "/v1/users", "oplead.operation": "createUser" };
  expect(durations).toEqual([
    { ...common, ...put, "http.response.status_code": 503, "error.type": "503" },
    { ...common, ...put, "http.response.status_code": 404 },
    { ...common, ...post, "http.response.status_code": 201 },
  ]);
  expect(of("oplead.request.retries")).toEqual([[1, put]]);
  expect(of("oplead.request.wait")).toHaveLength(3);
  expect(of("oplead.users")).toEqual([[1, { "oplead.outcome": "created" }]]);
  expect(JSON.stringify(recorded)).not.toContain("ACC-1");
});

it("a call that fails has its error on its span, and no span holds personal data", async () => {
  const server = await serve((response) => json(response, 422, { email: ["martin@dealers.example is taken"] }));
  const oplead = connect(server.url, { hooks });
  const person = user(1, { accountNumber: "jean@dealers.example" });
  await expect(oplead.updateUser("jean@dealers.example", person)).rejects.toMatchObject({ code: "refused" });
  const call = named("oplead updateUser");
  expect(call.attributes).toMatchObject({
    "error.type": "refused",
    "oplead.user": "[not shown]",
    "oplead.requests": 1,
  });
  expect([call.status, call.events.length]).toEqual([{ code: 2, message: "refused" }, 1]);
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  expect(JSON.stringify(spans)).not.toMatch(/dealers\.example|Martin/);
});

it("openTelemetry refuses an argument that is not the OpenTelemetry API", () => {
  expect(() => openTelemetry({} as never)).toThrow(expect.objectContaining({ code: "invalid_options" }));
});
