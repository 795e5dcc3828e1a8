/** Repetition, order, lateness, and the ledger. Requests are counted where they arrive. */
import Keyv from "keyv";
import Stripe from "stripe";
import { describe, expect, it, vi } from "vitest";
import {
  type DeliveryStore,
  hmacSignature,
  keyvDeliveries,
  keyvLedger,
  memoryDeliveries,
  memoryLedger,
  stripeStyle,
} from "../../src/webhook/index.ts";
import { deliveryOf, outcomes, setup, toEntry, told } from "../support/webhook.ts";

const event = { number: 1, revision: 1 };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a delivery that was done", () => {
  it("is done once", async () => {
    const { handler, fake } = setup();
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    const { length } = fake.requests;
    const again = await told(handler(deliveryOf(event, { id: "a" })));
    expect([again.status, outcomes(again)]).toEqual([200, ["duplicate"]]);
    expect(fake.requests).toHaveLength(length);
    expect(outcomes(await told(handler(deliveryOf(event, { id: "b" }))))).toEqual(["updated"]);
  });

  it("is marked after success, not before", async () => {
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
  });

  it("is asked of every process that shares the store (Keyv)", async () => {
    const keyv = new Keyv();
    const [one, two] = [setup({ deliveries: keyvDeliveries(keyv) }), setup({ deliveries: keyvDeliveries(keyv) })];
    expect(outcomes(await told(one.handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    expect(outcomes(await told(two.handler(deliveryOf(event, { id: "a" }))))).toEqual(["duplicate"]);
    expect(two.fake.requests).toEqual([]);
  });

  it("is forgotten by Keyv after its time", async () => {
    const deliveries = keyvDeliveries(new Keyv(), { ttlMs: 30 });
    await deliveries.add("a");
    expect(await deliveries.has("a")).toBe(true);
    await wait(50);
    expect(await deliveries.has("a")).toBe(false);
  });

  it("a store that fails does no harm", async () => {
    const down = () => Promise.reject(new Error("redis://user:password@host is down"));
    const { handler, fake, log } = setup({ deliveries: { has: down, add: down } });
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["updated"]);
    expect(fake.users).toHaveLength(1);
    expect(log.text).toContain("the delivery store threw an Error".replace("an", "a"));
    expect(log.text).not.toContain("password");
  });
});

describe("memoryDeliveries", () => {
  it("forgets after four days, and the oldest beyond its bounds", () => {
    let now = 0;
    const store = memoryDeliveries({ max: 3, now: () => now });
    store.add("a");
    now = 4 * 24 * 60 * 60 * 1000 - 1;
    expect(store.has("a")).toBe(true);
    now += 1;
    expect(store.has("a")).toBe(false);
    for (const id of ["b", "c", "d", "b", "e"]) store.add(id);
    expect(["b", "c", "d", "e"].map((id) => store.has(id))).toEqual([true, false, true, true]);
  });
});

describe("where the id is", () => {
  const secrets = ["hush"];
  const body = JSON.stringify(event);
  const post = (headers: Record<string, string>, text = body) =>
    new Request("http://r.example/", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: text,
    });
  const twice = async (handler: (request: Request) => Promise<Response>, request: () => Request) => [
    ...outcomes(await told(handler(request()))),
    ...outcomes(await told(handler(request()))),
  ];
  const verify = "none" as const;

  it.each(["x-github-delivery", "x-shopify-webhook-id", "webhook-id"])("the header %s", async (name) => {
    const { handler } = setup({ verify });
    expect(await twice(handler, () => post({ [name]: "a" }))).toEqual(["created", "duplicate"]);
  });

  it("a header of the sender's own, and then no other", async () => {
    const { handler } = setup({ verify, deliveryId: "X-Event-Id" });
    expect(await twice(handler, () => post({ "x-event-id": "a" }))).toEqual(["created", "duplicate"]);
    expect(await twice(handler, () => post({ "x-github-delivery": "b" }))).toEqual(["updated", "updated"]);
  });

  it("the event, as Stripe has it", async () => {
    const { handler } = setup({
      verify: stripeStyle({ secrets }),
      deliveryId: (event) => (event as unknown as { id?: string }).id,
    });
    // Between its repetitions Stripe changes other fields.
    const pending = [1, 2][Symbol.iterator]();
    const signed = () => {
      const payload = JSON.stringify({ ...event, id: "evt_1", pending_webhooks: pending.next().value });
      return post(
        { "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload, secret: "hush" }) },
        payload,
      );
    };
    expect(await twice(handler, signed)).toEqual(["created", "duplicate"]);
  });

  it("nowhere: nothing tells a repetition from the same content come back", async () => {
    const { handler } = setup({ verify });
    expect(await twice(handler, () => post({}))).toEqual(["created", "updated"]);
  });

  it("an id that no signature covers cannot get another delivery ignored", async () => {
    const { handler, fake } = setup({ verify });
    await handler(post({ "x-github-delivery": "next" })); // an old delivery, repeated under an id that is to come
    const next = JSON.stringify({ number: 1, revision: 2 });
    expect(outcomes(await told(handler(post({ "x-github-delivery": "next" }, next))))).toEqual(["updated"]);
    expect(fake.user("ACC-1")?.company).toBe("revision 2");
  });

  it("an id that the signature covers can be trusted", async () => {
    const verifier = hmacSignature({ header: "x-sig", encoding: "hex", secrets });
    expect(await verifier({ headers: new Headers(), body: new Uint8Array(), now: 0 })).toMatchObject({
      genuine: false,
    });
    const { handler } = setup();
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    expect(outcomes(await told(handler(deliveryOf({ number: 2, revision: 1 }, { id: "a" }))))).toEqual(["duplicate"]);
  });
});

