/** How many requests arrived at a server in this process within any second. */

interface Stall {
  readonly end: number;
  readonly ms: number;
}

/** Notes when the event loop of this process, which is the server, stood still. */
export function watchStalls(): { readonly all: readonly Stall[]; end(): void } {
  const all: Stall[] = [];
  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const ms = now - before - 10;
    if (ms > 2) all.push({ end: performance.timeOrigin + now, ms });
    before = now;
  }, 10);
  return { all, end: () => clearInterval(timer) };
}

/**
 * The most requests that arrived within any second. Requests that waited while the server's event loop stood still are
 * counted late and together, so a second with such a pause is given the requests of that time on top.
 */
export function mostInASecond(times: readonly number[], stalls: readonly Stall[], limit: number): number {
  let most = 0;
  let first = 0;
  let firstStall = 0;
  for (const [at, time] of times.entries()) {
    while (time - (times[first] as number) >= 1_000) first += 1;
    const from = times[first] as number;
    while (firstStall < stalls.length && (stalls[firstStall] as Stall).end < from) firstStall += 1;
    let stalledMs = 0;
    for (let index = firstStall; index < stalls.length; index += 1) {
      const { end, ms } = stalls[index] as Stall;
      if (end - ms > time) break;
      stalledMs = Math.max(stalledMs, ms);
    }
    most = Math.max(most, at - first + 1 - Math.ceil((stalledMs * limit) / 1_000));
  }
  return most;
}
