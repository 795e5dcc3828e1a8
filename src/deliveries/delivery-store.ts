/**
 * The ids of handled deliveries. Receivers in several processes share one. A failing store is logged and does no harm,
 * because handling a delivery twice leaves the same state in Oplead.
 *
 * The ids that the webhook passes name the platform and test mode as well, so one store can serve several platforms.
 */
export interface DeliveryStore {
  has(id: string): boolean | Promise<boolean>;
  /** Called after the delivery was handled, never before. Ends a claim. */
  add(id: string): void | Promise<void>;
  /**
   * Optional. Claims a delivery atomically, so that of several receivers only one works on it. The claim ends with
   * {@link DeliveryStore.add}, with {@link DeliveryStore.release}, or after `leaseMs` milliseconds if the receiver died.
   * With it, {@link DeliveryStore.has} is not called. Whether the receiver may work on the delivery:
   *
   * - `claimed`: yes, and no other receiver may
   * - `busy`: another receiver is working on it
   * - `done`: it was handled before
   */
  claim?(id: string, leaseMs: number): "claimed" | "busy" | "done" | Promise<"claimed" | "busy" | "done">;
  /** Optional. Gives back a claim of this receiver after a failure, so that the next attempt is not `busy`. */
  release?(id: string): void | Promise<void>;
}

/** How long a store keeps an id by default: four days, longer than senders usually repeat a delivery. */
export const DEFAULT_TTL_MS = 4 * 24 * 60 * 60 * 1000;
