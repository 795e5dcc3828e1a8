import * as api from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { NodeTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import type { OpleadHooks } from "oplead-sdk";
import { openTelemetry } from "oplead-sdk/otel";

export interface Telemetry {
  /** Answers `GET /metrics`. */
  readonly metrics: PrometheusExporter;
  /** Sends what has not been sent. */
  close(): Promise<void>;
}

/** Registers the providers of this process: spans go to `spans`, metrics wait for Prometheus. */
export function startTelemetry(spans: SpanProcessor): Telemetry {
  const metrics = new PrometheusExporter({ preventServerStart: true });
  const meters = new MeterProvider({ readers: [metrics] });
  const tracers = new NodeTracerProvider({ spanProcessors: [spans] });
  tracers.register();
  api.metrics.setGlobalMeterProvider(meters);
  return {
    metrics,
    async close() {
      await Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
    },
  };
}

/** Spans, and the metrics that the alerts of this service are made of. */
export function tenantHooks(tenant: string): readonly OpleadHooks[] {
  const meter = api.metrics.getMeter("oplead-service");
  const requests = meter.createCounter("oplead_requests", { description: "HTTP requests to Oplead" });
  const duration = meter.createHistogram("oplead_request_duration", { unit: "s", description: "Time to the answer" });
  const users = meter.createCounter("oplead_users", { description: "Users brought in step with Oplead" });
  const measure: OpleadHooks = {
    async around(event, next) {
      // The span that openTelemetry has just begun. It does not know whose platform it is.
      api.trace.getActiveSpan()?.setAttribute("tenant", tenant);
      const { durationMs, status, error, outcome } = await next();
      if (event.kind === "attempt") {
        const labels = { tenant, operation: event.operation, result: String(status ?? error?.code) };
        requests.add(1, labels);
        duration.record(durationMs / 1000, labels);
      } else if (event.kind === "user") {
        users.add(1, { tenant, outcome: outcome ?? "failed", code: error?.code ?? "none" });
      }
    },
  };
  return [openTelemetry(api), measure];
}
