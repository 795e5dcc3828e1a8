import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { pinoLogger } from "../../examples/monitoring/pino.ts";
import { metrics } from "../../examples/monitoring/prometheus.ts";
import { connect, json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

/** Answers 503, then breaks the connection, then accepts; and so on. */
const unreliable = () =>
  serve((response, _request, nth) => {
    if (nth % 3 === 1) json(response, 503, {}, { "x-request-id": `req-${nth}` });
    else if (nth % 3 === 2) response.destroy();
    else json(response);
  });

it("hooks give Prometheus each request once, and no request stays in flight", async () => {
  const server = await unreliable();
  const registry = new Registry();
  const oplead = connect(server.url, { hooks: metrics(registry), maxConcurrency: 1 });
  await Promise.all([1, 2].map((number) => oplead.updateUser(String(number), user(number))));

  const text = await registry.metrics();
  expect(text).toContain("oplead_requests_in_flight 0");
  const counts = [...text.matchAll(/oplead_request_duration_seconds_count\{.*outcome="(\w+)"\} (\d+)/g)];
  const byOutcome = Object.fromEntries(counts.map(([, outcome, count]) => [outcome, Number(count)]));
  expect(Object.values<number>(byOutcome).reduce((sum, count) => sum + count, 0)).toBe(server.seen.length);
  expect(byOutcome[200]).toBe(2);
  expect(text).toContain(`oplead_request_queue_seconds_count ${server.seen.length}`);
  expect(text).toMatch(/oplead_retries_total\{operation="updateUser",code="server_error"\} [12]/);
});

it("log fields reach pino, and plain messages reach a pino without the hook", async () => {
  const server = await serve((response) => json(response));
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  await connect(server.url, { logger: pinoLogger({ level: "debug" }, stream) }).updateUser("1", user(1));
  expect(lines).toEqual([
    expect.objectContaining({
      level: 20,
      msg: expect.stringContaining("oplead-sdk: updateUser of ACC-1: PUT 200"),
      operation: "updateUser",
      user: "ACC-1",
      status: 200,
      callId: expect.any(String),
      queueMs: expect.any(Number),
      durationMs: expect.any(Number),
    }),
  ]);
  const { pino } = await import("pino");
  await connect(server.url, { logger: pino({ level: "debug" }, stream) }).updateUser("1", user(1));
  expect(lines[1]).toMatchObject({ msg: expect.stringContaining("PUT 200") });
  await connect(server.url, { logger: { ...console, debug: () => {} } }).updateUser("1", user(1));
});
