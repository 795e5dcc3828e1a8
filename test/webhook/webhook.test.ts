import { expect, it } from "vitest";
import { deliveryOf, event, Log, outcomes, personal, setup, toEntry, told } from "../support/webhook.ts";

it("the answer lists the outcome of each entry", async () => {
  const { handler, fake } = setup({
    map: ({ number }) => [toEntry(event), toEntry({ number, revision: 1, maxDistance: 30 })],
  });
  const answer = await told(handler(deliveryOf({ number: 2 })));
  expect(answer).toMatchObject({ status: 200, body: { testMode: false } });
  expect(outcomes(answer)).toEqual(["created", "created"]);
  expect(outcomes(await told(handler(deliveryOf({ number: 3 }))))).toEqual(["updated", "created"]);
  expect(fake.users.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-1", "ACC-2", "ACC-3"]);
  expect(fake.rules("ACC-2")?.maxDistance).toEqual({ maxDistance: 30 });
  expect(answer.text).not.toMatch(personal);
});

it("an event for which map returns null or an empty list is ignored with a 200", async () => {
  for (const nothing of [null, []]) {
    const { handler, fake } = setup({ map: () => nothing });
    expect(outcomes(await told(handler(deliveryOf(event))))).toEqual(["ignored"]);
    expect(fake.requests).toEqual([]);
  }
});

it("map is given the headers and the id of the delivery", async () => {
  let seen: unknown;
  const { handler } = setup({
    map: (_, { headers, deliveryId }) => {
      seen = [headers.get("webhook-id"), deliveryId];
      return null;
    },
  });
  await handler(deliveryOf(event, { id: "msg_of_map" }));
  expect(seen).toEqual(["msg_of_map", "msg_of_map"]);
});

it("if waitUntil throws, the sender is answered 500 and the log says why", async () => {
  const { handler, fake, log } = setup({ respondWithinMs: 100 });
  fake.delay({ ms: 300 });
  const waitUntil = () => {
    throw new RangeError("of event 7");
  };
  const answer = await told(handler(deliveryOf(event), { waitUntil }));
  expect(answer).toMatchObject({ status: 500, body: { error: "internal" } });
  expect(log.text).toContain("a RangeError was thrown");
  expect(log.text).not.toContain("of event 7");
});

it("in test mode the answer, the log and the events say so, and every request is a test", async () => {
  const seen: boolean[] = [];
  const { handler, fake, log } = setup({
    client: { testMode: true },
    onOutcome: ({ testMode }) => void seen.push(testMode),
  });
  const answer = await told(handler(deliveryOf({ ...event, maxDistance: 3 })));
  expect(answer).toMatchObject({ status: 200, body: { testMode: true, results: [{ outcome: "created" }] } });
  expect(seen).toEqual([true]);
  expect(log.text).toContain("the webhook is in test mode");
  expect(
    log.lines.filter((line) => line.includes("ACC-1: created")).every((line) => line.includes("(test mode)")),
  ).toBe(true);
  expect(fake.users).toEqual([]);
  expect(fake.requests.every(({ testMode }) => testMode)).toBe(true);
});

it("an error in map is answered 500 without its message, and the log says where it was thrown", async () => {
  const bug = ({ number }: { number: number }) => {
    throw new TypeError(`person-${number}@dealers.example is not a function`);
  };
  const { handler, log } = setup({ map: bug });
  const answer = await told(handler(deliveryOf(event)));
  expect(answer).toMatchObject({ status: 500, body: { error: "internal" } });
  expect(answer.text).not.toMatch(/person|stack|\.ts/);
  expect(log.text).toContain("map threw a TypeError");
  expect(log.text).toContain("webhook.test.ts");
  expect(log.text).not.toContain("@dealers");
  const forgetful = setup({ map: (() => undefined) as never });
  expect((await forgetful.handler(deliveryOf(event))).status).toBe(500);
});

it("if the option `verify` is `none`, the receiver accepts unsigned requests, and a warning says so", async () => {
  const { log, handler } = setup({ verify: "none" });
  expect(log).toBeInstanceOf(Log);
  expect(log.text).toContain('verify is "none"');
  const request = new Request("http://r.example/", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"number":1,"revision":1}',
  });
  expect((await handler(request)).status).toBe(200);
});
