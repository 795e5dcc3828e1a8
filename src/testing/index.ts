export { createFakeOplead } from "./fake.ts";
export type {
  FakeDelay,
  FakeFault,
  FakeFaultAnswer,
  FakeHandle,
  FakeLimit,
  FakeStatusAnswer,
  FakeTarget,
} from "./fault-types.ts";
export type {
  DeliveryOptions,
  DeliverySecret,
  HmacDelivery,
  SignedDelivery,
  StandardWebhooksDelivery,
  StripeStyleDelivery,
} from "./sign.ts";
export { signDelivery } from "./sign.ts";
export type {
  FakeCode,
  FakeCountry,
  FakeCounty,
  FakeListener,
  FakeOperation,
  FakeOplead,
  FakeOpleadOptions,
  FakeProfile,
  FakeRequest,
  FakeRuleName,
  FakeRules,
  FakeUser,
  FakeUserInput,
} from "./types.ts";
