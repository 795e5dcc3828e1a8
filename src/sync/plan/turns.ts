import { giveWay, type LongWork, TURN_MS } from "../../core/time.ts";

/**
 * Runs a task for each item, and lets other work of the process run as `inTurns` does. If a task returns a promise, the
 * next item waits for it. For loops over all users: an item takes less time than in a loop over `inTurns`, and an item
 * of a list needs no promise.
 *
 * @throws {@link OpleadError} `aborted` if the signal has been aborted.
 */
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
