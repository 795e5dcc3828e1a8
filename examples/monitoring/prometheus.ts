/** Counts, durations, queue times and requests in flight, for Prometheus. Labels hold no personal data. */
import type { OpleadHooks } from "oplead-sdk";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export function metrics(registry: Registry): OpleadHooks {
  const registers = [registry];
  const duration = new Histogram({
    name: "oplead_request_duration_seconds",
    help: "HTTP requests to Oplead, from sending to the end of the answer",
    labelNames: ["operation", "method", "outcome"],
    registers,
  });
  const queue = new Histogram({
    name: "oplead_request_queue_seconds",
    help: "How long requests waited for rateLimit and maxConcurrency",
    registers,
  });
  const inFlight = new Gauge({ name: "oplead_requests_in_flight", help: "HTTP requests without an end", registers });
  const retries = new Counter({
    name: "oplead_retries_total",
    help: "Requests that failed and were sent again",
    labelNames: ["operation", "code"],
    registers,
  });
  return {
    async around(event, next) {
      if (event.kind !== "attempt") return;
      inFlight.inc();
      queue.observe(event.queueMs / 1000);
      const { operation, method } = event;
      const { status, error, durationMs, retryInMs } = await next();
      inFlight.dec();
      duration.observe({ operation, method, outcome: status ?? error?.code ?? "none" }, durationMs / 1000);
      if (error && retryInMs !== undefined) retries.inc({ operation, code: error.code });
    },
  };
}
