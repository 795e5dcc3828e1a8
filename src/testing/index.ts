export { createFakeOplead } from "./fake.ts";
export type {
  DeliveryOptions,
  DeliverySecret,
  HmacDelivery,
  SignedDelivery,
  StandardWebhooksDelivery,
  StripeStyleDelivery,
} from "./sign-delivery.ts";
export { signDelivery } from "./sign-delivery.ts";
export type { FakeListener, FakeOplead } from "./types/fake-oplead.ts";
export type {
  FakeConcurrencyLimit,
  FakeDelay,
  FakeFault,
  FakeHandle,
  FakeLag,
  FakeLateCommit,
  FakeLimit,
  FakeRateLimit,
  FakeRead,
  FakeTarget,
} from "./types/fault.ts";
export type { FakeFaultAnswer, FakeGatewayAnswer, FakeStatusAnswer } from "./types/fault-answer.ts";
export type { FakeIds, FakeOpleadOptions } from "./types/options.ts";
export type { FakeCountry, FakeCounty, FakeProfile } from "./types/reference.ts";
export type { FakeOperation, FakeRequest } from "./types/request.ts";
export type { FakeCode, FakeRuleName, FakeRules, FakeUser, FakeUserInput } from "./types/user.ts";
