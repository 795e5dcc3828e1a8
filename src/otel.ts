import { invalid } from "./core/errors.ts";
import { issueAt } from "./core/issues.ts";
import { version } from "./core/run-time.ts";
import { tellValue } from "./locales/en/core.ts";
import type { HookEnd, HookEvent, OpleadHooks } from "./transport/options.ts";

type Attributes = Record<string, string | number | boolean>;

/** What is used of a span of `@opentelemetry/api`. */
export interface OtelSpan {
  setAttributes(attributes: Record<string, string | number | boolean>): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  recordException(exception: Error): unknown;
  spanContext?(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  end(): void;
}

/** What is used of a tracer. */
export interface OtelTracer {
  startActiveSpan<T>(
    name: string,
    options: {
      kind: number;
      attributes: Record<string, string | number | boolean>;
      links?: { context: { traceId: string; spanId: string; traceFlags: number; isRemote?: boolean } }[];
    },
    task: (span: OtelSpan) => T,
  ): T;
}

/** What is used of `@opentelemetry/api` 1.x: `import * as api from "@opentelemetry/api"`. */
export interface OtelApi {
  readonly trace: { getTracer(name: string, version?: string): OtelTracer };
  /** Without it there are no metrics. */
  readonly metrics?: {
    getMeter(
      name: string,
      version?: string,
    ): {
      createHistogram(
        name: string,
        options: { unit: string; description: string; advice?: { explicitBucketBoundaries: number[] } },
      ): { record(value: number, attributes: Record<string, string | number | boolean>): void };
      createCounter(
        name: string,
        options: { unit: string; description: string },
      ): { add(value: number, attributes: Record<string, string | number | boolean>): void };
    };
  };
}

// Values of the enums `SpanKind` and `SpanStatusCode`.
const INTERNAL = 0;
const CLIENT = 2;
const PRODUCER = 3;
const CONSUMER = 4;
const ERROR = 2;

/**
 * Hooks that record spans and metrics. Spans: for each run, user, call and request, and for enqueueing a user, to which the worker's span
 * links, also from another machine. Each is a child of the span around it, the outermost of the span that was active.
 *
 * Request spans follow OpenTelemetry's conventions for HTTP clients, but lack `url.full`, which may hold an account
 * number, and a 404 is no error, because `upsertUser` gets one for a new user. Other attributes begin with `oplead.`.
 *
 * Metrics, by these conventions where they have a name: `http.client.request.duration` (by method, path template and
 * status), `messaging.client.sent.messages` and `messaging.client.consumed.messages` (the queue), and
 * `oplead.request.retries`, `oplead.request.wait` (for rate, concurrency and pauses), `oplead.users` (by outcome). No
 * attribute holds an account number.
 *
 * @throws {@link OpleadError} `invalid_options` if `api` has no `trace.getTracer`.
 *
 * @example
 * ```ts
 * import * as api from "@opentelemetry/api";
 * const oplead = createOplead({ hooks: openTelemetry(api) });
 * ```
 */
export function openTelemetry(api: OtelApi): OpleadHooks {
  if (typeof api?.trace?.getTracer !== "function") {
    throw invalid("invalid_options", "openTelemetry", [issueAt("api.trace.getTracer", tellValue("not_function"))]);
  }
  const tracer = api.trace.getTracer("oplead-sdk", version);
  // Asked for late: a meter from before the SDK's start records nothing.
  let measure: ReturnType<typeof measuring> | undefined;
  return {
    around(event, next) {
      const options = { kind: kindOf(event), attributes: attributesOf(event), links: linksOf(event) };
      return tracer.startActiveSpan(nameOf(event), options, async (span) => {
        if (event.kind === "enqueue" && event.carrier)
          event.carrier.traceparent = traceparentOf(span) ?? event.carrier.traceparent;
        const end = await next();
        if (api.metrics) {
          measure ??= measuring(api.metrics.getMeter("oplead-sdk", version));
          measure(event, end);
        }
        span.setAttributes(named(end, ["outcome", "runStatus", "requests", "requestId", "retryInMs"]));
        if (end.status !== undefined) span.setAttributes({ "http.response.status_code": end.status });
        const failed = failureOf(end);
        if (failed !== undefined) {
          span.setAttributes({ "error.type": failed });
          span.setStatus({ code: ERROR, message: failed });
        }
        // An exception is recorded on the span of a call or request, and not again on those of run and user.
        if (end.error && "callId" in event) span.recordException(end.error);
        span.end();
      });
    },
  };
}

// In seconds, up to `deadlineMs`.
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

type Meter = ReturnType<NonNullable<OtelApi["metrics"]>["getMeter"]>;

function measuring(meter: Meter): (event: HookEvent, end: HookEnd) => void {
  const advice = { explicitBucketBoundaries: BUCKETS };
  const histogram = (name: string, description: string) =>
    meter.createHistogram(name, { unit: "s", description, advice });
  const counter = (name: string, unit: string, description: string) => meter.createCounter(name, { unit, description });
  const durations = histogram("http.client.request.duration", "Duration of HTTP client requests.");
  const waits = histogram("oplead.request.wait", "Wait of a request for its turn: rate, concurrency, pauses.");
  const retries = counter("oplead.request.retries", "{request}", "Requests that repeat an earlier one.");
  const users = counter("oplead.users", "{user}", "Users, by what became of them.");
  const sent = counter("messaging.client.sent.messages", "{message}", "Users given to the queue.");
  const consumed = counter("messaging.client.consumed.messages", "{message}", "Users that a worker took.");
  return (event, end) => {
    const failed = failureOf(end);
    const error: Attributes = failed === undefined ? {} : { "error.type": failed };
    if (event.kind === "attempt") {
      const { method, path, operation, attempt, queueMs } = event;
      const request = { "http.request.method": method, "url.template": path, "oplead.operation": operation };
      const status: Attributes = end.status === undefined ? {} : { "http.response.status_code": end.status };
      durations.record(end.durationMs / 1000, { ...request, ...serverOf(event), ...status, ...error });
      waits.record(queueMs / 1000, request);
      if (attempt > 1) retries.add(1, request);
    } else if (event.kind === "enqueue") sent.add(1, { ...QUEUE, "messaging.operation.name": "enqueue", ...error });
    else if (event.kind === "user") {
      users.add(1, { "oplead.outcome": end.outcome ?? failed ?? "failed" });
      if (event.carrier) consumed.add(1, { ...QUEUE, "messaging.operation.name": "process", ...error });
    }
  };
}

const QUEUE = { "messaging.system": "bullmq" };

function serverOf({ origin }: HookEvent<"attempt">): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  return { "server.address": hostname, "server.port": Number(port) || (protocol === "http:" ? 80 : 443) };
}

