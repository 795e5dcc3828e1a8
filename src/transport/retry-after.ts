const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * How long the server asks to wait, in milliseconds, or undefined. `Retry-After` is seconds or a date (RFC 9110);
 * `RateLimit-Reset` and `X-RateLimit-Retry-After`, which Symfony services send, are seconds from now or a Unix time. Many
 * send those with every answer, so they ask for something only when the limit is what was answered.
 * At most a day: an absurd value must not stop a client for good.
 */
export function retryAfterMs(
  headers: { get(name: string): string | null },
  nowMs: number,
  status = 429,
): number | undefined {
  // A date is read against the server's own clock where it gives one: ours may be off.
  const serverNow = parseDate(headers.get("date") ?? "");
  const now = Number.isNaN(serverNow) ? nowMs : serverNow;
  const names = ["retry-after", ...(status === 429 ? ["ratelimit-reset", "x-ratelimit-retry-after"] : [])];
  for (const name of names) {
    const ms = parseWait(headers.get(name), now);
    if (ms !== undefined) return Math.min(Math.max(ms, 0), DAY_MS);
  }
  return undefined;
}

function parseWait(value: string | null, now: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (number > 1e11) return number - now; // Unix time in milliseconds
    if (number > 1e9) return number * 1000 - now; // Unix time in seconds
    return number * 1000;
  }
  const date = parseDate(text);
  return Number.isNaN(date) ? undefined : date - now;
}

/** Each of the three forms of RFC 9110, 5.6.7; the oldest names no zone and means GMT. Anything else gives NaN. */
function parseDate(text: string): number {
  // Date.parse alone finds a date in almost anything, "soon 5" included.
  if (!/^\w{3,9},? .*\d\d:\d\d:\d\d/.test(text) && !/^\d{4}-\d\d-\d\dT/.test(text)) return Number.NaN;
  return Date.parse(/^\w{3} /.test(text) ? `${text} GMT` : text);
}
