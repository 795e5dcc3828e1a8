import type { OpleadHooks } from "oplead-sdk";
import type { QueueStatus } from "oplead-sdk/bullmq";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { version } from "../../core/run-time.ts";
import type { Readiness } from "./readiness.ts";

// Limits in seconds, up to `deadlineMs`.
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

// Their counters start at 0: Prometheus sees no increase in a counter whose first value is 1.
const OUTCOMES = ["created", "updated", "unchanged", "stale", "held", "incomplete", "failed"];

// Labels have few values each, never account numbers.
export class Metrics {
  readonly #registry = new Registry();
  readonly #registers = [this.#registry];
  readonly #requests = new Counter({
    name: "oplead_requests_total",
    help: "HTTP requests to Oplead, by the status of the answer, or the code of the error if there was none.",
    labelNames: ["operation", "status"],
    registers: this.#registers,
  });
  readonly #limited = new Counter({
    name: "oplead_rate_limited_total",
    help: "Answers 429 of Oplead.",
    registers: this.#registers,
  });
  readonly #retries = new Counter({
    name: "oplead_request_retries_total",
    help: "Requests that repeat an earlier one.",
    labelNames: ["operation"],
    registers: this.#registers,
  });
  readonly #durations = new Histogram({
    name: "oplead_request_duration_seconds",
    help: "From the sending of a request to the end of its answer.",
    labelNames: ["operation"],
    buckets: BUCKETS,
    registers: this.#registers,
  });
  readonly #waits = new Histogram({
    name: "oplead_request_wait_seconds",
    help: "How long requests waited for their turn: rateLimit, maxConcurrency, a pause after a 429.",
    buckets: BUCKETS,
    registers: this.#registers,
  });
  readonly #users = new Counter({
    name: "oplead_users_total",
    help: "Users, by what became of them.",
    labelNames: ["outcome"],
    registers: this.#registers,
  });
  readonly #deliveries = new Counter({
    name: "oplead_deliveries_total",
    help: "Requests at the webhook, by the status of the answer; none: the sender hung up.",
    labelNames: ["status"],
    registers: this.#registers,
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const outcome of OUTCOMES) this.#users.inc({ outcome }, 0);
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

  readonly hooks: OpleadHooks = {
    around: async (event, next) => {
      const { status, error, durationMs } = await next();
      if (event.kind !== "attempt") return;
      const { operation } = event;
      this.#requests.inc({ operation, status: status ?? error?.code ?? "none" });
      if (status === 429) this.#limited.inc();
      if (event.attempt > 1) this.#retries.inc({ operation });
      this.#durations.observe({ operation }, durationMs / 1000);
      this.#waits.observe(event.queueMs / 1000);
    },
  };

  user(outcome: string): void {
    this.#users.inc({ outcome });
  }

  delivery(status: number | undefined): void {
    this.#deliveries.inc({ status: status ?? "none" });
  }

  async scrape(): Promise<readonly [text: string, type: string]> {
    return [await this.#registry.metrics(), this.#registry.contentType];
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
