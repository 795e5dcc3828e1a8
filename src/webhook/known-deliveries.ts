import type { OpleadLogger } from "../base/observe.ts";
import { withLimit } from "../base/time/waits.ts";
import type { DeliveryStore } from "../deliveries/delivery-store.ts";
import { kindOf } from "./log.ts";

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
      logger.error(`oplead-sdk: webhook: the delivery store ${what}; deliveries go on`, {
        event: "delivery_store_failed",
      });
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
