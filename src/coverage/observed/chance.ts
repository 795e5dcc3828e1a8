/** The least share that is behind `hits` of `all` with a confidence of 99.9 % (Wilson's interval). 0 where there is nothing to count. */
export function leastShare(hits: number, all: number): number {
  if (all === 0) return 0;
  const z2 = 3.09 ** 2;
  const share = hits / all;
  const spread = Math.sqrt(z2 * (share * (1 - share) + z2 / (4 * all))) / Math.sqrt(all);
  return Math.max(0, (share + z2 / (2 * all) - spread) / (1 + z2 / all));
}

/** The chance of at least `hits` among `all`, if each comes with probability `share`. */
export function chanceOfAtLeast(hits: number, all: number, share: number): number {
  let log = all * Math.log1p(-share); // of exactly none
  let below = 0;
  for (let count = 0; count < hits; count += 1) {
    below += Math.exp(log);
    log += Math.log((all - count) / (count + 1)) + Math.log(share / (1 - share));
  }
  return Math.max(0, 1 - below);
}

/** Where a row of answers changes most: the index from which on `true` is more frequent. */
export function changePoint(flags: readonly boolean[]): number {
  const total = flags.filter(Boolean).length;
  let best = { at: flags.indexOf(true), gain: Number.NEGATIVE_INFINITY };
  let before = 0;
  for (const [at, flag] of flags.entries()) {
    if (flag && before / Math.max(1, at) <= (total - before) / (flags.length - at)) {
      const gain = likelihood(before, at) + likelihood(total - before, flags.length - at);
      if (gain > best.gain) best = { at, gain };
    }
    before += Number(flag);
  }
  return best.at;
}

function likelihood(hits: number, all: number): number {
  const term = (count: number) => (count === 0 ? 0 : count * Math.log(count / all));
  return term(hits) + term(all - hits);
}
