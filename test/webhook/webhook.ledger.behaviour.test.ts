import { expect, it } from "vitest";
import { createLedger } from "../../src/sync/index.ts";
import { createUserWebhook, memoryLedger, standardWebhooks } from "../../src/webhook/index.ts";
import { smallStore } from "../support/ledger-contract.ts";
import {
  deliveryOf,
  event,
  type Log,
  outcomes,
  type PersonEvent,
  secret,
  setup,
  toEntry,
  told,
} from "../support/webhook.ts";

it("a delivery whose content Oplead already has costs no request, whatever its id", async () => {
  const { handler, fake } = setup({ ledger: memoryLedger() });
  expect(outcomes(await told(handler(deliveryOf({ ...event, maxDistance: 5 }))))).toEqual(["created"]);
  expect(fake.requests.map(({ method }) => method)).toEqual(["PUT", "POST", "PUT"]);
  expect(outcomes(await told(handler(deliveryOf({ ...event, maxDistance: 5 }))))).toEqual(["unchanged"]);
  expect(fake.requests).toHaveLength(3);
  expect(outcomes(await told(handler(deliveryOf({ ...event, maxDistance: 6 }))))).toEqual(["updated"]);
  expect(fake.requests).toHaveLength(4);
  expect(fake.requests[3]?.operation).toBe("setMaxDistanceRule");
});

it("an older event is answered stale and costs no request", async () => {
  const { handler, fake } = setup({ ledger: memoryLedger() });
  await handler(deliveryOf({ number: 1, revision: 2 }));
  const { length } = fake.requests;
  const answer = await told(handler(deliveryOf({ number: 1, revision: 1 })));
  expect([answer.status, outcomes(answer)]).toEqual([200, ["stale"]]);
  expect(fake.requests).toHaveLength(length);
  expect(fake.user("ACC-1")?.company).toBe("revision 2");
});

it("webhooks without a ledger warn once for each client that they ignore versions", async () => {
  const first = setup();
  const options = { verify: standardWebhooks({ secrets: [secret] }), map: toEntry };
  const handlers = [first.handler, createUserWebhook<PersonEvent>(first.oplead, options)];
  for (const handler of handlers) await handler(deliveryOf(event));
  const warned = (log: Log) => log.fields.filter(({ event }) => event === "versions_ignored").length;
  expect(warned(first.log)).toBe(1);
  const other = setup();
  await other.handler(deliveryOf(event));
  expect(warned(other.log)).toBe(1);
});

it("two receivers share the store of a ledger, and a ledger that fails leads to 503", async () => {
  const store = smallStore();
  const [one, two] = [setup({ ledger: createLedger(store) }), setup({ ledger: createLedger(store) })];
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