function kindOf(event: HookEvent): number {
  if (event.kind === "attempt") return CLIENT;
  if (event.kind === "enqueue") return PRODUCER;
  return event.kind === "user" && event.carrier ? CONSUMER : INTERNAL;
}

// The span's identity as the W3C header `traceparent`.
function traceparentOf(span: OtelSpan): string | undefined {
  const context = span.spanContext?.();
  if (!context) return undefined;
  const flags = context.traceFlags.toString(16).padStart(2, "0");
  return `00-${context.traceId}-${context.spanId}-${flags}`;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

// The worker's span links to that in which the user was enqueued.
function linksOf(event: HookEvent): NonNullable<Parameters<OtelTracer["startActiveSpan"]>[1]["links"]> {
  const traceparent = event.kind === "user" ? event.carrier?.traceparent : undefined;
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (!traceId || !spanId || !flags) return [];
  return [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true } }];
}

// A span has one of few names, so that spans can be grouped.
function nameOf(event: HookEvent): string {
  if (event.kind === "attempt") return `${event.method} ${event.path}`;
  return event.kind === "call" ? `oplead ${event.operation}` : `oplead ${event.kind}`;
}

function attributesOf(event: HookEvent): Attributes {
  if (event.kind !== "attempt") return named(event, ["runId", "users", "user", "callId", "operation", "testMode"]);
  const attributes = named(event, ["callId", "operation", "user", "rule", "queueMs", "testMode"]);
  attributes["http.request.method"] = event.method;
  Object.assign(attributes, serverOf(event));
  attributes["url.template"] = event.path;
  if (event.attempt > 1) attributes["http.request.resend_count"] = event.attempt - 1;
  return attributes;
}

function failureOf({ status = 0, error }: HookEnd): string | undefined {
  return status >= 400 && status !== 404 ? String(status) : error && (error.code ?? (error as Error).name);
}

// The field `callId` becomes the attribute `oplead.call_id`.
function named(fields: object, names: readonly string[]): Attributes {
  const values = Object.entries(fields).filter(([name, value]) => names.includes(name) && value !== undefined);
  return Object.fromEntries(
    values.map(([name, value]) => [`oplead.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, value]),
  );
}