describe("the ledger", () => {
  it("content that is there costs no call, whatever the id", async () => {
    const { handler, fake } = setup({ ledger: memoryLedger() });
    expect(outcomes(await told(handler(deliveryOf({ ...event, maxDistance: 5 }))))).toEqual(["created"]);
    expect(fake.requests.map(({ method }) => method)).toEqual(["PUT", "POST", "PUT"]);
    expect(outcomes(await told(handler(deliveryOf({ ...event, maxDistance: 5 }))))).toEqual(["unchanged"]);
    expect(fake.requests).toHaveLength(3);
    expect(outcomes(await told(handler(deliveryOf({ ...event, maxDistance: 6 }))))).toEqual(["updated"]);
    expect(fake.requests).toHaveLength(4);
    expect(fake.requests[3]?.operation).toBe("setMaxDistanceRule");
  });

  it("an older event changes nothing, and costs nothing", async () => {
    const { handler, fake } = setup({ ledger: memoryLedger() });
    await handler(deliveryOf({ number: 1, revision: 2 }));
    const { length } = fake.requests;
    const answer = await told(handler(deliveryOf({ number: 1, revision: 1 })));
    expect([answer.status, outcomes(answer)]).toEqual([200, ["stale"]]);
    expect(fake.requests).toHaveLength(length);
    expect(fake.user("ACC-1")?.company).toBe("revision 2");
  });

  it("versions without one are warned of, once", async () => {
    const { handler, log } = setup();
    await handler(deliveryOf(event));
    await handler(deliveryOf(event));
    expect(log.lines.filter((line) => line.includes("without a ledger"))).toHaveLength(1);
  });

  it("in a Keyv, for many processes; and 503 while it is down", async () => {
    const keyv = new Keyv({ throwOnErrors: true });
    const [one, two] = [setup({ ledger: keyvLedger(keyv) }), setup({ ledger: keyvLedger(keyv) })];
    expect(outcomes(await told(one.handler(deliveryOf(event))))).toEqual(["created"]);
    expect(outcomes(await told(two.handler(deliveryOf(event))))).toEqual(["unchanged"]);
    expect(two.fake.requests).toEqual([]);
    const down = { ...memoryLedger(), get: () => Promise.reject(new Error("redis://user:password@host")) };
    const three = setup({ ledger: down });
    const answer = await told(three.handler(deliveryOf(event)));
    expect(answer.status).toBe(503);
    expect(answer.text + three.log.text).not.toContain("password");
    expect(three.fake.requests).toEqual([]);
  });

  it("what is held is tried when it is delivered again", async () => {
    const { handler, fake } = setup({ ledger: memoryLedger() });
    const fault = fake.fail({ as: { status: 422 }, times: Number.POSITIVE_INFINITY });
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["rejected"]);
    fault.remove();
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  });

  it("a rule that is refused is a rejection, with the user in place", async () => {
    const rejected: string[] = [];
    const { handler, fake } = setup({
      ledger: memoryLedger(),
      platform: { disabledRules: ["maxDistance"] },
      onRejected: ({ failed, id }) => void rejected.push(`${failed.map(({ step }) => step)} ${id}`),
    });
    expect(outcomes(await told(handler(deliveryOf({ ...event, maxDistance: 5 }))))).toEqual(["rejected"]);
    expect(rejected).toEqual([`maxDistance ${fake.users[0]?.id}`]);
  });

  it.each([undefined, memoryLedger()])("a rule that fails for now comes again", async (ledger) => {
    const { handler, fake } = setup({ ledger });
    fake.fail({ on: "setRules", as: { status: 503 } });
    const rich = { ...event, maxDistance: 5 };
    expect((await handler(deliveryOf(rich, { id: "a" }))).status).toBe(503);
    expect((await handler(deliveryOf(rich, { id: "a" }))).status).toBe(200);
    expect(fake.rules("ACC-1")?.maxDistance).toEqual({ maxDistance: 5 });
    expect(fake.users).toHaveLength(1);
  });
});

