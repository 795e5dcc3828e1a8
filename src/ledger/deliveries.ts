import { Recent } from "../core/keyed.ts";

/**
 * Stores the ids of handled deliveries. Receivers in several processes can share a store. If the store fails, that is
 * only logged, because handling a delivery twice leaves the same state in Oplead.
 *
 * The webhook adds the platform and test mode to each id, so one store can serve several platforms.
 */
export interface DeliveryStore {
  has(id: string): boolean | Promise<boolean>;
  /**
   * Notes that a delivery was handled. It is called only after the delivery was handled. It also ends the claim on the
   * delivery.
   */
  add(id: string): void | Promise<void>;
  /**
   * Optional. Claims a delivery atomically, so that only one of several receivers works on it. The claim ends with
   * {@link DeliveryStore.add}, with {@link DeliveryStore.release}, or after `leaseMs` milliseconds if the receiver
   * died. If a store has this method, {@link DeliveryStore.has} is not called. The result says whether the receiver may
   * work on the delivery:
   *
   * - `claimed`: yes, and no other receiver may
   * - `busy`: another receiver is working on it
   * - `done`: it was handled before
   */
  claim?(id: string, leaseMs: number): "claimed" | "busy" | "done" | Promise<"claimed" | "busy" | "done">;
  /** Optional. Gives back a claim of this receiver after a failure, so that the next attempt is not `busy`. */
  release?(id: string): void | Promise<void>;
}

export const KEPT_MS = 4 * 24 * 60 * 60 * 1000;

/** A delivery store in the memory of this process. It keeps an id for four days, longer than senders usually repeat. */
export function memoryDeliveries(): DeliveryStore {
  return storeDeliveries(() => Date.now());
}

// If there are more than `max` ids, the oldest is removed first.
export function storeDeliveries(now: () => number, max = 10_000): DeliveryStore {
  const handled = new Recent<true>({ now }, KEPT_MS, max);
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
