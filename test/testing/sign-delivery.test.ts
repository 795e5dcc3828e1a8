import fc from "fast-check";
import { expect, it } from "vitest";
import { type SignedDelivery, signDelivery } from "../../src/testing/index.ts";
import { hmacSignature } from "../../src/webhook/signatures/hmac-signature.ts";
import type { Verifier } from "../../src/webhook/signatures/scheme.ts";
import { standardWebhooks } from "../../src/webhook/signatures/standard-webhooks.ts";
import { stripeStyle } from "../../src/webhook/signatures/stripe-style.ts";

it("a delivery of the scheme standardWebhooks has the signature of the example in Svix's manual", async () => {
  const options = {
    scheme: "standardWebhooks",
    secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  } as const;
  const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  for (const [headerPrefix, timestamp] of [
    ["webhook", 1_614_265_330],
    ["svix", new Date(1_614_265_330_000)],
  ] as const) {
    const { headers } = await signDelivery('{"test": 2432232314}', { ...options, headerPrefix, timestamp });
    const names = ["id", "timestamp", "signature"].map((name) => headers.get(`${headerPrefix}-${name}`));
    expect(names).toEqual([options.id, "1614265330", signature]);
  }
  const timestamp = 1_614_265_330;
  const bare = await signDelivery('{"test": 2432232314}', {
    ...options,
    timestamp,
    secrets: [options.secrets[0].slice(6)],
  });
  expect(bare.headers.get("webhook-signature")).toBe(signature);
  const secrets = ["AAAA", options.secrets[0]];
  const rotated = await signDelivery('{"test": 2432232314}', { ...options, timestamp, secrets });
  expect(rotated.headers.get("webhook-signature")).toMatch(/^v1,\S{44} v1,g0hM9SsE/);
});

it("a scheme that does not exist is refused: the delivery would have no signature", async () => {
  const options = { scheme: "standardWebhook", secrets: ["AAAA"] };
  const known = "standardWebhooks, hmacSignature, stripeStyle";
  await expect(signDelivery("{}", options as unknown as SignedDelivery)).rejects.toThrow(known);
});

it("each call makes a new POST of JSON, and a test can give headers that make it a forged delivery", async () => {
  const options = { scheme: "standardWebhooks", secrets: ["AAAA"] } as const;
  const request = await signDelivery({}, options);
  expect([request.method, request.url]).toEqual(["POST", "https://receiver.example/oplead"]);
  expect(request.headers.get("content-type")).toBe("application/json");
  const again = await signDelivery({}, options);
  expect(again.headers.get("webhook-id")).not.toBe(request.headers.get("webhook-id"));
  const forged = await signDelivery({}, { ...options, url: "http://x/hook", headers: { "Webhook-Signature": "v1,x" } });
  expect([forged.url, forged.headers.get("webhook-signature")]).toEqual(["http://x/hook", "v1,x"]);
});

it("the verifiers accept a delivery that was signed with their options", async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const whole = fc.uint8Array({ minLength: 16, maxLength: 64 });
  const hmacOptions = fc.record(
    {
      secrets: fc.array(fc.oneof(fc.string({ minLength: 1 }), bytes), { minLength: 1, maxLength: 3 }),
      header: fc.constantFrom("X-Hub-Signature-256", "x-sig"),
      encoding: fc.constantFrom("hex" as const, "base64" as const),
      algorithm: fc.constantFrom("sha1" as const, "sha256" as const, "sha384" as const, "sha512" as const),
      prefix: fc.constantFrom("sha256=", "v0="),
      timestampHeader: fc.constant("x-time"),
    },
    { requiredKeys: ["secrets", "header", "encoding"] },
  );
  const usable = hmacOptions
    .filter(({ secrets }) => secrets.every((secret) => typeof secret !== "string" || secret.trim() !== ""))
    .chain((options) =>
      fc.constantFrom(options, { ...options, timestampHeader: "x-time", signedContent: "v0:{timestamp}:{body}" }),
    );
  const pairs = fc.oneof(
    usable.map((options): [SignedDelivery, Verifier] => [
      { scheme: "hmacSignature", ...options },
      hmacSignature(options),
    ]),
    usable.map(({ secrets }): [SignedDelivery, Verifier] => [
      { scheme: "stripeStyle", secrets },
      stripeStyle({ secrets: secrets.slice(-1) }),
    ]),
    fc
      .tuple(fc.array(whole, { minLength: 1, maxLength: 3 }), fc.constantFrom("webhook" as const, "svix" as const))
      .map(([secrets, headerPrefix]): [SignedDelivery, Verifier] => [
        { scheme: "standardWebhooks", secrets, headerPrefix },
        standardWebhooks({ secrets: secrets.slice(-1) }),
      ]),
  );
  await fc.assert(
    fc.asyncProperty(pairs, fc.oneof(fc.jsonValue(), fc.uint8Array()), async ([options, verify], event) => {
      const request = await signDelivery(event, options);
      const body = new Uint8Array(await request.arrayBuffer());
      const genuine = async (bytes: Uint8Array) => {
        const verdict = await verify({ headers: request.headers, body: bytes, now: Date.now() });
        return typeof verdict === "object" && verdict.genuine;
      };
      expect(await genuine(body)).toBe(true);
      expect(await genuine(new Uint8Array([...body, 0]))).toBe(false);
    }),
    { numRuns: 150 },
  );
});
