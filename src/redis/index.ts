export type { RedisClient } from "./client.ts";
export { type RedisDeliveriesOptions, redisDeliveries } from "./deliveries.ts";
export { type RedisLedgerOptions, redisLedger } from "./ledger.ts";
export { type RedisRate, type RedisRateOptions, redisRate } from "./rate.ts";
