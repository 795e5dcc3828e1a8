import { dropLine, type LogEvent, type LogFields, type OpleadLogger } from "../core/log.ts";
import type { Outcome } from "../core/outcomes.ts";
import { showIdentity } from "../core/redact.ts";
import type { WebhookOutcome } from "../reconcile/reconciliation.ts";
import { utf8 } from "./signatures/hmac.ts";

export type Tell = (level: "info" | "warn" | "error", event: LogEvent, text: string, more?: Partial<LogFields>) => void;

export function tellOf(logger: OpleadLogger, testMode: boolean, deliveryId?: string, accountNumber?: string): Tell {
  return (level, event, text, more) => {
    if (logger[level] === dropLine) return;
    const delivery = deliveryId && showIdentity(deliveryId);
    const user = accountNumber && showIdentity(accountNumber);
    const name = `webhook delivery${delivery ? ` ${delivery}` : ""}${testMode ? " (test mode)" : ""}${user ? `: user ${user}` : ""}`;
    logger[level](`oplead-sdk: ${name}: ${text}`, { ...more, event, delivery, accountNumber: user, testMode });
  };
}

// Messages of foreign errors may quote personal data.
export function kindOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "a value that is not an Error";
  return /^\w{1,60}$/.test(thrown.name) ? `a ${thrown.name}` : "an error with an unusual name";
}

// The message is skipped: it may quote data, in lines that look like stack frames.
export function firstFrameOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { message, stack = "" } = error;
  const frame = /\n(\s+at .*)/.exec(stack.slice(stack.indexOf(message) + message.length))?.[1];
  return frame === undefined ? "" : `\n${frame}`;
}

// Strangers can cause log lines, and finding the reason for one may cost several HMACs.
const LINES_PER_MINUTE = 20;

export function limitedWarnings(logger: OpleadLogger, now: () => number) {
  let minute = 0;
  let lines = 0;
  return async (code: string, line: string | (() => Promise<string>)): Promise<void> => {
    const thisMinute = Math.floor(now() / 60_000);
    if (thisMinute !== minute) [minute, lines] = [thisMinute, 0];
    lines += 1;
    if (lines > LINES_PER_MINUTE) return;
    const last = lines === LINES_PER_MINUTE ? ". Further lines like this are left out for this minute" : "";
    logger.warn(`oplead-sdk: webhook: ${typeof line === "function" ? await line() : line}${last}`, {
      event: "request_refused",
      code,
    });
  };
}

// Holds no personal data, no secret and no hint for a forger.
export interface SenderAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface EntryResult {
  readonly outcome: WebhookOutcome["outcome"] | Extract<Outcome, "repeated" | "ignored">;
  // Of the first step that Oplead refused.
  readonly code?: string | undefined;
}

export function handled(results: readonly EntryResult[], testMode: boolean, status = 200): SenderAnswer {
  return { status, body: { results, testMode } };
}

export function refused(status: number, error: string, message: string, more: object = {}): SenderAnswer {
  return { status, body: { error, message, ...more } };
}

const RETRY_AFTER_MS = 30_000;

// Senders treat a 503 as temporary, and most obey Retry-After.
export function sendAgain(error: string, message: string, retryAfterMs: number = RETRY_AFTER_MS): SenderAnswer {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return { ...refused(503, error, message), headers: { "retry-after": String(seconds) } };
}

export function toResponse({ status, body, headers }: SenderAnswer): Response {
  const text = JSON.stringify(body);
  const response = new Response(text, {
    status,
    // A cache must not reuse the answer to one delivery for another.
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
  texts.set(response, text);
  return response;
}

const texts = new WeakMap<Response, string>();

// Reading a body as a stream takes 13 µs.
export async function bodyOf(response: Response): Promise<Uint8Array> {
  const text = texts.get(response);
  return text === undefined ? new Uint8Array(await response.arrayBuffer()) : utf8(text);
}
