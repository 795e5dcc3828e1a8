import { expect, it } from "vitest";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import type { UserWebhookOptions } from "../../src/webhook/index.ts";
import { setEntry } from "../support/entries.ts";
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

it("20 children whose events come before the event of their parent are answered 503, and are created when their events are repeated after the parent's", async () => {
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

it("a child that stands before its parent in one delivery is sent after it", async () => {
  const { handler, fake } = network();
  const answer = await told(handler(deliveryOf([2, 1, 0, 3])));
  expect([answer.status, outcomes(answer)]).toEqual([200, ["created", "created", "created", "created"]]);
  expect(fake.users).toHaveLength(4);
});

it("a child that Oplead refuses does not wait if the ledger has its parent, or if the refusal names a field other than the parent", async () => {
  const refused: string[] = [];
  const { handler, fake, ledger } = network({
    onRefused: ({ entry }) => void refused.push(String(entry.user.accountNumber)),
  });
  const email = { status: 422, body: { field: "email" } };
  const fault = fake.fail({ on: "createUser", as: email, times: 9 });
  expect(outcomes(await told(handler(deliveryOf([1]))))).toEqual(["failed"]);
  fault.remove();
  await setEntry(ledger, "ACC-0", { id: "100000", rules: {}, at: 0, revision: 1 });
  fake.fail({ on: "createUser", as: { status: 422 }, times: 9 });
  expect(outcomes(await told(handler(deliveryOf([2]))))).toEqual(["failed"]);
  expect(refused).toEqual(["ACC-1", "ACC-2"]);
});

it("a held child says which parent it waits for, and is sent without retryHeld once its parent has been written", async () => {
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
