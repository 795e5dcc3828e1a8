import { createHmac } from "node:crypto";
import { sign as signAsGitHub } from "@octokit/webhooks-methods";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import * as svix from "svix";
import { expect, it } from "vitest";
import { hmacSignature, standardWebhooks, stripeStyle, type Verifier } from "../../../src/webhook/index.ts";
import { github, NOW, shopify, verify } from "../../support/verify-signature.ts";
import { secret } from "../../support/webhook.ts";

it("hmacSignature accepts a signature of Shopify and refuses it with another secret", async () => {
  const body = '{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}';
  const header = { "x-shopify-hmac-sha256": "QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw=" };
  expect((await verify(shopify(["test-webhook-secret"]), header, body)).genuine).toBe(true);
  expect((await verify(shopify(["test-webhook-secreT"]), header, body)).genuine).toBe(false);
});

it("hmacSignature accepts the published example of Slack, with its own form of signed content", async () => {
  const verifier = hmacSignature({
    header: "X-Slack-Signature",
    prefix: "v0=",
    encoding: "hex",
    secrets: ["8f742231b10e8888abcd99yyyzzz85a5"],
    timestampHeader: "X-Slack-Request-Timestamp",
    signedContent: "v0:{timestamp}:{body}",
  });
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
    "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com" +
    "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d" +
    "10d2c447fce8b6703c";
  const headers = {
    "x-slack-request-timestamp": "1531420618",
    "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  };
  expect((await verify(verifier, headers, body, 1_531_420_618_000)).genuine).toBe(true);
  const later = { ...headers, "x-slack-request-timestamp": "1531420619" };
  expect((await verify(verifier, later, body, 1_531_420_618_000)).genuine).toBe(false);
});

const bodies = fc.oneof(fc.json(), fc.string({ unit: "grapheme" }));
const stripe = { payload: "", timestamp: NOW / 1000 };

const signers: { name: string; with: Verifier; sign: (body: string) => Promise<Record<string, string>> }[] = [
  {
    name: "standardwebhooks",
    with: standardWebhooks({ secrets: [secret] }),
    sign: async (body) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": String(NOW / 1000),
      "webhook-signature": new Webhook(secret).sign("msg_1", new Date(NOW), body),
    }),
  },
  {
    name: "svix",
    with: standardWebhooks({ secrets: [secret.replace("whsec_", "")] }),
    sign: async (body) => ({
      "svix-id": "msg_1",
      "svix-timestamp": String(NOW / 1000),
      "svix-signature": new svix.Webhook(secret).sign("msg_1", new Date(NOW), body),
    }),
  },
  {
    name: "stripe",
    with: stripeStyle({ secrets: ["whsec_of_stripe"] }),
    sign: async (payload) => ({
      "stripe-signature": Stripe.webhooks.generateTestHeaderString({ ...stripe, payload, secret: "whsec_of_stripe" }),
    }),
  },
  {
    name: "@octokit/webhooks-methods",
    with: github(["hush"]),
    sign: async (body) => ({ "x-hub-signature-256": await signAsGitHub("hush", body || " ") }),
  },
];

it.each(signers)("a signature by $name is accepted, and refused for another body", async (signer) => {
  await fc.assert(
    fc.asyncProperty(bodies, async (text) => {
      const body = text || " ";
      const headers = await signer.sign(body);
      expect((await verify(signer.with, headers, body)).genuine).toBe(true);
      expect((await verify(signer.with, headers, `${body}x`)).genuine).toBe(false);
    }),
    { numRuns: 50 },
  );
});

it("any of several secrets and any of several signatures is accepted, so that a secret can be replaced", async () => {
  const old = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  const sign = (with_: string) => new Webhook(with_).sign("msg_1", new Date(NOW), "{}");
  const both = standardWebhooks({ secrets: [old, secret] });
  const headers = (signature: string) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": String(NOW / 1000),
    "webhook-signature": signature,
  });
  expect((await verify(both, headers(sign(old)), "{}")).genuine).toBe(true);
  expect((await verify(both, headers(sign(secret)), "{}")).genuine).toBe(true);
  const one = standardWebhooks({ secrets: [secret] });
  expect((await verify(one, headers(sign(old)), "{}")).genuine).toBe(false);
  expect((await verify(one, headers(`v1a,AAAA ${sign(old)} ${sign(secret)}`), "{}")).genuine).toBe(true);

  const stripes = [1, 2].map((n) =>
    createHmac("sha256", `s${n}`)
      .update(`${NOW / 1000}.{}`)
      .digest("hex"),
  );
  const header = `t=${NOW / 1000},v0=00,v1=${stripes[0]},v1=${stripes[1]}`;
  const second = stripeStyle({ secrets: ["s2"] });
  expect((await verify(second, { "stripe-signature": header }, "{}")).genuine).toBe(true);
  const third = stripeStyle({ secrets: ["s3"] });
  expect((await verify(third, { "stripe-signature": header }, "{}")).genuine).toBe(false);
});

it("at most eight signatures of a header are checked", async () => {
  const wrong = Array.from({ length: 300 }, () => `v1,${Buffer.alloc(32).toString("base64")}`);
  const right = new Webhook(secret).sign("msg_1", new Date(NOW), "{}");
  const headers = { "webhook-id": "msg_1", "webhook-timestamp": String(NOW / 1000) };
  const verifier = standardWebhooks({ secrets: [secret] });
  const flood = { ...headers, "webhook-signature": [...wrong, right].join(" ") };
  expect((await verify(verifier, flood, "{}")).genuine).toBe(false);
  const usual = { ...headers, "webhook-signature": [...wrong.slice(0, 7), right].join(" ") };
  expect((await verify(verifier, usual, "{}")).genuine).toBe(true);
});
