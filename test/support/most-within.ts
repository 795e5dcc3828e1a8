// The times must be in order.
export function mostWithin(ms: number, times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [at, time] of times.entries()) {
    while (time - (times[first] as number) >= ms) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}
