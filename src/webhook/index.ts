export type { Closeable } from "../base/closeable.ts";
export type { InputSchema, InputSchemaResult } from "../base/validation/standard-schema.ts";
export type { DeliveryStore } from "../deliveries/delivery-store.ts";
export { type MemoryDeliveriesOptions, memoryDeliveries } from "../deliveries/memory.ts";
export { type KeyvDeliveriesOptions, keyvDeliveries } from "../keyv/deliveries.ts";
export { type KeyvLike, keyvLedger } from "../keyv/ledger.ts";
export type { Fingerprints, LedgerKeyOptions, LedgerKeyPlace } from "../ledger/fingerprints.ts";
export type {
  HeldStep,
  Lease,
  Ledger,
  LedgerEntry,
  LedgerInfo,
  LedgerPlatform,
  OtherProcess,
  SyncStep,
} from "../ledger/ledger.ts";
export { memoryLedger } from "../ledger/memory.ts";
export type { Version } from "../ledger/version.ts";
export type { SourceUser } from "../reconcile/content/content.ts";
export type { FailedStep } from "../reconcile/reconciliation.ts";
export { type NodeRequest, type NodeResponse, toNodeListener } from "./node-listener.ts";
export type {
  MappedEvent,
  QueuedUserContext,
  UserWebhookOptions,
  WebhookEventContext,
  WebhookOptions,
  WebhookOutcome,
  WebhookQueue,
  WebhookRefusal,
} from "./options.ts";
export type { DeliveryIdSource } from "./receive/identify.ts";
export type { WebhookRunContext } from "./receive/receiver.ts";
export type { HmacAlgorithm } from "./signatures/hmac.ts";
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
export { createUserWebhook, type UserWebhook } from "./webhook.ts";
