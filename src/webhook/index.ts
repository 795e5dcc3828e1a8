export type { KeyvLike } from "../ledger/keyv.ts";
export { keyvLedger } from "../ledger/keyv.ts";
export type { HeldStep, Ledger, LedgerEntry, LedgerInfo, LedgerPlatform, SyncStep } from "../ledger/ledger.ts";
export { memoryLedger } from "../ledger/memory.ts";
export type { Version } from "../ledger/version.ts";
export type {
  DeliveryClaim,
  DeliveryStore,
  KeyvDeliveriesOptions,
  KeyvWithTtl,
  MemoryDeliveriesOptions,
} from "./deliveries.ts";
export { keyvDeliveries, memoryDeliveries } from "./deliveries.ts";
export type { NodeListener, NodeRequest, NodeResponse } from "./node-listener.ts";
export { toNodeListener } from "./node-listener.ts";
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
export type { HmacSignatureOptions } from "./signatures/hmac-signature.ts";
export { hmacSignature } from "./signatures/hmac-signature.ts";
export type { StandardWebhooksOptions } from "./signatures/standard-webhooks.ts";
export { standardWebhooks } from "./signatures/standard-webhooks.ts";
export type { StripeStyleOptions } from "./signatures/stripe-style.ts";
export { stripeStyle } from "./signatures/stripe-style.ts";
export type {
  ReceivedDelivery,
  SecretOptions,
  ToleranceOptions,
  Verification,
  Verifier,
} from "./signatures/verifier.ts";
export type { UserWebhook, WebhookRunContext } from "./webhook.ts";
export { createUserWebhook } from "./webhook.ts";
