import { Recent } from "../client/recent-writes.ts";
import { DEFAULT_TTL_MS, type DeliveryStore } from "./delivery-store.ts";

/** Options of {@link memoryDeliveries}. */
export interface MemoryDeliveriesOptions {
  /** How many ids are kept; the oldest is removed first. Default 10,000. */
  readonly max?: number | undefined;
  /** How long an id is kept, in milliseconds. Default four days, longer than senders usually repeat. */
  readonly ttlMs?: number | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A delivery store in the memory of this process. */
export function memoryDeliveries(options: MemoryDeliveriesOptions = {}): DeliveryStore {
  const { max = 10_000, ttlMs = DEFAULT_TTL_MS, now = () => Date.now() } = options;
  const handled = new Recent<true>({ now }, ttlMs, max);
  /** When each claim ends. */
  const leases = new Map<string, number>();
  const has = (id: string): boolean => handled.get(id) !== undefined;
  return {
    has,
    add(id) {
      leases.delete(id);
      handled.set(id, true);
    },
    claim(id, leaseMs) {
      if (has(id)) return "done";
      if ((leases.get(id) ?? 0) > now()) return "busy";
      leases.set(id, now() + leaseMs);
      return "claimed";
    },
    release: (id) => void leases.delete(id),
  };
}
