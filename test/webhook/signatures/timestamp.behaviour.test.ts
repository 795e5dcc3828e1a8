import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { expect, it } from "vitest";
import { hmacSignature, standardWebhooks, stripeStyle } from "../../../src/webhook/index.ts";
import { NOW, verify } from "../../support/verify-signature.ts";
import { secret } from "../../support/webhook.ts";

const signedAt = (ms: number) => ({
  "webhook-id": "msg_1",
  "webhook-timestamp": String(ms / 1000),
  "webhook-signature": new Webhook(secret).sign("msg_1", new Date(ms), "{}"),
});

it.each([
  [undefined, 300],
  [30, 30],
  [86_400, 86_400],
])(
  "a signed time within toleranceSeconds %s, past or future, is accepted, and no other",
  async (toleranceSeconds, limit) => {
    const verifier = standardWebhooks({ secrets: [secret], toleranceSeconds });
    for (const direction of [-1, 1]) {
      const within = await verify(verifier, signedAt(NOW + direction * limit * 1000), "{}");
      expect(within.genuine).toBe(true);
      const beyond = await verify(verifier, signedAt(NOW + direction * (limit + 1) * 1000), "{}");
      expect(beyond.genuine).toBe(false);
      expect(beyond.reason).toContain(`${limit + 1} s ${direction < 0 ? "ago" : "in the future"}`);
    }
  },
);

it("stripeStyle and hmacSignature check the signed time too, in seconds and in milliseconds", async () => {
  const late = NOW + 301_000;
  const stripe = stripeStyle({ secrets: ["hush"] });
  const header = Stripe.webhooks.generateTestHeaderString({ payload: "{}", secret: "hush", timestamp: NOW / 1000 });
  for (const written of [header, header.replaceAll(",", " , ")]) {
    expect((await verify(stripe, { "stripe-signature": written }, "{}")).genuine).toBe(true);
  }
  expect((await verify(stripe, { "stripe-signature": header }, "{}", late)).reason).toContain("301 s ago");

  const hmac = hmacSignature({ header: "x-sig", encoding: "hex", secrets: ["hush"], timestampHeader: "x-time" });
  for (const time of [String(NOW / 1000), String(NOW)]) {
    const headers = { "x-time": time, "x-sig": createHmac("sha256", "hush").update(`${time}.{}`).digest("hex") };
    expect((await verify(hmac, headers, "{}")).genuine).toBe(true);
    expect((await verify(hmac, headers, "{}", late)).reason).toContain("301 s ago");
    expect((await verify(hmac, { ...headers, "x-time": "yesterday" }, "{}")).reason).toContain(
      "does not hold a Unix time",
    );
  }
});
