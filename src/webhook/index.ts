export { type KeyvLike, keyvLedger } from "../ledger/keyv.ts";
export type { HeldStep, Lease, Ledger, LedgerEntry, LedgerInfo, LedgerPlatform, SyncStep } from "../ledger/ledger.ts";
export { memoryLedger } from "../ledger/memory.ts";
export type { Version } from "../ledger/version.ts";
export {
  type DeliveryClaim,
  type DeliveryStore,
  type KeyvDeliveriesOptions,
  type KeyvWithTtl,
  keyvDeliveries,
  type MemoryDeliveriesOptions,
  memoryDeliveries,
} from "./deliveries.ts";
export { type NodeListener, type NodeRequest, type NodeResponse, toNodeListener } from "./node-listener.ts";
export type {
  EntryOutcome,
  MappedEvent,
  RejectedStep,
  UserWebhookOptions,
  WebhookEntry,
  WebhookEventContext,
  WebhookOutcome,
  WebhookQueue,
  WebhookRejection,
} from "./options.ts";
export type { DeliveryIdSource } from "./receive/identify.ts";
export { type HmacSignatureOptions, hmacSignature } from "./signatures/hmac-signature.ts";
export { type StandardWebhooksOptions, standardWebhooks } from "./signatures/standard-webhooks.ts";
export { type StripeStyleOptions, stripeStyle } from "./signatures/stripe-style.ts";
export type {
  ReceivedDelivery,
  SecretOptions,
  ToleranceOptions,
  Verification,
  Verifier,
} from "./signatures/verifier.ts";
export { createUserWebhook, type UserWebhook, type WebhookRunContext } from "./webhook.ts";
