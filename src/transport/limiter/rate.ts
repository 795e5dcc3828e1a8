// Plain numbers, for a shared store. Times: ms of one clock. Rates: requests per ms.
function newRateState(own: number, now: number) {
  return {
    from: own,
    to: own,
    // End of the last pause; `accepted` counts from then.
    resumedAt: now - HEAD_START_MS,
    // The rate rises for `riseMs`, then doubles each `doublingMs` to find out whether the server allows more.
    riseFrom: now,
    riseMs: 1,
    doublingMs: 1,
    refusedAt: NEVER,
    // Time without requests before `resumedAt`, in which the server's bucket fills up.
    pauseMs: SUPPOSED_BURST_MS,
    accepted: 0,
    acceptedInAll: 0,
    acceptedAt: 0,
    idleMs: 0,
    // 1 if the last 429 did not lower the rate: the time to the next one then shows how fast the empty bucket fills.
    keptRate: 0,
    doubtLeft: 0,
    doubtRate: 0,
    // Highest rate that the server surely allows.
    proven: 0,
    unrelatedUntil: NEVER,
    unrelatedMs: UNRELATED_MS,
    // Log likelihood ratio of a limit (see REFUSED_SCORE).
    score: 0,
  };
}

type RateState = ReturnType<typeof newRateState>;

const NEVER = -1;

// Between two 429s, a server with a limit accepts its bucket plus rate × time. That bounds the server's rate: above by
// the client's rate at the 429, below by acceptances / time with pauses. A 429 shows a limit only if slowing down makes
// 429s rarer: if bounds are far apart the rate stays; if they contradict earlier ones, only the refused calls wait.
// Figures: test/transport/limiter/.
export class AdaptiveRate {
  readonly #own: number;
  readonly state: RateState;

  constructor(own: number, now: number, state: RateState = newRateState(own, now)) {
    this.#own = own;
    this.state = state;
  }

  at(now: number): number {
    const { state } = this;
    if (state.refusedAt === NEVER) return this.#own;
    if (state.doubtLeft > 0) return state.doubtRate;
    const risen = (now - state.riseFrom) / state.riseMs;
    if (risen < 0) return state.from;
    if (risen < 1) return state.from + (state.to - state.from) * risen;
    return Math.min(this.#own, FASTEST, state.to * 2 ** ((now - state.riseFrom - state.riseMs) / state.doublingMs));
  }

  isUnrelated(now: number): boolean {
    return now < this.state.unrelatedUntil;
  }

  accepted(startedAt: number, now: number): void {
    const { state } = this;
    state.accepted += 1;
    state.acceptedInAll += 1;
    state.acceptedAt = now;
    state.score = Math.max(0, state.score - ACCEPTED_SCORE);
    if (state.doubtLeft === 0 || startedAt < state.resumedAt) return;
    state.doubtLeft -= 1;
    if (state.doubtLeft === 0) this.#resume(now, state.pauseMs + now - state.resumedAt);
  }

  idle(ms: number): void {
    this.state.idleMs += ms;
  }

  // Returns whether the 429 counts against the rate; if so, nothing starts before `resumeAt`.
  refused(startedAt: number, now: number, resumeAt: number): boolean {
    const { state } = this;
    state.score += REFUSED_SCORE;
    if (now < state.unrelatedUntil) {
      if (state.score < LIMIT_SCORE) return false;
      // Only a limit explains so many 429s in a row.
      state.unrelatedUntil = NEVER;
      this.#forgetLimit(now);
    }
    const isFirst = state.refusedAt === NEVER;
    // A pause for one 429 among many acceptances costs more than it saves.
    const pauses = isFirst || now < state.resumedAt || state.score >= CLUSTER_SCORE;
    if (startedAt < state.refusedAt) {
      // Sent before the last 429: says nothing new, but may ask for a longer pause.
      if (pauses && resumeAt > state.resumedAt) this.#resume(resumeAt, state.pauseMs + resumeAt - state.resumedAt);
      return pauses;
    }
    if (state.keptRate === 1 && state.accepted < LEAST_KEPT && state.score < CLUSTER_SCORE) return false;
    if (!isFirst && state.acceptedInAll < LEAST) {
      // Too soon after the last one to show a rate.
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
    // One request is subtracted: the bucket may have been fuller when sending resumed.
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
    // Trying a higher rate costs a 429 and its pause.
    const patienceMs = Math.min(2_000, 100 / state.to);
    state.riseMs = Math.max(patienceMs, Math.min(2 * (resumeAt - now), LONGEST_RISE_MS));
    state.doublingMs = 14 * patienceMs;
    state.acceptedInAll = 0;
    this.#resume(resumeAt, resumeAt - now);
  }

  movePause(now: number, resumeAt: number): void {
    const { resumedAt, pauseMs } = this.state;
    if (now < resumedAt) this.#resume(resumeAt, pauseMs + resumeAt - resumedAt);
  }

  // The server's bucket fills up during `pauseMs`.
  #resume(at: number, pauseMs: number): void {
    Object.assign(this.state, { resumedAt: at, riseFrom: at, pauseMs, accepted: 0, idleMs: 0 });
  }

  #forgetLimit(now: number): void {
    Object.assign(this.state, { refusedAt: NEVER, proven: 0, doubtLeft: 0, acceptedInAll: 0 });
    this.#resume(now - HEAD_START_MS, SUPPOSED_BURST_MS);
  }
}

