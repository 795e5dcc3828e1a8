import Keyv from "keyv";
import { expect, it, onTestFinished, vi } from "vitest";
import { keyvDeliveries } from "../../src/webhook/index.ts";
import { deliveryOf, event, outcomes, setup, told } from "../support/webhook.ts";

it("Two receivers that share a Keyv recognise a delivery that the other has handled", async () => {
  const keyv = new Keyv();
  const [one, two] = [setup({ deliveries: keyvDeliveries(keyv) }), setup({ deliveries: keyvDeliveries(keyv) })];
  expect(outcomes(await told(one.handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  expect(outcomes(await told(two.handler(deliveryOf(event, { id: "a" }))))).toEqual(["repeated"]);
  expect(two.fake.requests).toEqual([]);
});

it("keyvDeliveries forgets an id after ttlMs", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const deliveries = keyvDeliveries(new Keyv(), { ttlMs: 30 });
  await deliveries.add("a");
  expect(await deliveries.has("a")).toBe(true);
  vi.setSystemTime(Date.now() + 31);
  expect(await deliveries.has("a")).toBe(false);
});

it("A store that returns null for a missing key does not make a delivery look handled", async () => {
  const stored = new Map<string, unknown>();
  const likeRedis = {
    get: async (key: string) => stored.get(key) ?? null,
    set: async (key: string, value: unknown) => stored.set(key, String(value)),
  };
  const { handler } = setup({ deliveries: keyvDeliveries(likeRedis) });
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["repeated"]);
});
