/**
 * A size or a number of runs: `fast` in the fast suite, `slow` when the slow suite repeats the test in its long form.
 */
export function sized(fast: number, slow: number): number {
  return process.env.LONG_FORM === "true" ? slow : fast;
}
