import type { OpleadLogger } from "../base/observe.ts";
import { withLimit } from "../base/waits.ts";
import { Recent } from "../client/recent-writes.ts";
import { kindOf } from "./log.ts";

/**
 * Whether a receiver may work on a delivery:
 *
 * - `claimed`: yes, and no other receiver may
 * - `busy`: another receiver is working on it
 * - `done`: it was handled before
 */
export type DeliveryClaim = "claimed" | "busy" | "done";

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
   * Optional. Claims a delivery in one atomic step, so that of several receivers only one works on it. The claim ends with
   * {@link DeliveryStore.add}, with {@link DeliveryStore.release}, or after `leaseMs` milliseconds if the receiver died.
   * With it, {@link DeliveryStore.has} is not called.
   */
  claim?(id: string, leaseMs: number): DeliveryClaim | Promise<DeliveryClaim>;
  /** Optional. Gives back a claim of this receiver after a failure, so that the next attempt is not `busy`. */
  release?(id: string): void | Promise<void>;
}

/** Four days: longer than senders usually repeat a delivery. */
const DEFAULT_TTL_MS = 4 * 24 * 60 * 60 * 1000;

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

/** The methods that {@link keyvDeliveries} uses of a Keyv, of any version. */
export interface KeyvWithTtl {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
}

/** Options of {@link keyvDeliveries}. */
export interface KeyvDeliveriesOptions {
  /** How long an id is kept, in milliseconds. Default four days. */
  readonly ttlMs?: number | undefined;
}

/**
 * A delivery store in a Keyv, which several processes can share. Keyv has no atomic write, so two receivers that get the
 * same delivery at the same moment both handle it.
 */
export function keyvDeliveries(keyv: KeyvWithTtl, options: KeyvDeliveriesOptions = {}): DeliveryStore {
  const { ttlMs = DEFAULT_TTL_MS } = options;
  const keyOf = (id: string): string => `oplead-delivery:${id}`;
  return {
    has: async (id) => {
      const stored = await keyv.get(keyOf(id));
      // Some stores return null for a missing key.
      return stored !== undefined && stored !== null;
    },
    add: async (id) => {
      await keyv.set(keyOf(id), 1, ttlMs);
    },
  };
}

/** Handling a delivery twice does less harm than letting it wait longer for its store. */
const STORE_PATIENCE_MS = 5_000;

/**
 * The delivery store as the webhook uses it: limited in time, and harmless when it fails. `scope` begins every id: a delivery
 * handled for one platform, or in test mode, has not been handled for another. A receiver that died keeps its claim for
 * `leaseMs` milliseconds.
 */
export function knownDeliveries(store: DeliveryStore, logger: OpleadLogger, scope: string, leaseMs: number) {
  const use = async <T>(key: string, task: (id: string) => T | Promise<T>): Promise<T | undefined> => {
    const complain = (what: string) =>
      logger.error(`oplead-sdk: webhook: the delivery store ${what}; deliveries go on`);
    try {
      return await withLimit((async () => task(`${scope} ${key}`))(), STORE_PATIENCE_MS, () => {
        complain(`has not answered for ${STORE_PATIENCE_MS} ms`);
        return undefined;
      });
    } catch (error) {
      complain(`threw ${kindOf(error)}`);
      return undefined;
    }
  };
  return {
    /** Whether the delivery is new to this receiver. If it is and the store can claim, no other receiver gets it now. */
    async begin(key: string): Promise<"new" | "busy" | "done"> {
      const found = await use(key, async (id) => {
        if (store.claim) return store.claim(id, leaseMs);
        return (await store.has(id)) ? "done" : "claimed";
      });
      return found === "done" || found === "busy" ? found : "new";
    },
    handled: (key: string) => use(key, (id) => store.add(id)),
    /** The delivery was not handled, or may be repeated. */
    release: (key: string) => use(key, (id) => store.release?.(id)),
  };
}
