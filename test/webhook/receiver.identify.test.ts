import { expect, it } from "vitest";
import { hmacSignature } from "../../src/webhook/index.ts";
import { deliveryOf, event, outcomes, setup, told } from "../support/webhook.ts";

const secrets = ["hush"];
const body = JSON.stringify(event);
const deliver = (headers: Record<string, string>, text = body) =>
  new Request("http://r.example/", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: text,
  });
const verify = "none" as const;

it("an id that the signature does not cover cannot make another delivery look like a duplicate", async () => {
  const { handler, fake } = setup({ verify });
  await handler(deliver({ "x-github-delivery": "next" })); // an old delivery, repeated under an id that is to come
  const next = JSON.stringify({ number: 1, revision: 2 });
  expect(outcomes(await told(handler(deliver({ "x-github-delivery": "next" }, next))))).toEqual(["updated"]);
  expect(fake.user("ACC-1")?.company).toBe("revision 2");
});

it("an id that the signature covers identifies the delivery whatever its body", async () => {
  const verifier = hmacSignature({ header: "x-sig", encoding: "hex", secrets });
  expect(await verifier({ headers: new Headers(), body: new Uint8Array(), now: 0 })).toMatchObject({
    genuine: false,
  });
  const { handler } = setup();
  expect(outcomes(await told(handler(deliveryOf(event, { id: "a" }))))).toEqual(["created"]);
  expect(outcomes(await told(handler(deliveryOf({ number: 2, revision: 1 }, { id: "a" }))))).toEqual(["repeated"]);
});

it.each([
  ["a promise", async () => "evt_1"],
  ["an object", () => ({ id: "evt_1" })],
  ["true", () => true],
])(
  "a deliveryId function that returns %s is answered 500, because every delivery would get the same id",
  async (_, deliveryId) => {
    const { handler, fake, log } = setup({ verify: "none", deliveryId: deliveryId as never });
    expect((await handler(deliver({}, body))).status).toBe(500);
    expect(log.text).toContain("deliveryId");
    expect(fake.requests).toEqual([]);
  },
);
