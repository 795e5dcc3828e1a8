export type { InputSchema } from "../core/validate.ts";
export { type DeliveryStore, memoryDeliveries } from "../ledger/deliveries.ts";
// Also exported from `/sync`, whose engine of runs a webhook need not load.
export { memoryLedger } from "../ledger/memory.ts";
export type { WebhookOutcome } from "../reconcile/reconciliation.ts";
export { toNodeListener } from "./node-listener.ts";
export type {
  MappedEvent,
  UserWebhookOptions,
  WebhookOptions,
  WebhookQueue,
} from "./options.ts";
export { type HmacSignatureOptions, hmacSignature } from "./signatures/hmac-signature.ts";
export type {
  ReceivedDelivery,
  StandardWebhooksOptions,
  Verification,
  Verifier,
} from "./signatures/scheme.ts";
export { standardWebhooks } from "./signatures/standard-webhooks.ts";
export { type StripeStyleOptions, stripeStyle } from "./signatures/stripe-style.ts";
export { createUserWebhook, type UserWebhook } from "./webhook.ts";
