import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../src/testing/arguments.ts";
import { memoryLedger, type UserWebhook } from "../../src/webhook/index.ts";
import { sized } from "../support/long-form.ts";
import { type PersonEvent, setup, signedHeaders } from "../support/webhook.ts";

interface Delivery {
  readonly id: string;
  readonly event: PersonEvent;
  readonly forged: boolean;
}

interface Sent {
  readonly statuses: Map<number, number>;
  retries: number;
}

// A millisecond for each second of Retry-After. A 4xx is final.
async function sendAll(handler: UserWebhook, deliveries: readonly Delivery[], atOnce: number) {
  const sent: Sent = { statuses: new Map(), retries: 0 };
  const queue = deliveries.values();
  const worker = async () => {
    for (const { id, event, forged } of queue) {
      for (let attempt = 1; ; attempt += 1) {
        if (attempt > 500) throw new Error(`${id} was never taken`);
        const body = JSON.stringify(event);
        const headers = signedHeaders(body, { id });
        const request = new Request("http://r.example/", {
          method: "POST",
          headers,
          body: forged ? body.replace("revision", "revision ") : body,
        });
        const response = await handler(request);
        sent.statuses.set(response.status, (sent.statuses.get(response.status) ?? 0) + 1);
        if (response.status < 500) break;
        sent.retries += 1;
        const seconds = Number(response.headers.get("retry-after"));
        if (!(seconds > 0)) throw new Error(`${response.status} without Retry-After`);
        await new Promise((resolve) => setTimeout(resolve, seconds));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return sent;
}

// Each event at least once, some forged as the newest of all.
const storms = fc.record({
  users: fc.integer({ min: 1, max: 40 }),
  revisions: fc.integer({ min: 1, max: 8 }),
  seed: fc.integer({ min: 1, max: 1e9 }),
  share: fc.double({ min: 0.05, max: 0.4, noNaN: true }),
  processes: fc.integer({ min: 1, max: 2 }),
  throttled: fc.boolean(),
});

function deliveriesOf({ users, revisions, seed }: { users: number; revisions: number; seed: number }) {
  const random = seededRandom(seed);
  const deliveries: Delivery[] = [];
  for (let number = 1; number <= users; number += 1) {
    for (let revision = 1; revision <= revisions; revision += 1) {
      const event = { number, revision, maxDistance: revision };
      const delivery = { id: `msg_${number}_${revision}`, event, forged: false };
      const times = random() < 0.3 ? 3 : 1;
      for (let n = 0; n < times; n += 1) deliveries.push(delivery);
      if (random() < 0.2) {
        deliveries.push({ id: `forged_${number}_${revision}`, event: { ...event, revision: 1_000 }, forged: true });
      }
    }
  }
  return deliveries
    .map((delivery) => [random(), delivery] as const)
    .sort(([a], [b]) => a - b)
    .map(([, delivery]) => delivery);
}

const FAULTS = [
  { as: "reset", when: "after" },
  { as: { status: 503 }, when: "before" },
  { as: { status: 500 }, when: "after" },
  { as: "truncated-json", when: "after" },
  { as: "html-200", when: "before" },
] as const;

// One 429, and not in the fixed storm: the client slows down after it.
const THROTTLED = { as: { status: 429, retryAfter: 0 }, when: "before", times: 1 } as const;

interface Storm {
  readonly users: number;
  readonly revisions: number;
  readonly seed: number;
  readonly share: number;
  readonly processes: number;
  readonly throttled: boolean;
}

async function weather(storm: Storm) {
  const ledger = memoryLedger();
  const retry = { attempts: 2, baseMs: 0, maxMs: 1 };
  // Accepts duplicates, so that they are noticed.
  const first = setup({ ledger, client: { retry }, platform: { uniqueAccountNumbers: false, uniqueLogins: false } });
  const { fake } = first;
  const handlers = [first.handler];
  if (storm.processes > 1) {
    // Shares only the ledger.
    handlers.push(setup({ ledger, client: { fetch: fake.fetch, retry }, respondWithinMs: 1 }).handler);
  }
  const faults = storm.throttled ? [...FAULTS, THROTTLED] : FAULTS;
  for (const [index, fault] of faults.entries())
    fake.fail({ ...fault, share: storm.share / faults.length, seed: storm.seed + index });
  const deliveries = deliveriesOf(storm);
  let turn = 0;
  const spread: UserWebhook = (request) => {
    turn += 1;
    return (handlers[turn % handlers.length] as UserWebhook)(request);
  };
  const sent = await sendAll(spread, deliveries, 30);

  expect(fake.duplicates()).toEqual([]);
  const state = fake.users.map(({ accountNumber, company }) => `${accountNumber} ${company}`).sort();
  const newest = Array.from({ length: storm.users }, (_, n) => `ACC-${n + 1} revision ${storm.revisions}`).sort();
  expect(state).toEqual(newest);
  for (let number = 1; number <= storm.users; number += 1) {
    expect(fake.rules(`ACC-${number}`)?.maxDistance).toEqual({ maxDistance: storm.revisions });
  }
  const created = fake.requests.filter(({ operation, acted }) => operation === "createUser" && acted);
  expect(created).toHaveLength(storm.users);
  const forged = deliveries.filter((delivery) => delivery.forged).length;
  expect(sent.statuses.get(401) ?? 0).toBe(forged);
  expect(sent.statuses.get(200)).toBe(deliveries.length - forged);
  expect([...sent.statuses.keys()].every((status) => [200, 401, 503].includes(status))).toBe(true);
  expect(fake.requests.some(({ body }) => JSON.stringify(body)?.includes("revision 1000"))).toBe(false);
  return { sent, deliveries, fake };
}

it("Oplead has the newest state of every user once after hundreds of shuffled and forged deliveries", async () => {
  const users = sized(25, 100);
  const { sent, deliveries, fake } = await weather({
    ...{ users, revisions: 8, seed: 42, share: 0.3, processes: 2, throttled: false },
  });
  expect(deliveries.length).toBeGreaterThan(users * 12);
  expect(sent.retries).toBeGreaterThan(users / 2);
  expect(fake.requests.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(users);
});

it("in any order and with any faults Oplead ends with the newest state of every user, created once", async () => {
  await fc.assert(
    fc.asyncProperty(storms, async (storm) => void (await weather(storm))),
    { numRuns: sized(2, 20) },
  );
});
