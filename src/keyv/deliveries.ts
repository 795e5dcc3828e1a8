import * as check from "../base/validation/validate.ts";
import { DEFAULT_TTL_MS, type DeliveryStore } from "../deliveries/delivery-store.ts";
import { tellStore } from "../locales/en/core.ts";
import type { KeyvLike } from "./ledger.ts";

/** Options of {@link keyvDeliveries}. */
export interface KeyvDeliveriesOptions {
  /** How long an id is kept, in milliseconds. Default four days. */
  readonly ttlMs?: number | undefined;
}

const checkKeyv = /* @__PURE__ */ check.argumentsCheck("keyvDeliveries", () => ({
  keyv: check.withMethods(["get", "set"], tellStore("not_keyv")),
}));

const checkOptions = /* @__PURE__ */ check.optionsCheck<KeyvDeliveriesOptions>("keyvDeliveries", () =>
  check.options({ ttlMs: check.number(1, Number.MAX_SAFE_INTEGER) }),
);

/**
 * A delivery store in a Keyv, which several processes can share. Keyv has no atomic write, so two receivers that get the
 * same delivery at the same moment both handle it.
 *
 * @throws {@link OpleadError} `invalid_options`, `invalid_input`.
 */
export function keyvDeliveries(
  keyv: Pick<KeyvLike, "get" | "set">,
  options: KeyvDeliveriesOptions = {},
): DeliveryStore {
  checkKeyv({ keyv });
  checkOptions(options);
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
