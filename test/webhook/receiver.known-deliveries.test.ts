import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { type DeliveryStore, memoryDeliveries } from "../../src/webhook/index.ts";
import { useVirtualTime } from "../support/virtual-time.ts";
import { deliveryOf, event, outcomes, type Setup, setup, told } from "../support/webhook.ts";

it("a repeated delivery is answered duplicate and costs no request", async () => {
  const { handler, fake } = setup();
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  const { length } = fake.requests;
  const again = await told(handler(deliveryOf(event, { id: "a" })));
  expect([again.status, outcomes(again)]).toEqual([200, ["repeated"]]);
  expect(fake.requests).toHaveLength(length);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "b" }))))).toEqual(["updated"]);
});

it("a delivery is remembered only after it was handled", async () => {
  const order: string[] = [];
  const store = memoryDeliveries();
  const deliveries: DeliveryStore = {
    has: store.has,
    add: (id) => {
      order.push("added");
      return store.add(id);
    },
  };
  const { handler, fake } = setup({ deliveries, onOutcome: ({ outcome }) => void order.push(outcome) });
  fake.fail({ as: { status: 500 } });
  expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
  expect(order).toEqual([]);
  expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(200);
  expect(order).toEqual(["created", "added"]);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["repeated"]);
});

it("a handled delivery is handled again if it is repeated after four days, by the webhook's clock", async () => {
  const start = Date.now();
  let now = start;
  const { handler } = setup({ now: () => now });
  const deliver = async () => outcomes(await told(handler(deliveryOf(event, { id: "a", at: new Date(now) }))));
  expect(await deliver()).toEqual(["created"]);
  now = start + 4 * 24 * 60 * 60 * 1000 - 1;
  expect(await deliver()).toEqual(["repeated"]);
  now += 1;
  expect(await deliver()).toEqual(["updated"]);
});

it("a delivery store that fails is logged, and deliveries are handled without it", async () => {
  const down = () => Promise.reject(new Error("redis://user:password@host is down"));
  const { handler, fake, log } = setup({ deliveries: { has: down, add: down } });
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["updated"]);
  expect(fake.users).toHaveLength(1);
  expect(log.text).toContain("the delivery store threw an Error".replace("an", "a"));
  expect(log.text).not.toContain("password");
});

it.each(["has", "add"] as const)(
  "a delivery store that hangs in %s is given up after five seconds, and the delivery is handled",
  async (method) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { has, add } = memoryDeliveries();
    const deliveries = { has, add, [method]: () => new Promise<never>(() => {}) };
    const { handler, fake, log } = setup({ deliveries, respondWithinMs: 60_000 });
    let answered = false;
    const answer = told(handler(deliveryOf(event, { id: "a" }))).finally(() => {
      answered = true;
    });
    while (!answered) {
      await sleep(2); // Real time, for the thread that checks the signature.
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(outcomes(await answer)).toEqual(["created"]);
    expect(fake.users).toHaveLength(1);
    expect(log.text).toContain("the delivery store");
  },
);

it("a delivery handled in test mode is handled again in production", async () => {
  const kept = new Set<string>();
  const deliveries = { has: (id: string) => kept.has(id), add: (id: string) => void kept.add(id) };
  const testing = setup({ client: { testMode: true }, deliveries });
  expect((await testing.handler(deliveryOf(event, { id: "msg_t" }))).status).toBe(200);
  expect(kept.size).toBe(1);
  const production = setup({ deliveries });
  expect(outcomes(await told(production.handler(deliveryOf(event, { id: "msg_t" }))))).toEqual(["created"]);
});

it("two receivers that get the same delivery at the same moment handle it once", async () => {
  let answerOplead = () => {};
  const answered = new Promise<void>((resolve) => {
    answerOplead = resolve;
  });
  const fake = createFakeOplead();
  const slowly: typeof fetch = (...request) => answered.then(() => fake.fetch(...request));
  const deliveries = memoryDeliveries();
  const [one, two] = [1, 2].map(() => setup({ deliveries, verify: "none", client: { fetch: slowly } })) as [
    Setup,
    Setup,
  ];
  const both = [one, two].map(({ handler }) => told(handler(deliveryOf(event, { id: "a" }))));
  expect(await Promise.race(both)).toMatchObject({ status: 503, body: { error: "in_progress" } });
  answerOplead();
  const handled = (await Promise.all(both)).filter(({ status }) => status === 200);
  expect(handled.flatMap(outcomes)).toEqual(["created"]);
  expect(fake.requests.map(({ method }) => method)).toEqual(["PUT", "POST"]);
  expect(outcomes(await told(two.handler(deliveryOf(event, { id: "a" }))))).toEqual(["repeated"]);
});

describe("a delivery store that can claim", () => {
  beforeEach(useVirtualTime);

  function twoReceivers(deliveries: DeliveryStore) {
    const one = setup({ deliveries, verify: "none" });
    const two = setup({ deliveries, verify: "none", client: { fetch: one.fake.fetch } });
    one.fake.delay({ ms: 50 });
    return { one, two, fake: one.fake };
  }

  it("a delivery that failed or was refused is released, so that its repetition is handled", async () => {
    const { one, two, fake } = twoReceivers(memoryDeliveries());
    fake.fail({ as: { status: 503 } });
    expect((await one.handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
    const fault = fake.fail({ as: { status: 422 }, times: Number.POSITIVE_INFINITY });
    expect(outcomes(await told(two.handler(deliveryOf(event, { id: "a" }))))).toEqual(["failed"]);
    fault.remove();
    expect(outcomes(await told(one.handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  });
});

it.each([
  ["base URL", { baseUrl: "https://staging.example" }],
  ["name", { platform: { name: "staging" } }],
])(
  "a delivery that was handled for a platform with another %s is handled again for this platform",
  async (_, client) => {
    const deliveries = memoryDeliveries();
    const staging = setup({ deliveries, client });
    expect(outcomes(await told(staging.handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    const production = setup({ deliveries });
    expect(outcomes(await told(production.handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    expect(outcomes(await told(staging.handler(deliveryOf(event, { id: "a" }))))).toEqual(["repeated"]);
  },
);
