/**
 * The memory of {@link AdaptiveRate}: plain numbers, so that several processes can keep it together. Times are milliseconds
 * of one clock, rates are requests per millisecond.
 */
function newRateState(own: number, now: number) {
  return {
    from: own,
    to: own,
    /** When we went on after the last 429: what was accepted since then is counted. */
    resumedAt: now - HEAD_START_MS,
    /** When the rise began, how long it takes, and how long each doubling after it. */
    riseFrom: now,
    riseMs: 1,
    doublingMs: 1,
    /** When the last 429 that counted came; NEVER as long as the rate is our own. */
    refusedAt: NEVER,
    /** For how long the server's bucket could fill up before `resumedAt`. */
    pauseMs: SUPPOSED_BURST_MS,
    accepted: 0,
    /** Since the last 429, also while it was doubted. */
    acceptedInAll: 0,
    /** When a request was accepted last. */
    acceptedAt: 0,
    idleMs: 0,
    /** 1 if we went on as fast after the last 429, so that the next one tells how fast the server's empty bucket fills up. */
    keptRate: 0,
    /** Acceptances still to come before a doubt is over. */
    doubtLeft: 0,
    doubtRate: 0,
    /** The rate that the server surely allows, by the last interval that was long enough to tell. */
    proven: 0,
    unrelatedUntil: NEVER,
    unrelatedMs: UNRELATED_MS,
    /** How much speaks for a limit after all: rises with each 429, falls with each acceptance. */
    score: 0,
  };
}

type RateState = ReturnType<typeof newRateState>;

/** Before every time of a clock. */
const NEVER = -1;

/**
 * How fast requests may follow each other: our own rate, and below it what the server turns out to allow.
 *
 * A server's limit is not documented, so 429s are all there is to learn from. Between two of them a limited server accepted
 * what its bucket held plus its rate times the time. That bounds the rate: from above by the rate at which it refused, from
 * below by spreading what it accepted over pauses as well, as if all of it had been saved up meanwhile. Without a pause the
 * two meet, and one more 429 gives the rate. We go on between the bounds, rise to the upper one, and then try more, because
 * others may use the same limit, or have stopped using it.
 *
 * A 429 is evidence of a rate only if slowing down makes 429s rarer. After one whose bounds are far apart we go on as fast:
 * the server's bucket is empty now, so a limit refuses again soon and tells its rate, and 429s at random do not. One that comes
 * where the bounds promise none is doubted: for a while we go slower. If the bounds contradict each other after that, 429s have
 * another cause, and are left to the calls that got them, until enough of them come in a row that only a limit explains it.
 * docs/decisions/rate.md has the figures.
 */
export class AdaptiveRate {
  /** Requests per millisecond; infinite without a rate of our own. */
  readonly #own: number;
  readonly state: RateState;

  constructor(own: number, now: number, state: RateState = newRateState(own, now)) {
    this.#own = own;
    this.state = state;
  }

