import { expect, it } from "vitest";
import { createOplead } from "../../src/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { memoryLedger } from "../../src/webhook/index.ts";
import { deliveryOf, event, outcomes, setup, toEntry, told } from "../support/webhook.ts";

const ALWAYS = Number.POSITIVE_INFINITY;
const other = { ...event, number: 2 };

it("a delivery with one refused entry is handled again when it is repeated", async () => {
  const { handler, fake } = setup({ map: () => [toEntry(event), toEntry(other)] });
  const isOther = ({ body }: { body: unknown }) => JSON.stringify(body)?.includes("ACC-2") ?? false;
  fake.fail({ on: isOther, as: { status: 422 }, times: ALWAYS });
  const answer = await told(handler(deliveryOf(event, { id: "msg_1" })));
  expect(answer.status).toBe(200);
  expect(outcomes(answer)).toEqual(["created", "failed"]);
  // An operator repeats it after correcting the cause.
  expect(outcomes(await told(handler(deliveryOf(event, { id: "msg_1" }))))).toEqual(["updated", "failed"]);
});

it.each([
  [{ status: 401 }, "error"],
  [{ status: 403 }, "error"],
  [{ status: 500 }, "warn"],
  [{ status: 503 }, "warn"],
  [{ status: 200, body: "<html>" }, "warn"],
])("a delivery with a ledger and the answer %j is to be repeated, and logs one line of level %s", async (as, level) => {
  const { handler, fake, log } = setup({ ledger: memoryLedger() });
  fake.fail({ on: "updateUser", as: as as { status: number }, times: ALWAYS });
  const answer = await told(handler(deliveryOf(event)));
  expect(answer).toMatchObject({ status: 503, body: { error: "oplead_unavailable" } });
  expect(log.lines.filter((line) => line.includes("shall send it again"))).toEqual([
    expect.stringMatching(new RegExp(`^${level} `)),
  ]);
});

it.each([
  [422, 500, "internal"],
  [503, 503, "oplead_unavailable"],
])("a %d by Oplead that map meets is answered %d %s, because the event is not wrong", async (met, status, error) => {
  const refused = createFakeOplead();
  refused.fail({ as: { status: met, body: { errors: { email: ["taken"] } } }, times: ALWAYS });
  const other = createOplead({ token: "fake-token", fetch: refused.fetch, retry: false });
  const { handler } = setup({ map: (one) => other.updateUser("ACC-9", toEntry(one).user).then(() => toEntry(one)) });
  expect(await told(handler(deliveryOf(event)))).toMatchObject({ status, body: { error } });
});

it("a user whose rule is refused for good is answered incomplete", async () => {
  const { handler } = setup({ platform: { disabledRules: ["maxDistance"] } });
  const answer = await told(handler(deliveryOf({ ...event, maxDistance: 3 })));
  expect([answer.status, outcomes(answer)]).toEqual([200, ["incomplete"]]);
});
