/**
 * What {@link AdaptiveRate} remembers, as plain numbers, so that several processes can share it in a store. Times are
 * milliseconds of one clock, rates are requests per millisecond.
 */
function newRateState(own: number, now: number) {
  return {
    from: own,
    to: own,
    /** When requests started again after the last 429. The field `accepted` counts requests from then on. */
    resumedAt: now - HEAD_START_MS,
    /**
     * `riseFrom`: when the rate began to rise to the upper bound of the server's rate. `riseMs`: how long this rise
     * takes. After the rise, the rate doubles again and again, to find out whether the server allows more.
     * `doublingMs`: how long each doubling takes.
     */
    riseFrom: now,
    riseMs: 1,
    doublingMs: 1,
    /** When the last 429 that lowered the rate came; NEVER as long as the rate of the client's options applies. */
    refusedAt: NEVER,
    /**
     * For how many milliseconds no request was sent before `resumedAt`. The server's bucket could fill up in this time.
     */
    pauseMs: SUPPOSED_BURST_MS,
    accepted: 0,
    /**
     * The number of requests that were accepted since the last 429. It includes the requests that were accepted while
     * it was in doubt whether the 429 was about the rate.
     */
    acceptedInAll: 0,
    /** The time at which the latest request was accepted. */
    acceptedAt: 0,
    idleMs: 0,
    /**
     * 1 if the last 429 did not lower the rate. After such a 429 the server's bucket (the requests that it accepts at
     * once) is empty, so the time until the next 429 shows how fast the bucket fills up.
     */
    keptRate: 0,
    /** How many requests must still be accepted before it is decided whether the last 429 was about the rate. */
    doubtLeft: 0,
    doubtRate: 0,
    /**
     * The highest rate that the server surely allows. It is measured between two 429s, if at least `LEAST` requests
     * were accepted between them.
     */
    proven: 0,
    unrelatedUntil: NEVER,
    unrelatedMs: UNRELATED_MS,
    /**
     * Used while 429s count as unrelated to the rate: how likely it is that a limit causes them after all. It rises
     * with each 429 and falls with each accepted request.
     */
    score: 0,
  };
}

type RateState = ReturnType<typeof newRateState>;

/** A time before every time that a clock shows. */
const NEVER = -1;

/**
 * How fast requests may follow each other: at the rate of the client's options, or at a lower rate that the server
 * turns out to allow.
 *
 * The server's limit is not documented, so only 429s show it. Between two 429s, a server with a limit accepts as many
 * requests as its bucket holds, plus its rate times the time. This gives two bounds for its rate. The upper bound is
 * the client's rate when the server refused. The lower bound is the number of accepted requests divided by the whole
 * time, pauses included, which counts pauses as time in which the bucket filled up. Without a pause the bounds are
 * equal, and one more 429 gives the rate. The client goes on at a rate between the bounds, rises to the upper bound,
 * and then tries more, because the number of other clients that use up the limit may change.
 *
 * A 429 is evidence of a limited rate only if slowing down makes 429s rarer. If the two bounds are far apart after a
 * 429, the client keeps its rate. The server's bucket is empty now, so a server with a limit soon refuses again, and
 * the time until then shows its rate. Random 429s show no rate. If a 429 comes at a rate that the bounds allow, a limit
 * may not be its cause. The client then sends more slowly for a while. If the next bounds contradict each other, the
 * 429s have a different cause. From then on only the calls that got 429s wait, until so many 429s come in a row that
 * only a limit explains them. test/transport/limiter/ has the figures.
 */
export class AdaptiveRate {
  /** The rate of the client's options in requests per millisecond; infinite if they set none. */
  readonly #own: number;
  readonly state: RateState;

  constructor(own: number, now: number, state: RateState = newRateState(own, now)) {
    this.#own = own;
    this.state = state;
  }

