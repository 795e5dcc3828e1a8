export function sized(fast: number, slow: number): number {
  return process.env.LONG_FORM === "true" ? slow : fast;
}
