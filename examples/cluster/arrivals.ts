/** How many requests arrived at a server in this process within any second. */

/** How often it is looked whether the event loop stands still. */
const TICK_MS = 10;

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
    const ms = now - before - TICK_MS;
    if (ms > 2) all.push({ end: performance.timeOrigin + now, ms });
    before = now;
  }, TICK_MS);
  return { all, end: () => clearInterval(timer) };
}

/**
 * The most requests that arrived within any second. A request that waited while the server's event loop stood still is counted
 * late. So a second that begins at the end of such a pause also has requests that arrived before it: as many as the limit
 * allows in the time of the pause, and no more than were counted right after it.
 */
export function mostInASecond(times: readonly number[], stalls: readonly Stall[], limit: number): number {
  const pauses = pausesOf(stalls);
  let most = 0;
  let after = 0;
  let nextPause = 0;
  for (const [first, from] of times.entries()) {
    while (after < times.length && (times[after] as number) - from < 1_000) after += 1;
    while (nextPause < pauses.length && (pauses[nextPause] as Pause).to + TICK_MS < from) nextPause += 1;
    const pause = pauses[nextPause];
    let earlier = 0;
    if (pause && pause.from < from) {
      let late = first;
      while (late < after && (times[late] as number) <= pause.to + TICK_MS) late += 1;
      earlier = Math.min(late - first, Math.ceil(((from - pause.from) * limit) / 1_000));
    }
    most = Math.max(most, after - first - earlier);
  }
  return most;
}

interface Pause {
  readonly from: number;
  readonly to: number;
}

/** Stalls that follow each other without a break are one pause: what waited in the first may be counted in the last. */
function pausesOf(stalls: readonly Stall[]): Pause[] {
  const pauses: Pause[] = [];
  for (const { end, ms } of stalls) {
    const before = pauses.at(-1);
    if (before && end - ms - TICK_MS <= before.to + 1) pauses[pauses.length - 1] = { from: before.from, to: end };
    else pauses.push({ from: end - ms, to: end });
  }
  return pauses;
}