  /** The rate at a time, in requests per millisecond. */
  at(now: number): number {
    const { state } = this;
    if (state.refusedAt === NEVER) return this.#own;
    if (state.doubtLeft > 0) return state.doubtRate;
    const risen = (now - state.riseFrom) / state.riseMs;
    if (risen < 0) return state.from;
    if (risen < 1) return state.from + (state.to - state.from) * risen;
    return Math.min(this.#own, FASTEST, state.to * 2 ** ((now - state.riseFrom - state.riseMs) / state.doublingMs));
  }

  /** Whether 429s count as unrelated to the rate. */
  isUnrelated(now: number): boolean {
    return now < this.state.unrelatedUntil;
  }

  /** Notes that the server accepted, at `now`, a request sent at `startedAt`. */
  accepted(startedAt: number, now: number): void {
    const { state } = this;
    state.accepted += 1;
    state.acceptedInAll += 1;
    state.acceptedAt = now;
    state.score = Math.max(0, state.score - ACCEPTED_SCORE);
    if (state.doubtLeft === 0 || startedAt < state.resumedAt) return;
    state.doubtLeft -= 1;
    // The client sent more slowly to find out whether a limit caused the last 429. Meanwhile the server's bucket may
    // have filled up, as during a pause.
    if (state.doubtLeft === 0) this.#resume(now, state.pauseMs + now - state.resumedAt);
  }

  /** Notes that for `ms` no request wanted to start. */
  idle(ms: number): void {
    this.state.idleMs += ms;
  }

  /**
   * Notes a 429 that came at `now` for a request sent at `startedAt`. Returns whether the 429 is counted as a sign that
   * the rate is too high. If so, no request starts before `resumeAt`. If not, the caller need not wait.
   */
  refused(startedAt: number, now: number, resumeAt: number): boolean {
    const { state } = this;
    state.score += REFUSED_SCORE;
    if (now < state.unrelatedUntil) {
      if (state.score < LIMIT_SCORE) return false;
      // A score of `LIMIT_SCORE` or more comes from so many 429s in a row that only a limit explains them.
      state.unrelatedUntil = NEVER;
      this.#forgetLimit(now);
    }
    const isFirst = state.refusedAt === NEVER;
    // A pause for one 429 among many acceptances would cost more than it saves.
    const pauses = isFirst || now < state.resumedAt || state.score >= CLUSTER_SCORE;
    if (startedAt < state.refusedAt) {
      // The request was sent before the last 429 came, so this 429 tells nothing new about the rate. It may ask for a
      // longer pause, though.
      if (pauses && resumeAt > state.resumedAt) this.#resume(resumeAt, state.pauseMs + resumeAt - state.resumedAt);
      return pauses;
    }
    if (state.keptRate === 1 && state.accepted < LEAST_KEPT && state.score < CLUSTER_SCORE) return false;
    if (!isFirst && state.acceptedInAll < LEAST) {
      // This 429 comes too soon after the one before it to show the server's rate, unless several 429s come in a row.
      if (state.score < CLUSTER_SCORE) return false;
      if (resumeAt > now) {
        this.#resume(resumeAt, state.pauseMs + resumeAt - state.resumedAt);
        return true;
      }
    }
    this.#learn(now, pauses ? resumeAt : now);
    return pauses && now >= state.unrelatedUntil;
  }

  #learn(now: number, resumeAt: number): void {
    const { state } = this;
    const rate = this.at(now);
    const ms = now - state.resumedAt;
    const upper = Math.min(rate, FASTEST, (state.accepted + 1) / Math.max(ms - state.idleMs, 1));
    // The server's bucket holds the requests that the server accepts at once. When requests resumed after the last 429,
    // the bucket may have been fuller than now, by at most one request. So one request is subtracted.
    const acceptedMs = Math.max(0, state.acceptedAt - state.resumedAt);
    const whileKept = state.keptRate === 1 ? (state.accepted - 1) / Math.max(acceptedMs, 1) : 0;
    const inAll = (state.acceptedInAll - 1) / Math.max(acceptedMs + state.pauseMs, 1);
    const lower = Math.max(0, Math.min(upper, Math.max(whileKept, inAll)));
    if (state.score < CLUSTER_SCORE && upper < CONTRADICTION * state.proven) {
      state.unrelatedUntil = now + state.unrelatedMs;
      state.unrelatedMs = Math.min(state.unrelatedMs * 2, LONGEST_UNRELATED_MS);
      this.#forgetLimit(now);
      return;
    }
    const isFirst = state.refusedAt === NEVER;
    const isExpected = isFirst || rate > EXPECTED * state.to;
    const keepsRate = state.keptRate === 0 && !isExpected && state.score < CLUSTER_SCORE && lower < FAR_APART * upper;
    state.keptRate = keepsRate ? 1 : 0;
    if (keepsRate) {
      state.from = Math.min(rate, state.to);
      state.doubtLeft = 0;
      state.refusedAt = now;
      this.#resume(now, state.pauseMs + ms);
      return;
    }
    const slowest = Math.min(SLOWEST, this.#own);
    state.from = Math.max(slowest, BELOW * (lower + (isFirst ? 0.6 : 0.15) * (upper - lower)));
    state.to = Math.max(state.from, BELOW * upper);
    if (state.acceptedInAll >= LEAST) state.proven = Math.max(state.proven, lower);
    state.doubtRate = Math.max(slowest, WELL_BELOW * Math.min(upper, state.proven), SLOWER * upper);
    const enough = Math.min(MOST_DOUBT, Math.max(10, 2 * state.acceptedInAll));
    state.doubtLeft = isExpected ? 0 : Math.ceil(Math.min(enough, Math.max(5, LONGEST_DOUBT_MS * state.doubtRate)));
    state.refusedAt = now;
    // Trying a higher rate costs a 429 and its pause, so it is tried only after many requests.
    const patienceMs = Math.min(2_000, 100 / state.to);
    state.riseMs = Math.max(patienceMs, Math.min(2 * (resumeAt - now), LONGEST_RISE_MS));
    state.doublingMs = 14 * patienceMs;
    state.acceptedInAll = 0;
    this.#resume(resumeAt, resumeAt - now);
  }

  /** Moves the end of a pause. */
  movePause(now: number, resumeAt: number): void {
    const { resumedAt, pauseMs } = this.state;
    if (now < resumedAt) this.#resume(resumeAt, pauseMs + resumeAt - resumedAt);
  }

  /**
   * Starts to count accepted requests anew at the time `at`. No request was sent for `pauseMs` before it, so the
   * server's bucket could fill up.
   */
  #resume(at: number, pauseMs: number): void {
    Object.assign(this.state, { resumedAt: at, riseFrom: at, pauseMs, accepted: 0, idleMs: 0 });
  }

