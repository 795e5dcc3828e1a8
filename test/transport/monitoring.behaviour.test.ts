import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { metrics } from "../../examples/monitoring/prometheus.ts";
import { connect, json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

const unreliable = () =>
  serve((response, _request, nth) => {
    if (nth % 3 === 1) json(response, 503, {}, { "x-request-id": `req-${nth}` });
    else if (nth % 3 === 2) response.destroy();
    else json(response);
  });

it("the Prometheus metrics of hooks count each request once, and none in flight at the end", async () => {
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
