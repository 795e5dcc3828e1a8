import { invalid } from "./core/errors.ts";
import { issueAt } from "./core/issues.ts";
import { version } from "./core/run-time.ts";
import { tellValue } from "./locales/en/core.ts";
import type { HookEnd, HookEvent, OpleadHooks } from "./transport/options.ts";

type Attributes = Record<string, string | number | boolean>;

/** The part of a span of `@opentelemetry/api` that is used. */
export interface OtelSpan {
  setAttributes(attributes: Record<string, string | number | boolean>): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  recordException(exception: Error): unknown;
  end(): void;
}

/** The part of a tracer that is used. */
export interface OtelTracer {
  startActiveSpan<T>(
    name: string,
    options: { kind: number; attributes: Record<string, string | number | boolean> },
    task: (span: OtelSpan) => T,
  ): T;
}

/** The part of `@opentelemetry/api` 1.x that is used: `import * as api from "@opentelemetry/api"`. */
export interface OtelApi {
  readonly trace: { getTracer(name: string, version?: string): OtelTracer };
}

/** Numbers that the API never changes: `SpanKind` and `SpanStatusCode`. */
const INTERNAL = 0;
const CLIENT = 2;
const ERROR = 2;

/**
 * Hooks that make spans: one for each run, user, call and request, each the child of the one around it, and of the span that
 * was active when the package was called. A `fetch` that is instrumented makes children of the request's span.
 *
 * Request spans follow OpenTelemetry's conventions for HTTP clients, except that `url.full` is left out, because it may hold an
 * account number, and that a 404 is not an error: `upsertUser` gets one if a user does not exist yet. Other attributes begin with `oplead.`.
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
  return {
    around(event, next) {
      const kind = event.kind === "attempt" ? CLIENT : INTERNAL;
      return tracer.startActiveSpan(nameOf(event), { kind, attributes: attributesOf(event) }, async (span) => {
        const end = await next();
        span.setAttributes(named(end, ["outcome", "requests", "requestId", "retryInMs"]));
        if (end.status !== undefined) span.setAttributes({ "http.response.status_code": end.status });
        const failed = failureOf(end);
        if (failed !== undefined) {
          span.setAttributes({ "error.type": failed });
          span.setStatus({ code: ERROR, message: failed });
        }
        // Recorded where it happened, and not again on the run and the user around it.
        if (end.error && "callId" in event) span.recordException(end.error);
        span.end();
      });
    },
  };
}

/** The name of a span. It has few values, so that spans can be grouped by it. */
function nameOf(event: HookEvent): string {
  if (event.kind === "attempt") return `${event.method} ${event.path}`;
  return event.kind === "call" ? `oplead ${event.operation}` : `oplead ${event.kind}`;
}

function attributesOf(event: HookEvent): Attributes {
  if (event.kind !== "attempt") return named(event, ["runId", "users", "user", "callId", "operation", "testMode"]);
  const { hostname, port, protocol } = new URL(event.origin);
  const attributes = named(event, ["callId", "operation", "user", "rule", "queueMs", "testMode"]);
  attributes["http.request.method"] = event.method;
  attributes["server.address"] = hostname;
  attributes["server.port"] = Number(port) || (protocol === "http:" ? 80 : 443);
  attributes["url.template"] = event.path;
  if (event.attempt > 1) attributes["http.request.resend_count"] = event.attempt - 1;
  return attributes;
}

/** The failure in one word; undefined for a success. */
function failureOf({ status = 0, error }: HookEnd): string | undefined {
  return status >= 400 && status !== 404 ? String(status) : error && (error.code ?? error.name);
}

/** Facts by their names: `callId` as `oplead.call_id`. */
function named(fields: object, names: readonly string[]): Attributes {
  const values = Object.entries(fields).filter(([name, value]) => names.includes(name) && value !== undefined);
  return Object.fromEntries(
    values.map(([name, value]) => [`oplead.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, value]),
  );
}
