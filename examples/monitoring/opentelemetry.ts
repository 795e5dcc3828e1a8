/** One span per HTTP request, with the events that the package gives to hooks. */
import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { OpleadHooks, RequestEvent } from "oplead-sdk";

export function tracing(tracer: Tracer): OpleadHooks {
  const spans = new Map<string, Span>();
  const keyOf = ({ callId, sequence }: RequestEvent): string => `${callId}/${sequence}`;
  return {
    onRequest(event) {
      const attributes: Attributes = {
        "http.request.method": event.method,
        "http.request.resend_count": event.attempt - 1,
        "oplead.call_id": event.callId,
        "oplead.operation": event.operation,
        "oplead.test_mode": event.testMode,
        "oplead.queue_ms": event.queueMs,
      };
      if (event.user) attributes["oplead.user"] = event.user;
      if (event.rule) attributes["oplead.rule"] = event.rule;
      spans.set(keyOf(event), tracer.startSpan(`oplead ${event.operation}`, { kind: SpanKind.CLIENT, attributes }));
    },
    // Every request ends exactly once, also without an answer, so no span stays open.
    onRequestEnd(event) {
      const span = spans.get(keyOf(event));
      spans.delete(keyOf(event));
      if (!span) return;
      if (event.status !== undefined) span.setAttribute("http.response.status_code", event.status);
      if (event.requestId) span.setAttribute("oplead.request_id", event.requestId);
      if (event.error) span.setAttribute("error.type", event.error.code);
      if (event.error || (event.status ?? 0) >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
