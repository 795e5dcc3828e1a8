export type { InputSchema, InputSchemaResult } from "../core/validate.ts";
export type { DeliveryStore } from "../ledger/deliveries.ts";
export { type MemoryDeliveriesOptions, memoryDeliveries } from "../ledger/deliveries.ts";
// `keyvLedger` and `memoryLedger` are exported from `/sync` too. They are here as well, so that a service that only
// receives events need not load the engine of runs.
export { type KeyvDeliveriesOptions, keyvDeliveries, keyvLedger } from "../ledger/keyv.ts";
export { memoryLedger } from "../ledger/memory.ts";
export { type NodeRequest, type NodeResponse, toNodeListener } from "./node-listener.ts";
export type {
  DeliveryIdSource,
  MappedEvent,
  QueuedUserContext,
  UserWebhookOptions,
  WebhookEventContext,
  WebhookOptions,
  WebhookOutcome,
  WebhookQueue,
  WebhookRefusal,
} from "./options.ts";
export type { WebhookRunContext } from "./receiver.ts";
export type { HmacAlgorithm } from "./signatures/hmac.ts";
export { type HmacSignatureOptions, hmacSignature } from "./signatures/hmac-signature.ts";
export type {
  ReceivedDelivery,
  SecretOptions,
  ToleranceOptions,
  Verification,
  Verifier,
} from "./signatures/scheme.ts";
export { type StandardWebhooksOptions, standardWebhooks } from "./signatures/standard-webhooks.ts";
export { type StripeStyleOptions, stripeStyle } from "./signatures/stripe-style.ts";
export { createUserWebhook, type UserWebhook } from "./webhook.ts";
