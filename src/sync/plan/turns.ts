import { giveWay, type LongWork, TURN_MS } from "../../core/time.ts";

// `inTurns` for loops over all users: less time for each item, and no promise for an item of a list.
export async function eachInTurn<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: LongWork,
  task: (item: T) => Promise<unknown> | undefined,
): Promise<void> {
  let since = Number.NEGATIVE_INFINITY;
  const next = (item: T): Promise<unknown> | undefined =>
    performance.now() - since < TURN_MS ? task(item) : later(item);
  const later = async (item: T): Promise<void> => {
    await giveWay(work);
    since = performance.now();
    await task(item);
  };
  if (Symbol.asyncIterator in items) {
    for await (const item of items) {
      const done = next(item);
      if (done) await done;
    }
    return;
  }
  for (const item of items) {
    const done = next(item);
    if (done) await done;
  }
}