  #forgetLimit(now: number): void {
    Object.assign(this.state, { refusedAt: NEVER, proven: 0, doubtLeft: 0, acceptedInAll: 0 });
    this.#resume(now - HEAD_START_MS, SUPPOSED_BURST_MS);
  }
}

/** The rate is kept at this share of what the server allows; otherwise every small unevenness would cause a 429. */
const BELOW = 0.99;
/**
 * Added to the time before the first 429: the requests accepted at the very start come from the server's bucket, and do
 * not show its rate.
 */
const HEAD_START_MS = 10;
/** Before the first 429, the server's bucket is assumed to hold the requests of one second. */
const SUPPOSED_BURST_MS = 1_000;
/**
 * The longest time in which the rate rises after a pause. A pause of an hour, for a day's quota that is used up, must
 * not slow the client for the rest of the day.
 */
const LONGEST_RISE_MS = 30_000;
/**
 * The highest rate after a 429: ten requests a millisecond. Without it, the rate of a client whose options set none
 * would rise without end.
 */
export const FASTEST = 10;
/**
 * The lowest rate after 429s: one request a second, or the rate of the client's options if that is lower. A server that
 * refuses everything for a while must not stop a client for good.
 */
const SLOWEST = 1 / 1_000;
/**
 * Used while it is doubted that a 429 was about the rate. The rate is then at least this share of the rate that the
 * server surely allows. If another 429 comes at so low a rate, it has a different cause, unless the limit has changed.
 */
const WELL_BELOW = 0.8;
/**
 * While it is doubted that a 429 was about the rate, the rate does not fall below this share of the rate at which the
 * 429 came.
 */
const SLOWER = 0.64;
/** Fewer accepted requests than this since the last 429 show nothing about the rate. */
const LEAST = 4;
/**
 * After a 429 that did not lower the rate, at least this many requests must be accepted before the next 429 shows how
 * fast the server's empty bucket fills up.
 */
const LEAST_KEPT = 2;
/**
 * After a 429 the client sends more slowly for a number of requests, and then decides whether the 429 was about the
 * rate. The number is twice as many requests as were accepted between the 429 before and this one. It is at most
 * `MOST_DOUBT`, and at most what the client sends in about `LONGEST_DOUBT_MS`.
 */
const MOST_DOUBT = 50;
const LONGEST_DOUBT_MS = 3_500;
/**
 * For how long 429s count as unrelated to the rate, in milliseconds. The time doubles each time that 429s turn out to
 * be unrelated to the rate.
 */
const UNRELATED_MS = 60_000;
const LONGEST_UNRELATED_MS = 600_000;
/**
 * Logarithms of likelihood ratios: with a limit, 50 % of requests are assumed to get a 429; without one, 15 %. About
 * seven 429s in a row show a limit.
 */
