import type { Outcome } from "../base/outcomes.ts";
import type { WebhookOutcome } from "./options.ts";

/** The answer to the sender of a delivery. It holds no personal data, no secret, and nothing that helps a forger. */
export interface SenderAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The part of the answer about one entry. */
export interface EntryResult {
  readonly outcome: WebhookOutcome["outcome"] | Extract<Outcome, "repeated" | "ignored">;
  /** The error code of the first step that Oplead refused. */
  readonly code?: string | undefined;
}

/** The delivery was handled. */
export function handled(results: readonly EntryResult[], testMode: boolean, status = 200): SenderAnswer {
  return { status, body: { results, testMode } };
}

/** The delivery was refused. Repeating it changes nothing, unless the status is a 5xx. */
export function refused(status: number, error: string, message: string, more: object = {}): SenderAnswer {
  return { status, body: { error, message, ...more } };
}

/** Used where nothing says how long the cause will last. */
const RETRY_AFTER_MS = 30_000;

/** The sender shall send the delivery again. Senders take a 503 as temporary, and most obey Retry-After. */
export function sendAgain(error: string, message: string, retryAfterMs: number = RETRY_AFTER_MS): SenderAnswer {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return { ...refused(503, error, message), headers: { "retry-after": String(seconds) } };
}

export function toResponse({ status, body, headers }: SenderAnswer): Response {
  return new Response(JSON.stringify(body), {
    status,
    // A cache must not give the answer to one delivery to another.
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
