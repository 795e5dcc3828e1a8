import { Recent } from "../base/recent.ts";
import { clock } from "../base/validation/parts.ts";
import { number, optionsCheck, options as optionsSchema, wholeNumber } from "../base/validation/validate.ts";
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

const checkOptions = /* @__PURE__ */ optionsCheck<MemoryDeliveriesOptions>("memoryDeliveries", () =>
  optionsSchema({
    max: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    ttlMs: number(1, Number.MAX_SAFE_INTEGER),
    now: clock(),
  }),
);

/**
 * A delivery store in the memory of this process.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function memoryDeliveries(options: MemoryDeliveriesOptions = {}): DeliveryStore {
  checkOptions(options);
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
