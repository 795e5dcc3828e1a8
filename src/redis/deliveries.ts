import { options as optionsSchema } from "../core/validate.ts";
import { type DeliveryStore, KEPT_MS } from "../ledger/deliveries.ts";
import { argumentsCheck, keyText, RELEASE, type RedisClient, Script, TAKE } from "./client.ts";
import type { RedisLedgerOptions } from "./ledger.ts";

/** Options of {@link redisDeliveries}. */
export interface RedisDeliveriesOptions extends Pick<RedisLedgerOptions, "prefix"> {}

const checkArguments = /* @__PURE__ */ argumentsCheck<RedisDeliveriesOptions>("redisDeliveries", () =>
  optionsSchema({ prefix: keyText() }),
);

const DONE = "done";

const ADD = new Script(`return redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])`);

/**
 * Delivery store for several webhook receivers: only one of them handles a delivery. A claim ends by itself if its
 * receiver dies.
 *
 * ```ts
 * createUserWebhook(oplead, { verify, map, ledger, deliveries: redisDeliveries(redis) });
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`. The methods throw what Redis throws; the webhook logs it.
 */
export function redisDeliveries(redis: RedisClient, options: RedisDeliveriesOptions = {}): Required<DeliveryStore> {
  checkArguments(redis, options);
  const { prefix = "oplead:delivery:" } = options;
  const holder = crypto.randomUUID();
  // When each claim of this receiver ends. If only Redis has a claim, its answer or release was lost with a connection:
  // it must not stop the sender's next attempt.
  const held = new Map<string, number>();
  return {
    has: async (id) => (await redis.get(prefix + id)) === DONE,
    async add(id) {
      held.delete(id);
      await ADD.run(redis, prefix + id, DONE, KEPT_MS);
    },
    async claim(id, leaseMs) {
      if ((held.get(id) ?? 0) > performance.now()) return "busy";
      held.set(id, performance.now() + leaseMs);
      let claim: "claimed" | "busy" | "done" | undefined;
      try {
        const found = await TAKE.run(redis, prefix + id, holder, leaseMs);
        claim = found === DONE ? "done" : found === 1 ? "claimed" : "busy";
        return claim;
      } finally {
        if (claim !== "claimed") held.delete(id);
      }
    },
    async release(id) {
      held.delete(id);
      await RELEASE.run(redis, prefix + id, holder);
    },
  };
}
