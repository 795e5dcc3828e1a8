import type { OpleadLogger } from "../../options.ts";
import { earliest } from "../earliest.ts";
import { kindOf } from "../log-text.ts";
import type { DeliveryStore } from "./store.ts";

/** Handling a delivery twice does less harm than letting it wait longer for its store. */
const STORE_PATIENCE_MS = 5_000;

/** What {@link KnownDeliveries} needs. */
export interface KnownDeliveriesOptions {
  readonly store: DeliveryStore;
  readonly logger: OpleadLogger;
  /** Which platform the deliveries go to. A delivery handled for staging has not been handled for production. */
  readonly platform: string;
  /** A delivery handled in test mode has not been handled in production. */
  readonly testMode: boolean;
  /** How long a receiver that died keeps its claim, in milliseconds. */
  readonly leaseMs: number;
}

/** The delivery store as the webhook uses it: bound to a platform, limited in time, and harmless when it fails. */
export class KnownDeliveries {
  readonly #options: KnownDeliveriesOptions;

  constructor(options: KnownDeliveriesOptions) {
    this.#options = options;
  }

  /** Whether the delivery is new to this receiver. If it is and the store can claim, no other receiver gets it now. */
  async begin(key: string): Promise<"new" | "busy" | "done"> {
    const found = await this.#use(key, async (store, id) => {
      if (store.claim) return store.claim(id, this.#options.leaseMs);
      return (await store.has(id)) ? "done" : "claimed";
    });
    return found === "done" || found === "busy" ? found : "new";
  }

  async handled(key: string): Promise<void> {
    await this.#use(key, (store, id) => store.add(id));
  }

  /** The delivery was not handled, or may be repeated. */
  async release(key: string): Promise<void> {
    await this.#use(key, (store, id) => store.release?.(id));
  }

  async #use<T>(key: string, task: (store: DeliveryStore, id: string) => T | Promise<T>): Promise<T | undefined> {
    const { store, logger, platform, testMode } = this.#options;
    const id = `${testMode ? "test " : ""}${platform} ${key}`;
    const complain = (what: string) =>
      logger.error(`oplead-sdk: webhook: the delivery store ${what}; deliveries go on`);
    try {
      const found = await earliest((async () => task(store, id))(), STORE_PATIENCE_MS);
      if (found !== "late") return found;
      complain(`has not answered for ${STORE_PATIENCE_MS} ms`);
    } catch (error) {
      complain(`threw ${kindOf(error)}`);
    }
    return undefined;
  }
}
