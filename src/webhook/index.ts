export type { InputSchema, InputSchemaResult } from "../core/validate.ts";
export type { DeliveryStore } from "../ledger/deliveries.ts";
export { type MemoryDeliveriesOptions, memoryDeliveries } from "../ledger/deliveries.ts";
// Also exported from `/sync`, whose engine of runs a webhook need not load.
export { memoryLedger } from "../ledger/memory.ts";
export type { WebhookOutcome } from "../reconcile/reconciliation.ts";
export { type NodeRequest, type NodeResponse, toNodeListener } from "./node-listener.ts";
export type {
  DeliveryIdSource,
  MappedEvent,
  UserWebhookOptions,
  WebhookEventContext,
  WebhookOptions,
  WebhookQueue,
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
