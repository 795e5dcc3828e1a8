import { expect, it } from "vitest";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import type { UserWebhookOptions } from "../../src/webhook/index.ts";
import { user } from "../support/sync-users.ts";
import { deliveryOf, outcomes, setup, told } from "../support/webhook.ts";

const COUNT = 20;
const numbers = Array.from({ length: COUNT }, (_, at) => at + 1);

// Events are numbers: 0 is the head of the network.
function network(more: Partial<UserWebhookOptions<number[]>> = {}) {
  const ledger = memoryLedger();
  const map = (events: number[]) => events.map((number) => ({ user: user(number) }));
  return { ledger, ...setup({ ledger, ...(more as object), map: map as never }) };
}

it("20 children before their parent are answered 503, and are created when repeated after it", async () => {
  const { handler, fake, log } = network();
  const answers = await Promise.all(numbers.map((number) => told(handler(deliveryOf([number], { id: `${number}` })))));
  expect(answers.map(({ status }) => status)).toEqual(numbers.map(() => 503));
  expect(answers[0]).toMatchObject({ body: { error: "waits_for_parent" }, retryAfter: 30 });
  expect(log.text).toContain("Oplead does not have its parent yet");
  expect((await handler(deliveryOf([0]))).status).toBe(200);
  const again = await Promise.all(numbers.map((number) => told(handler(deliveryOf([number], { id: `${number}` })))));
  expect(again.map(outcomes)).toEqual(numbers.map(() => ["created"]));
  expect(fake.users).toHaveLength(COUNT + 1);
});

it("a held child names the parent it waits for, and is sent once the parent has been written", async () => {
  const { oplead, ledger, fake } = network();
  const child = { user: user(1) };
  expect(await reconcileUser(oplead, ledger, child)).toMatchObject({ outcome: "failed", waitsFor: "ACC-0" });
  expect(await reconcileUser(oplead, ledger, child)).toMatchObject({ outcome: "held", waitsFor: "ACC-0", requests: 0 });
  await reconcileUser(oplead, ledger, { user: user(0) });
  const arrived = await reconcileUser(oplead, ledger, child);
  expect(arrived).toMatchObject({ outcome: "created" });
  expect(arrived).not.toHaveProperty("waitsFor");
  expect(fake.users).toHaveLength(2);
});
