export type { FakeOperation } from "./api.ts";
export type { ContractTest } from "./contract.ts";
export { realCountries } from "./countries.ts";
export { deliveryContract } from "./delivery-contract.ts";
export { createFakeOplead } from "./fake.ts";
export { ledgerContract } from "./ledger-contract.ts";
export type { SignedDelivery } from "./sign-delivery.ts";
export { signDelivery } from "./sign-delivery.ts";
export type {
  FakeDelay,
  FakeFault,
  FakeFaultAnswer,
  FakeHandle,
  FakeLag,
  FakeLimit,
  FakeListener,
  FakeOplead,
  FakeOpleadOptions,
  FakeRequest,
} from "./types.ts";
export type { FakeUser } from "./user.ts";