  /** Requests per millisecond. */
  at(now: number): number {
    const { state } = this;
    if (state.refusedAt === NEVER) return this.#own;
    if (state.doubtLeft > 0) return state.doubtRate;
    const risen = (now - state.riseFrom) / state.riseMs;
    if (risen < 0) return state.from;
    if (risen < 1) return state.from + (state.to - state.from) * risen;
    return Math.min(this.#own, FASTEST, state.to * 2 ** ((now - state.riseFrom - state.riseMs) / state.doublingMs));
  }

  /** Whether 429s are taken to have another cause than the rate. */
  isUnrelated(now: number): boolean {
    return now < this.state.unrelatedUntil;
  }

  /** The server accepted, at `now`, a request sent at `startedAt`. */
  accepted(startedAt: number, now: number): void {
    const { state } = this;
    state.accepted += 1;
    state.acceptedInAll += 1;
    state.acceptedAt = now;
    state.score = Math.max(0, state.score - ACCEPTED_SCORE);
    if (state.doubtLeft === 0 || startedAt < state.resumedAt) return;
    state.doubtLeft -= 1;
    // Meanwhile the server's bucket may have filled up, as during a pause.
    if (state.doubtLeft === 0) this.#resume(now, state.pauseMs + now - state.resumedAt);
  }

  /** No request wanted to start for `ms`. */
  idle(ms: number): void {
    this.state.idleMs += ms;
  }

  /**
   * The server refused, at `now`, a request sent at `startedAt`; no request starts before `resumeAt`. Returns whether the 429
   * is taken for one about rate. If not, the caller need not wait until `resumeAt`.
   */
  refused(startedAt: number, now: number, resumeAt: number): boolean {
    const { state } = this;
    state.score += REFUSED_SCORE;
    if (now < state.unrelatedUntil) {
      if (state.score < LIMIT_SCORE) return false;
      // A limit after all.
      state.unrelatedUntil = NEVER;
      this.#forgetLimit(now);
    }
    const isFirst = state.refusedAt === NEVER;
    // A pause for one 429 among many acceptances would cost more than it saves.
    const pauses = isFirst || now < state.resumedAt || state.score >= CLUSTER_SCORE;
    if (startedAt < state.refusedAt) {
      // It was sent before we knew, so it only repeats the 429 before it, and may ask for a longer pause.
      if (pauses && resumeAt > state.resumedAt) this.#resume(resumeAt, state.pauseMs + resumeAt - state.resumedAt);
      return pauses;
    }
    if (state.keptRate === 1 && state.accepted < LEAST_KEPT && state.score < CLUSTER_SCORE) return false;
    if (!isFirst && state.acceptedInAll < LEAST) {
      // It comes too soon after the last 429 to tell anything, unless several come in a row.
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
    // The bucket may have held up to one request more when the interval began than at its last acceptance.
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
    // The cost of a try, a 429 and its pause, stays in proportion to the requests between two tries.
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

  /** Counts anew from a moment before which the server's bucket could fill up for `pauseMs`. */
  #resume(at: number, pauseMs: number): void {
    Object.assign(this.state, { resumedAt: at, riseFrom: at, pauseMs, accepted: 0, idleMs: 0 });
  }

  #forgetLimit(now: number): void {
    Object.assign(this.state, { refusedAt: NEVER, proven: 0, doubtLeft: 0, acceptedInAll: 0 });
    this.#resume(now - HEAD_START_MS, SUPPOSED_BURST_MS);
  }
}

/** Just below what the server allows, or every small unevenness would be a 429. */
const BELOW = 0.99;
/** Added to the time before the first 429: what is accepted at the very start is burst, and tells of no rate. */
const HEAD_START_MS = 10;
/** Before the first 429, the bucket is taken to hold a second's worth. */
const SUPPOSED_BURST_MS = 1_000;
/** An hour's pause, for a day's quota that is used up, must not slow the client for the rest of the day. */
const LONGEST_RISE_MS = 30_000;
/** Ten a millisecond: without a rate of our own, and a long time after a 429, there would be no end to the rise. */
export const FASTEST = 10;
/** One request a second, or our own rate: a server that refuses all for a while must not stop a client for good. */
const SLOWEST = 1 / 1_000;
/** A 429 at this share of what the server surely allows is not about rate, unless the limit has changed. */
const WELL_BELOW = 0.8;
/** A doubt makes us no slower than this share of the rate that was refused. */
const SLOWER = 0.64;
/** Fewer acceptances tell nothing. */
const LEAST = 4;
/** Fewer than this tell nothing of the rate at which an empty bucket fills up. */
const LEAST_KEPT = 2;
/** Acceptances that end a doubt: twice as many as came before the 429, at most this number, and for about this time. */
const MOST_DOUBT = 50;
const LONGEST_DOUBT_MS = 3_500;
/** For how long 429s are taken for unrelated to rate; doubles each time. */
const UNRELATED_MS = 60_000;
const LONGEST_UNRELATED_MS = 600_000;
/** Logarithms of likelihoods: 50 % of 429s speak for a limit, 15 % against one. About seven 429s in a row are a limit. */
const REFUSED_SCORE = /* @__PURE__ */ Math.log(0.5 / 0.15);
export const ACCEPTED_SCORE = /* @__PURE__ */ Math.log(0.85 / 0.5);
const LIMIT_SCORE = 8;
/** About three in a row are not single ones any more. */
const CLUSTER_SCORE = 3;
/** Bounds of two intervals that are further apart than this do not come from one limit. */
const CONTRADICTION = 0.93;
/** Bounds are too far apart to go by them if the lower one is less than this share of the upper one. */
const FAR_APART = 0.5;
/** A 429 is expected at a rate above the one that was refused last. */
const EXPECTED = 1.03;

/** The memory of an {@link Allowance}: plain numbers, so that several processes can keep it together. */
export function newAllowanceState(own: number, now: number) {
  return {
    ...newRateState(own, now),
    pausedAt: 0,
    pausedUntil: 0,
    /** When one request may ask whether the pause is over, and how long the one after it waits. */
    probeAt: 0,
    probeMs: FIRST_PROBE_MS,
  };
}

type AllowanceState = ReturnType<typeof newAllowanceState>;

/**
 * The server's limit as it is known: a rate, and no request in a pause that it asked for. A pause of more than a minute may end early, so
 * single requests ask whether it is over, after one minute, two, four, eight, and then every ten.
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

  /** Such a request starts. If it gets no answer, another one follows. */
  probe(now: number): void {
    this.state.probeAt = now + this.state.probeMs;
  }

  /** The server accepted, at `now`, a request sent at `startedAt`. Returns whether that ends a pause. */
  accepted(startedAt: number, now: number): boolean {
    this.rate.accepted(startedAt, now);
    return this.endPause(startedAt, now);
  }

  /** Ends a pause if a request that was sent during it was accepted. Returns whether it did. */
  endPause(startedAt: number, now: number): boolean {
    if (!this.#isProbe(startedAt, now)) return false;
    this.state.pausedUntil = now;
    this.rate.movePause(now, now);
    return true;
  }

  /**
   * The server refused, at `now`, a request sent at `startedAt`, and asks for a pause of `pauseMs`, or 0. Returns whether a
   * pause began, or ends at another time now.
   */
  refused(startedAt: number, now: number, pauseMs: number): boolean {
    const { state, rate } = this;
    const until = now + pauseMs;
    if (this.#isProbe(startedAt, now)) {
      // The newest answer knows best how long the pause still lasts.
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
