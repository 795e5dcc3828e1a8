import type { FakeHandle } from "./types/fault.ts";

/** The handle of something that counts its hits. */
export function handleOf(item: { readonly hits: number }, remove: () => void): FakeHandle {
  return {
    get hits() {
      return item.hits;
    },
    remove,
  };
}

/** Gives back a number that is not below the least allowed. @throws RangeError otherwise, also for NaN. */
export function atLeast(name: string, value: number, least: number): number {
  if (!(value >= least)) throw new RangeError(`${name} must be ${least} or more, not ${value}.`);
  return value;
}
