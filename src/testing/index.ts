export type { FakeOperation } from "./api/operations.ts";
export { realCountries } from "./countries.ts";
export { createFakeOplead } from "./fake.ts";
export { ledgerContract } from "./ledger-contract.ts";
export type { FakeRuleName, FakeRules } from "./rules.ts";
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
} from "./types/fake-oplead.ts";
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
} from "./types/fault.ts";
export type { LedgerContractTest, TestedEntry, TestedLedger, TestedReplacement } from "./types/tested-ledger.ts";
export type {
  FakeCode,
  FakeCountry,
  FakeCounty,
  FakeProfile,
  FakeUser,
  FakeUserInput,
} from "./types/user.ts";
