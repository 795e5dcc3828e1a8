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
