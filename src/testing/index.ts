export type { FakeOperation } from "./api.ts";
export { realCountries } from "./countries.ts";
export { createFakeOplead } from "./fake.ts";
export type {
  FakeConcurrencyLimit,
  FakeDelay,
  FakeFault,
  FakeFaultAnswer,
  FakeGatewayAnswer,
  FakeHandle,
  FakeLag,
  FakeLateCommit,
  FakeLimit,
  FakeRateLimit,
  FakeRead,
  FakeRequest,
  FakeStatusAnswer,
  FakeTarget,
} from "./fault.ts";
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
  Closeable,
  FakeFacts,
  FakeIds,
  FakeListener,
  FakeOplead,
  FakeOpleadOptions,
} from "./types.ts";
export type {
  FakeCode,
  FakeCountry,
  FakeCounty,
  FakeProfile,
  FakeRuleName,
  FakeRules,
  FakeUser,
  FakeUserInput,
} from "./user.ts";
