/** A size or a number of runs: the first in the fast suite, the second where the slow suite repeats the test in its long form. */
export function sized(fast: number, slow: number): number {
  return process.env.LONG_FORM === "true" ? slow : fast;
}
