/** Work that takes longer than respondWithinMs. */

import { expect, it, vi } from "vitest";
import { sleep } from "../support/servers.ts";
import { deliveryOf, event, outcomes, setup, toEntry, told } from "../support/webhook.ts";

const slow = { respondWithinMs: 20 };

it("Slow work is answered 503 at once and goes on, and the repetition collects its result", async () => {
  const { handler, fake } = setup(slow);
  fake.delay({ ms: 200 });
  const answer = await told(handler(deliveryOf(event, { id: "a" })));
  expect(fake.users).toEqual([]);
  expect(answer).toMatchObject({ status: 503, body: { error: "slow" } });
  expect(answer.retryAfter).toBeGreaterThan(0);
  await expect.poll(() => fake.users.length, { timeout: 5_000 }).toBe(1);
  await sleep(100);
  expect(fake.users).toHaveLength(1);
  const { length } = fake.requests;
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["duplicate"]);
  expect(fake.requests).toHaveLength(length);
});

it("A repetition joins the work that still runs", async () => {
  const { handler, fake } = setup({ respondWithinMs: 50 });
  fake.delay({ ms: 40 });
  expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  expect(fake.requests).toHaveLength(2);
});

it("A rejection after the 503 is passed to onRejected once and answered to the repetition", async () => {
  const onRejected = vi.fn();
  const { handler, fake } = setup({ ...slow, onRejected, rejectedStatus: 422 });
  fake.delay({ ms: 30 });
  fake.fail({ as: { status: 422 }, times: 3 });
  expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
  await sleep(120);
  const { length } = fake.requests;
  expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(422);
  expect(onRejected).toHaveBeenCalledTimes(1);
  expect(fake.requests).toHaveLength(length);
});

it("A failure after the 503 is tried again by the repetition", async () => {
  const { handler, fake } = setup(slow);
  const delay = fake.delay({ ms: 30 });
  fake.fail({ as: { status: 500 } });
  expect((await handler(deliveryOf(event, { id: "a" }))).status).toBe(503);
  await sleep(60);
  delay.remove();
  expect(fake.users).toEqual([]);
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
});

it("A slow map and a slow delivery store are answered 503 as well", async () => {
  const map = async (event: { number: number; revision: number }) => {
    await sleep(60);
    return toEntry(event);
  };
  expect((await setup({ ...slow, map }).handler(deliveryOf(event))).status).toBe(503);
  const deliveries = { has: () => new Promise<boolean>(() => {}), add: () => {} };
  expect((await setup({ ...slow, deliveries }).handler(deliveryOf(event))).status).toBe(503);
});

it("The waitUntil of an edge worker is given the work that goes on", async () => {
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

it("With a thousand deliveries at work, a further one is answered 503 and not begun", async () => {
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
