import type { OpleadHooks } from "oplead-sdk";
import type { QueueStatus } from "oplead-sdk/bullmq";
import { openTelemetry } from "oplead-sdk/otel";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { version } from "../../core/run-time.ts";
import type { Readiness } from "./readiness.ts";

// Limits in seconds, up to `deadlineMs`.
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

// Their counters start at 0: Prometheus sees no increase in a counter whose first value is 1.
const OUTCOMES = ["created", "updated", "unchanged", "stale", "held", "incomplete", "failed"];

// Attributes of the metrics of `openTelemetry`.
const LABELS = [
  "http.request.method",
  "url.template",
  "http.response.status_code",
  "error.type",
  "server.address",
  "server.port",
  "oplead.operation",
  "oplead.outcome",
  "messaging.system",
  "messaging.operation.name",
].map((name) => name.replaceAll(".", "_"));

const NO_SPAN = { setAttributes() {}, setStatus() {}, recordException() {}, end() {} };

function labelsOf(attributes: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name.replaceAll(".", "_"), String(value)]),
  );
}

// Labels have few values each, never account numbers.
export class Metrics {
  readonly #registry = new Registry();
  readonly #registers = [this.#registry];
  readonly #users = this.#counter("oplead.users", "Users, by what became of them.");
  readonly #deliveries = new Counter({
    name: "oplead_deliveries_total",
    help: "Requests at the webhook, by the status of the answer; none: the sender hung up.",
    labelNames: ["status"],
    registers: this.#registers,
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const outcome of OUTCOMES) this.#users.inc({ oplead_outcome: outcome }, 0);
  }

  measure(testMode: boolean, readiness: Readiness, queue: (() => Promise<QueueStatus>) | undefined): void {
    this.#add("oplead_info", "The process.", ["version", "test_mode"], async () => [
      [{ version, test_mode: String(testMode) }, 1],
    ]);
    this.#add("oplead_ready", "1 for what can be used, 0 for what cannot: see /readyz.", ["check"], async () =>
      Object.entries(await readiness.ask()).map(([check, problem]) => [{ check }, problem ? 0 : 1]),
    );
    if (!queue) return;
    this.#add("oplead_queue_jobs", "Jobs of the queue, by state.", ["state"], async () => {
      const { waiting, active, delayed, failed } = await queue();
      return Object.entries({ waiting, active, delayed, failed }).map(([state, count]) => [{ state }, count]);
    });
    this.#add(
      "oplead_queue_oldest_job_seconds",
      "How long the oldest waiting job has waited; 0 if none waits.",
      [],
      async () => {
        const { oldestWaitingAt } = await queue();
        return [[{}, oldestWaitingAt === undefined ? 0 : Math.max(0, Date.now() - oldestWaitingAt) / 1000]];
      },
    );
  }

  // The names of `openTelemetry`, as OpenTelemetry's exporter writes them for Prometheus.
  readonly hooks: OpleadHooks = openTelemetry({
    trace: { getTracer: () => ({ startActiveSpan: (_name, _options, task) => task(NO_SPAN) }) },
    metrics: {
      getMeter: () => ({
        createHistogram: (name, { description }) => {
          const histogram = new Histogram({
            name: `${name.replaceAll(".", "_")}_seconds`,
            help: description,
            labelNames: LABELS,
            buckets: BUCKETS,
            registers: this.#registers,
          });
          return { record: (value, attributes) => histogram.observe(labelsOf(attributes), value) };
        },
        createCounter: (name, { description }) => {
          const counter = name === "oplead.users" ? this.#users : this.#counter(name, description);
          return { add: (value, attributes) => counter.inc(labelsOf(attributes), value) };
        },
      }),
    },
  });

  delivery(status: number | undefined): void {
    this.#deliveries.inc({ status: status ?? "none" });
  }

  async scrape(): Promise<readonly [text: string, type: string]> {
    return [await this.#registry.metrics(), this.#registry.contentType];
  }

  #counter(name: string, help: string): Counter {
    return new Counter({
      name: `${name.replaceAll(".", "_")}_total`,
      help,
      labelNames: LABELS,
      registers: this.#registers,
    });
  }

  // A value that cannot be computed is left out: an old one would look new.
  #add(
    name: string,
    help: string,
    labelNames: readonly string[],
    ask: () => Promise<readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]>,
  ): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: this.#registers,
      async collect() {
        const values = await ask().catch(() => []);
        gauge.reset();
        if (labelNames.length === 0) gauge.remove(); // `reset` leaves a 0 in a gauge without labels
        for (const [labels, value] of values) gauge.set(labels, value);
      },
    });
  }
}
