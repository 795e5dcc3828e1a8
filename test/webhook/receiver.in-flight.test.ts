import { beforeEach, expect, it } from "vitest";
import type { SenderAnswer } from "../../src/webhook/log.ts";
import { InFlight } from "../../src/webhook/receiver.ts";
import { sleep } from "../support/servers.ts";
import { useVirtualTime } from "../support/virtual-time.ts";
import { deliveryOf, event, outcomes, setup, told } from "../support/webhook.ts";

// Unsigned: another thread checks signatures, and virtual time does not wait for it.
const slow = { respondWithinMs: 20, verify: "none" } as const;
beforeEach(useVirtualTime);

it("a slow delivery is answered 503 in time and goes on, and its repetition gets the result", async () => {
  const { handler, fake } = setup(slow);
  fake.delay({ ms: 200 });
  const answer = await told(handler(deliveryOf(event, { id: "a" })));
  expect(fake.users).toEqual([]);
  expect(answer).toMatchObject({ status: 503, body: { error: "slow" } });
  expect(answer.retryAfter).toBeGreaterThan(0);
  await sleep(1_000);
  expect(fake.users).toHaveLength(1);
  const { length } = fake.requests;
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["repeated"]);
  expect(fake.requests).toHaveLength(length);
});

it("if the first delivery is still being handled, a repeated delivery waits for its result", async () => {
  const { handler, fake } = setup({ ...slow, respondWithinMs: 50 });
  fake.delay({ ms: 40 });
  expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  expect(fake.requests).toHaveLength(2);
});

it("the waitUntil of an edge worker gets the work that goes on after the answer 503", async () => {
  const { handler, fake } = setup(slow);
  fake.delay({ ms: 30 });
  const kept: Promise<unknown>[] = [];
  const context = { waitUntil: (work: Promise<unknown>) => void kept.push(work) };
  expect((await handler(deliveryOf(event), context)).status).toBe(503);
  expect(kept).toHaveLength(1);
  await Promise.all(kept);
  expect(fake.users).toHaveLength(1);
  expect((await setup({ verify: "none" }).handler(deliveryOf(event), {})).status).toBe(200);
});

it("with a thousand deliveries in flight, a further one is answered 503 and not begun", async () => {
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

const answerWith = (status: number) => ({ status, body: { results: [] } }) as unknown as SenderAnswer;

function work() {
  const inFlight = new InFlight();
  const kept: Promise<unknown>[] = [];
  const within = (ms: number, key: string | undefined, task: () => Promise<SenderAnswer>) =>
    inFlight.within(ms, key, task, (going) => void kept.push(going));
  return { kept, within };
}

it("the results of a thousand deliveries are kept for repetitions, and the oldest goes first", async () => {
  const { kept, within } = work();
  const late = (key: string) => within(1, key, () => sleep(5).then(() => answerWith(200)));
  for (let at = 0; at < 1_001; at += 50) {
    await Promise.all(Array.from({ length: Math.min(50, 1_001 - at) }, (_, more) => late(`${at + more}`)));
    await Promise.all(kept.splice(0));
  }
  const again = (key: string) => within(1_000, key, async () => answerWith(201));
  expect(await again("0")).toMatchObject({ status: 201 });
  expect(await again("1")).toMatchObject({ status: 200 });
  expect(await again("1000")).toMatchObject({ status: 200 });
});

it("the result of a delivery is forgotten after an hour", async () => {
  const { kept, within } = work();
  await within(1, "a", () => sleep(5).then(() => answerWith(200)));
  await Promise.all(kept);
  await sleep(3_600_001);
  expect(await within(1_000, "a", async () => answerWith(201))).toMatchObject({ status: 201 });
});
