/**
 * The ids of deliveries that were done. Where several processes receive, they share one. A store that fails is logged and
 * does no harm: a delivery done twice leaves the same state.
 */
export interface DeliveryStore {
  has(id: string): boolean | Promise<boolean>;
  /** Called once the delivery was done, never before. */
  add(id: string): void | Promise<void>;
}

/** Options of {@link memoryDeliveries}. */
export interface MemoryDeliveriesOptions {
  /** How many ids are kept; the oldest is forgotten first. Default 10,000. */
  readonly max?: number | undefined;
  /** How long an id is kept, in milliseconds. Default four days, longer than senders usually repeat. */
  readonly ttlMs?: number | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const FOUR_DAYS_MS = 4 * 24 * 60 * 60 * 1000;

/** Remembers in this process, for as long as it lives. */
export function memoryDeliveries(options: MemoryDeliveriesOptions = {}): DeliveryStore {
  const { max = 10_000, ttlMs = FOUR_DAYS_MS, now = () => Date.now() } = options;
  /** In the order in which they were added, so that those to forget come first. */
  const expiries = new Map<string, number>();
  return {
    has: (id) => (expiries.get(id) ?? 0) > now(),
    add(id) {
      expiries.delete(id);
      expiries.set(id, now() + ttlMs);
      for (const [oldest, expiry] of expiries) {
        if (expiries.size <= max && expiry > now()) break;
        expiries.delete(oldest);
      }
    },
  };
}

/** The part of a Keyv store that is used, whatever its version. */
export interface KeyvWithTtl {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
}

/** Options of {@link keyvDeliveries}. */
export interface KeyvDeliveriesOptions {
  /** How long an id is kept, in milliseconds. Default four days. */
  readonly ttlMs?: number | undefined;
}

/** Remembers in a Keyv store, which many processes can share. */
export function keyvDeliveries(keyv: KeyvWithTtl, options: KeyvDeliveriesOptions = {}): DeliveryStore {
  const { ttlMs = FOUR_DAYS_MS } = options;
  const keyOf = (id: string): string => `oplead-delivery:${id}`;
  return {
    has: async (id) => {
      const stored = await keyv.get(keyOf(id));
      // Some stores say null of a key that they don't have.
      return stored !== undefined && stored !== null;
    },
    add: async (id) => {
      await keyv.set(keyOf(id), 1, ttlMs);
    },
  };
}
