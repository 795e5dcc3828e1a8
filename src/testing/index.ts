export type { FakeOperation } from "./api.ts";
export type { ContractTest } from "./contract.ts";
export { realCountries } from "./countries.ts";
export type { TestedDeliveries } from "./delivery-contract.ts";
export { deliveryContract } from "./delivery-contract.ts";
export { createFakeOplead } from "./fake.ts";
export type { TestedEntry, TestedLedger, TestedReplacement } from "./ledger-contract.ts";
export { ledgerContract } from "./ledger-contract.ts";
export type {
  DeliveryOptions,
  DeliverySecret,
  HmacDelivery,
  SignedDelivery,
  StandardWebhooksDelivery,
  StripeStyleDelivery,
} from "./sign-delivery.ts";
export { signDelivery } from "./sign-delivery.ts";
export type {
  FakeConcurrencyLimit,
  FakeDelay,
  FakeFacts,
  FakeFault,
  FakeFaultAnswer,
  FakeGatewayAnswer,
  FakeHandle,
  FakeIds,
  FakeLag,
  FakeLateCommit,
  FakeLimit,
  FakeListener,
  FakeOplead,
  FakeOpleadOptions,
  FakeRateLimit,
  FakeRequest,
  FakeStatusAnswer,
  FakeTarget,
} from "./types.ts";
export type {
  FakeCountry,
  FakeCounty,
  FakeProfile,
  FakeRuleName,
  FakeRules,
  FakeUser,
  FakeUserInput,
} from "./user.ts";