// Share of the allowed rate: at all of it, every unevenness causes a 429.
const BELOW = 0.99;
const HEAD_START_MS = 10;
// Assumed bucket before the first 429: one second of requests.
const SUPPOSED_BURST_MS = 1_000;
// A day's quota pauses for an hour; the rest of the day must not be slow.
const LONGEST_RISE_MS = 30_000;
// Otherwise a client without a rate rises without end.
export const FASTEST = 10;
// A server that refuses everything for a while must not stop a client.
const SLOWEST = 1 / 1_000;
// Rate while in doubt, as a share of `proven`: a 429 at so low a rate has another cause.
const WELL_BELOW = 0.8;
const SLOWER = 0.64;
// Fewer acceptances show no rate.
const LEAST = 4;
const LEAST_KEPT = 2;
// A doubt is decided after at most so many requests or so much time.
const MOST_DOUBT = 50;
const LONGEST_DOUBT_MS = 3_500;
// How long 429s count as unrelated to the rate; doubles each time.
const UNRELATED_MS = 60_000;
const LONGEST_UNRELATED_MS = 600_000;
// Assumed: 50 % of requests get a 429 with a limit, 15 % without. About seven in a row show one.
const REFUSED_SCORE = /* @__PURE__ */ Math.log(0.5 / 0.15);
export const ACCEPTED_SCORE = /* @__PURE__ */ Math.log(0.85 / 0.5);
const LIMIT_SCORE = 8;
// About three 429s in a row.
const CLUSTER_SCORE = 3;
// An upper bound below this share of an earlier lower bound: the 429s have another cause.
const CONTRADICTION = 0.93;
// A lower bound below this share of the upper one is useless.
const FAR_APART = 0.5;
// Above this many times `to`, a 429 is expected.
const EXPECTED = 1.03;

export function newAllowanceState(own: number, now: number) {
  return {
    ...newRateState(own, now),
    pausedAt: 0,
    pausedUntil: 0,
    probeAt: 0,
    probeMs: FIRST_PROBE_MS,
  };
}

type AllowanceState = ReturnType<typeof newAllowanceState>;

// A server may end a long pause early, so single requests ask: after 1, 2, 4, 8, then every 10 minutes.
export class Allowance {
  readonly rate: AdaptiveRate;
  readonly state: AllowanceState;

  constructor(own: number, now: number, state = newAllowanceState(own, now)) {
    this.rate = new AdaptiveRate(own, now, state);
    this.state = state;
  }

  isProbeDue(now: number): boolean {
    return now < this.state.pausedUntil && now >= this.state.probeAt;
  }

  probe(now: number): void {
    this.state.probeAt = now + this.state.probeMs;
  }

  accepted(startedAt: number, now: number): boolean {
    this.rate.accepted(startedAt, now);
    return this.endPause(startedAt, now);
  }

  endPause(startedAt: number, now: number): boolean {
    if (!this.#isProbe(startedAt, now)) return false;
    this.state.pausedUntil = now;
    this.rate.movePause(now, now);
    return true;
  }

  refused(startedAt: number, now: number, pauseMs: number): boolean {
    const { state, rate } = this;
    const until = now + pauseMs;
    if (this.#isProbe(startedAt, now)) {
      // The newest answer tells best how long the pause lasts.
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
