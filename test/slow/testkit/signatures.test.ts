import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { signDelivery } from "../../../src/testing/index.ts";
import { tool } from "../toolbox.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const event = { type: "user.updated", name: "Zoé" };

async function load(name: string, version: string) {
  const folder = await tool(name, version);
  return createRequire(join(folder, "index.cjs"))(name);
}

const read = async (request: Request) => ({ text: await request.text(), headers: Object.fromEntries(request.headers) });

test.each([
  ["standardwebhooks", "1.1.1", "webhook"],
  ["svix", "2.5.0", "svix"],
] as const)("the npm package %s accepts deliveries that signDelivery signed", async (name, version, headerPrefix) => {
  const { Webhook } = await load(name, version);
  const receiver = new Webhook(SECRET);
  const options = { scheme: "standardWebhooks", secrets: [SECRET], headerPrefix } as const;
  const { text, headers } = await read(await signDelivery(event, options));
  receiver.verify(text, headers);
  expect(() => receiver.verify(`${text} `, headers)).toThrow("No matching signature found");
  const stale = await read(await signDelivery(event, { ...options, timestamp: Date.now() / 1000 - 600 }));
  expect(() => receiver.verify(stale.text, stale.headers)).toThrow(/too old/);
});

test("the npm package stripe accepts deliveries that signDelivery signed", async () => {
  const Stripe = await load("stripe", "23.1.0");
  const { webhooks } = new Stripe("sk_test_none");
  const options = { scheme: "stripeStyle", secrets: ["another", SECRET] } as const;
  const { text, headers } = await read(await signDelivery(event, options));
  expect(webhooks.constructEvent(text, headers["stripe-signature"], SECRET)).toEqual(event);
  expect(() => webhooks.constructEvent(`${text} `, headers["stripe-signature"], SECRET)).toThrow();
});
