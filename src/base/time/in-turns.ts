import { OpleadError } from "../errors.ts";

/** How many milliseconds a loop goes on before other work of the process may run. */
const TURN_MS = 5;

/** A computation that takes long: the public function that does it, as its errors name it, and the signal that can end it. */
export interface LongWork {
  readonly caller: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * The items of a long loop. Requests, timers and signals get their turn before the first item, and then every few milliseconds. For the loops
 * over all users only: what is quick for 20,000 users needs no turns.
 *
 * @throws {@link OpleadError} `aborted` if the signal has been aborted.
 */
export async function* inTurns<T>(items: Iterable<T> | AsyncIterable<T>, work: LongWork): AsyncGenerator<T, void> {
  let since = Number.NEGATIVE_INFINITY;
  for await (const item of items) {
    if (performance.now() - since >= TURN_MS) {
      await giveWay(work);
      since = performance.now();
    }
    yield item;
  }
}

/**
 * Gives other work of the process its turn, between loops over all users that are quick each and block it together.
 *
 * @throws {@link OpleadError} `aborted` if the signal has been aborted.
 */
export async function giveWay(work: LongWork): Promise<void> {
  await nextTurn();
  endIfAborted(work);
}

/** Timers and arrived data come first. Where there is no setImmediate, a timer does the same and takes 1 ms longer. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve));
}

/** @throws {@link OpleadError} `aborted` if the signal has been aborted. */
export function endIfAborted(work: LongWork): void {
  if (work.signal?.aborted) throw aborted(work);
}

/** The error of a computation that the signal ends. */
export function aborted({ caller, signal }: LongWork): OpleadError {
  return new OpleadError("aborted", `${caller}: ended by the caller's signal.`, { cause: signal?.reason });
}
