/**
 * How fast requests may follow each other: our own rate, and below it what the server turns out to allow.
 *
 * A server's limit is not documented, so a 429 is all there is to learn from. Between two of them the server let through
 * what its bucket held plus its rate times the time. That bounds the rate: from above by the pace that was refused, from
 * below by spreading what was let through over the pause as well, as if all of it had been saved up meanwhile. Without a
 * pause the two meet, and one more 429 gives the rate. We go on between the bounds, rise to the upper one, and long
 * after, the longer the longer a 429 makes us wait, look whether more is allowed again.
 */
export class Pace {
  /** Requests per millisecond; infinite without a rate of our own. */
  readonly #own: number;
  #from: number;
  #to: number;
  /** When we went on after the last 429, and how long the rise takes. */
  #since: number;
  #riseMs = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #pauseMs = SUPPOSED_BURST_MS;
  #taken = 0;

  constructor(own: number, now: number) {
    this.#own = own;
    this.#from = own;
    this.#to = own;
    this.#since = now - HEAD_START_MS;
  }

  /** Requests per millisecond. */
  at(now: number): number {
    const risen = (now - this.#since) / this.#riseMs;
    if (!(risen >= 0)) return this.#from;
    if (risen < 1) return this.#from + (this.#to - this.#from) * risen;
    return Math.min(this.#own, this.#to * 2 ** ((now - this.#since - this.#riseMs) / DOUBLING_MS));
  }

  /** The server took a request. */
  taken(): void {
    this.#taken += 1;
  }

  /** The server refused, at `now`, a request sent at `sentAt`; nobody is sent before `resumeAt`. */
  refused(sentAt: number, now: number, resumeAt: number): void {
    // Sent before we knew: it says what the 429 before it said.
    if (sentAt < this.#refusedAt) return;
    const ms = Math.max(now - this.#since, 1);
    const upper = Math.min(this.at(now), (this.#taken + 1) / ms);
    const lower = Math.min(upper, this.#taken / (ms + this.#pauseMs));
    this.#from = Math.max(SLOWEST, BELOW * (lower + 0.6 * (upper - lower)));
    this.#to = Math.max(this.#from, BELOW * upper);
    this.#refusedAt = now;
    this.#since = resumeAt;
    this.#pauseMs = resumeAt - now;
    this.#riseMs = Math.max(2_000, 20 * this.#pauseMs);
    this.#taken = 0;
  }
}

/** Just below what the server allows, or every small unevenness would be a 429. */
const BELOW = 0.98;
/** Added to the time before the first 429: what is let through at the very start is burst, and tells of no rate. */
const HEAD_START_MS = 10;
/** Before the first 429, the bucket is taken to hold a second's worth. */
const SUPPOSED_BURST_MS = 1_000;
const DOUBLING_MS = 30_000;
/** One request in ten seconds: a server that refuses all for a while must not stop a client for good. */
const SLOWEST = 1 / 10_000;
