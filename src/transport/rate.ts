/**
 * How fast requests may follow each other: our own rate, and below it what the server turns out to allow.
 *
 * A server's limit is not documented, so a 429 is all there is to learn from. Between two of them the server let through
 * what its bucket held plus its rate times the time. That bounds the rate: from above by the pace that was refused, from
 * below by spreading what was let through over pauses as well, as if all of it had been saved up meanwhile. Without a
 * pause the two meet, and one more 429 gives the rate. We go on between the bounds, rise to the upper one, and then look
 * whether more is allowed again, because others may use the same limit, or have stopped doing so.
 */
export class Pace {
  /** Requests per millisecond; infinite without a rate of our own. */
  readonly #own: number;
  #from: number;
  #to: number;
  /** When we went on after the last 429, and how long the rise takes. */
  #since: number;
  #riseMs = 1;
  #doublingMs = 1;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #pauseMs = SUPPOSED_BURST_MS;
  #taken = 0;
  #idleMs = 0;

  constructor(own: number, now: number) {
    this.#own = own;
    this.#from = own;
    this.#to = own;
    this.#since = now - HEAD_START_MS;
  }

  /** Requests per millisecond. */
  at(now: number): number {
    if (this.#refusedAt === Number.NEGATIVE_INFINITY) return this.#own;
    const risen = (now - this.#since) / this.#riseMs;
    if (risen < 0) return this.#from;
    if (risen < 1) return this.#from + (this.#to - this.#from) * risen;
    return Math.min(this.#own, FASTEST, this.#to * 2 ** ((now - this.#since - this.#riseMs) / this.#doublingMs));
  }

  /** The server took a request. */
  taken(): void {
    this.#taken += 1;
  }

  /** For so long nobody wanted to send. */
  idle(ms: number): void {
    this.#idleMs += ms;
  }

  /** The server refused, at `now`, a request sent at `sentAt`; nobody is sent before `resumeAt`. */
  refused(sentAt: number, now: number, resumeAt: number): void {
    // Sent before we knew: it says what the 429 before it said, and may ask for a longer pause.
    if (sentAt < this.#refusedAt) {
      const longer = Math.max(resumeAt - this.#since, 0);
      this.#since += longer;
      this.#pauseMs += longer;
      return;
    }
    const ms = now - this.#since;
    const upper = Math.min(this.at(now), FASTEST, (this.#taken + 1) / Math.max(ms - this.#idleMs, 1));
    const lower = Math.min(upper, this.#taken / Math.max(ms + this.#pauseMs, 1));
    this.#from = Math.max(Math.min(SLOWEST, this.#own), BELOW * (lower + 0.6 * (upper - lower)));
    this.#to = Math.max(this.#from, BELOW * upper);
    this.#refusedAt = now;
    this.#since = resumeAt;
    this.#pauseMs = resumeAt - now;
    // What a try costs, a 429 and its pause, stays in proportion to what is sent between two of them.
    const patienceMs = Math.min(2_000, 100 / this.#to);
    this.#riseMs = Math.max(patienceMs, Math.min(10 * this.#pauseMs, LONGEST_RISE_MS));
    this.#doublingMs = 5 * patienceMs;
    this.#taken = 0;
    this.#idleMs = 0;
  }
}

/** Just below what the server allows, or every small unevenness would be a 429. */
const BELOW = 0.99;
/** Added to the time before the first 429: what is let through at the very start is burst, and tells of no rate. */
const HEAD_START_MS = 10;
/** Before the first 429, the bucket is taken to hold a second's worth. */
const SUPPOSED_BURST_MS = 1_000;
/** An hour's pause, for a day's quota that is used up, is no reason to go on slowly for the rest of the day. */
const LONGEST_RISE_MS = 30_000;
/** Ten a millisecond: without a rate of our own, and a long time after a 429, there would be no end to the rise. */
const FASTEST = 10;
/** One request a second, or our own rate: a server that refuses all for a while must not stop a client for good. */
const SLOWEST = 1 / 1_000;