describe("events for one user", () => {
  it.each([undefined, memoryLedger()])("run one after the other; those of others at the same time", async (ledger) => {
    /** The accounts of the requests under way. */
    const under: string[] = [];
    let overlaps = 0;
    let most = 0;
    const { handler, fake } = setup({
      ledger,
      client: {
        async fetch(url, init) {
          const account = (JSON.parse(String(init.body)) as { accountNumber: string }).accountNumber;
          if (under.includes(account)) overlaps += 1;
          most = Math.max(most, under.push(account));
          try {
            return await fake.fetch(url, init);
          } finally {
            under.splice(under.indexOf(account), 1);
          }
        },
      },
    });
    fake.delay({ ms: 2 });
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].flatMap((revision) => [1, 2, 3].map((number) => handler(deliveryOf({ number, revision })))),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(overlaps).toBe(0);
    expect(most).toBeGreaterThan(1);
    // Which of them is the last is a matter of versions: signatures are checked side by side.
    expect(fake.users).toHaveLength(3);
  });
});

describe("slower than respondWithinMs", () => {
  const slow = { respondWithinMs: 20 };

  it("503 at once; the work goes on, and the repetition collects its result", async () => {
    const { handler, fake } = setup(slow);
    fake.delay({ ms: 30 });
    const startedAt = performance.now();
    const answer = await told(handler(deliveryOf(event, { id: "a" })));
    expect(performance.now() - startedAt).toBeLessThan(55);
    expect(answer).toMatchObject({ status: 503, body: { error: "slow" } });
    expect(answer.retryAfter).toBeGreaterThan(0);
    await wait(100);
    expect(fake.users).toHaveLength(1);
    const { length } = fake.requests;
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["duplicate"]);
    expect(fake.requests).toHaveLength(length);
  });

  it("a repetition meanwhile joins the work", async () => {
    const { handler, fake } = setup({ respondWithinMs: 50 });
    fake.delay({ ms: 40 });
    expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
    expect(fake.requests).toHaveLength(2);
  });

  it("a rejection meanwhile is told once, to onRejected and to the sender", async () => {
    const onRejected = vi.fn();
    const { handler, fake } = setup({ ...slow, onRejected, rejectedStatus: 422 });
    fake.delay({ ms: 30 });
    fake.fail({ as: { status: 422 }, times: 3 });
    expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
    await wait(120);
    const { length } = fake.requests;
    expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(422);
    expect(onRejected).toHaveBeenCalledTimes(1);
    expect(fake.requests).toHaveLength(length);
  });

  it("a failure meanwhile is tried again by the repetition", async () => {
    const { handler, fake } = setup(slow);
    const delay = fake.delay({ ms: 30 });
    fake.fail({ as: { status: 500 } });
    expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
    await wait(60);
    delay.remove();
    expect(fake.users).toEqual([]);
    expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  });

  it("goes for a slow map, and a slow store, as well", async () => {
    const map = async (event: { number: number; revision: number }) => {
      await wait(60);
      return toEntry(event);
    };
    expect((await setup({ ...slow, map }).handler(deliveryOf(event))).status).toBe(503);
    const deliveries = { has: () => new Promise<boolean>(() => {}), add: () => {} };
    expect((await setup({ ...slow, deliveries }).handler(deliveryOf(event))).status).toBe(503);
  });

  it("edge workers are told what to wait for", async () => {
    const { handler, fake } = setup(slow);
    fake.delay({ ms: 30 });
    const kept: Promise<unknown>[] = [];
    const context = { waitUntil: (work: Promise<unknown>) => void kept.push(work) };
    expect((await handler(deliveryOf(event), context)).status).toBe(503);
    expect(kept).toHaveLength(1);
    await Promise.all(kept);
    expect(fake.users).toHaveLength(1);
    expect((await setup().handler(deliveryOf(event), {})).status).toBe(200);
  });

  it("beyond a thousand at work the rest comes again, and is not begun", async () => {
    const { handler, fake } = setup({ respondWithinMs: 1, verify: "none", map: () => new Promise(() => {}) });
    const post = (n: number) => {
      const headers = { "content-type": "application/json", "x-github-delivery": String(n) };
      return told(handler(new Request("http://r.example/", { method: "POST", headers, body: "{}" })));
    };
    const answers = await Promise.all(Array.from({ length: 1_005 }, (_, n) => post(n)));
    expect(answers.every(({ status, retryAfter }) => status === 503 && Number(retryAfter) > 0)).toBe(true);
    expect(answers.filter(({ body }) => body.error === "busy")).toHaveLength(5);
    expect(fake.requests).toEqual([]);
  });
});
