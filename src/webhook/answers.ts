import type { EntryOutcome } from "./options.ts";

/** What the sender is told. Nothing in it is personal, secret, or of use to a forger. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What became of an entry, as the sender is told. */
export interface Told {
  readonly outcome: EntryOutcome | "duplicate" | "ignored";
  readonly code?: string | undefined;
}

export function done(results: readonly Told[], testMode: boolean, status = 200): Answer {
  return { status, body: { results, testMode } };
}

export function refused(status: number, error: string, message: string, more: object = {}): Answer {
  return { status, body: { error, message, ...more } };
}

/** When nobody says how long a trouble lasts. */
const RETRY_AFTER_MS = 30_000;

/** Come again: senders take a 503 as temporary, and most obey Retry-After. */
export function later(error: string, message: string, retryAfterMs: number = RETRY_AFTER_MS): Answer {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return { ...refused(503, error, message), headers: { "retry-after": String(seconds) } };
}

export function toResponse({ status, body, headers }: Answer): Response {
  return new Response(JSON.stringify(body), {
    status,
    // Not to be kept: an answer to one delivery says nothing about another.
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