const REFUSED_SCORE = /* @__PURE__ */ Math.log(0.5 / 0.15);
export const ACCEPTED_SCORE = /* @__PURE__ */ Math.log(0.85 / 0.5);
const LIMIT_SCORE = 8;
/**
 * At this `score` (how likely it is that a limit causes the 429s), 429s no longer count as isolated. About three 429s
 * in a row reach it.
 */
const CLUSTER_SCORE = 3;
/**
 * If the upper bound of the server's rate is less than this share of a lower bound that was found earlier, the 429s do
 * not come from one limit.
 */
const CONTRADICTION = 0.93;
/**
 * If the lower bound of the server's rate is less than this share of the upper bound, the bounds are too far apart to
 * be used.
 */
const FAR_APART = 0.5;
/**
 * If the rate is more than this many times `to`, the highest rate that was possible after the last 429, the next 429 is
 * expected. Then it is about the rate without doubt.
 */
const EXPECTED = 1.03;

/** What an {@link Allowance} remembers, as plain numbers, so that several processes can share it in a store. */
export function newAllowanceState(own: number, now: number) {
  return {
    ...newRateState(own, now),
    pausedAt: 0,
    pausedUntil: 0,
    /**
     * When the next request may be sent to ask whether a pause is over, and how long to wait after it before asking
     * again.
     */
    probeAt: 0,
    probeMs: FIRST_PROBE_MS,
  };
}

type AllowanceState = ReturnType<typeof newAllowanceState>;

/**
 * What is known of the server's limit: a rate, and the pause that the server asked for, during which no request starts.
 * A server may end a pause of more than a minute early, so single requests are sent to ask whether the pause is over:
 * after one minute, two, four, eight, and then every ten minutes.
 */
export class Allowance {
  readonly rate: AdaptiveRate;
  readonly state: AllowanceState;

  constructor(own: number, now: number, state = newAllowanceState(own, now)) {
    this.rate = new AdaptiveRate(own, now, state);
    this.state = state;
  }

  /** Whether a request may start during the pause, to ask whether it is over. */
  isProbeDue(now: number): boolean {
    return now < this.state.pausedUntil && now >= this.state.probeAt;
  }

  /**
   * Notes that a request starts now, to ask whether the pause is over. If this request gets no answer, another one asks
   * later.
   */
  probe(now: number): void {
    this.state.probeAt = now + this.state.probeMs;
  }

  /** Notes that the server accepted, at `now`, a request sent at `startedAt`. Returns whether this ends a pause. */
  accepted(startedAt: number, now: number): boolean {
    this.rate.accepted(startedAt, now);
    return this.endPause(startedAt, now);
  }

  /** Ends a pause if a request that was sent during the pause was accepted. Returns whether the pause has ended. */
  endPause(startedAt: number, now: number): boolean {
    if (!this.#isProbe(startedAt, now)) return false;
    this.state.pausedUntil = now;
    this.rate.movePause(now, now);
    return true;
  }

  /**
   * Notes that the server refused, at `now`, a request sent at `startedAt`, and asked for a pause of `pauseMs` (0: for
   * none). Returns whether a pause began or its end has moved.
   */
  refused(startedAt: number, now: number, pauseMs: number): boolean {
    const { state, rate } = this;
    const until = now + pauseMs;
    if (this.#isProbe(startedAt, now)) {
      // The newest answer is the best evidence of how long the pause still lasts.
      if (pauseMs > 0) rate.movePause(now, until);
      state.probeMs = Math.min(2 * state.probeMs, LONGEST_PROBE_MS);
      this.#pause(now, pauseMs > 0 ? until : state.pausedUntil);
      return true;
    }
    const isAboutRate = rate.refused(startedAt, now, Math.max(until, state.pausedUntil));
    if (!isAboutRate || until <= state.pausedUntil) return false;
    if (now >= state.pausedUntil) Object.assign(state, { pausedAt: now, probeMs: FIRST_PROBE_MS });
    this.#pause(now, until);
    return true;
  }

  #isProbe(startedAt: number, now: number): boolean {
    return now < this.state.pausedUntil && startedAt > this.state.pausedAt;
  }

  #pause(now: number, until: number): void {
    this.state.pausedUntil = until;
    this.state.probeAt = until - now > FIRST_PROBE_MS ? now + this.state.probeMs : until;
  }
}

export const FIRST_PROBE_MS = 60_000;
const LONGEST_PROBE_MS = 600_000;
