import type { FakeHandle } from "./types/fault.ts";

export function handleOf(item: { readonly hits: number }, remove: () => void): FakeHandle {
  return {
    get hits() {
      return item.hits;
    },
    remove,
  };
}

/** @throws TypeError for a name that is not known: misspelt, it would have no effect, and a test would pass for no reason. */
export function requireKnown<Name extends string>(what: string, name: Name, known: readonly NoInfer<Name>[]): void {
  if (!known.includes(name)) throw new TypeError(`No ${what} is called "${name}": ${known.join(", ")} are.`);
}

/** Gives back a number that is not below the least allowed. @throws RangeError otherwise, also for NaN. */
export function atLeast(name: string, value: number, least: number): number {
  if (!(value >= least)) throw new RangeError(`${name} must be ${least} or more, not ${value}.`);
  return value;
}
