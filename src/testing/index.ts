export type { FakeOperation } from "./api.ts";
export { realCountries } from "./countries.ts";
export { createFakeOplead } from "./fake.ts";
export type { LedgerContractTest, TestedEntry, TestedLedger, TestedReplacement } from "./ledger-contract.ts";
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
