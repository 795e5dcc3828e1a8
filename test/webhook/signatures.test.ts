/** Signatures by signers nobody here wrote, published vectors, and what the log says of wrong ones. */
import { createHmac } from "node:crypto";
import { sign as signAsGitHub } from "@octokit/webhooks-methods";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import * as svix from "svix";
import { describe, expect, it } from "vitest";
import { hmacSignature, standardWebhooks, stripeStyle, type Verifier } from "../../src/webhook/index.ts";
import { Log, secret, setup, told } from "../support/webhook.ts";

const NOW = 1_700_000_000_000;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a verifier says, and why. */
async function verify(verifier: Verifier, headers: Record<string, string>, body: string | Uint8Array, now = NOW) {
  const bytes = typeof body === "string" ? utf8(body) : body;
  const found = await verifier({ headers: new Headers(headers), body: bytes, now });
  if (typeof found === "boolean") throw new Error("built-in verifiers say why");
  if (found.genuine) return { genuine: true, deliveryId: found.deliveryId, reason: "" };
  return { genuine: false, reason: typeof found.reason === "function" ? await found.reason() : (found.reason ?? "") };
}

const github = (secrets: (string | Uint8Array)[]) =>
  hmacSignature({ header: "X-Hub-Signature-256", prefix: "sha256=", encoding: "hex", secrets });
const shopify = (secrets: (string | Uint8Array)[]) =>
  hmacSignature({ header: "X-Shopify-Hmac-SHA256", encoding: "base64", secrets });

describe("published vectors", () => {
  it("Standard Webhooks, and Svix's headers", async () => {
    const body = '{"test": 2432232314}';
    for (const family of ["webhook", "svix"]) {
      const headers = {
        [`${family}-id`]: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        [`${family}-timestamp`]: "1614265330",
        [`${family}-signature`]: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      };
      const verifier = standardWebhooks({ secrets: [secret] });
      expect(await verify(verifier, headers, body, 1_614_265_330_000)).toMatchObject({
        genuine: true,
        deliveryId: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      });
      expect((await verify(verifier, headers, `${body} `, 1_614_265_330_000)).genuine).toBe(false);
    }
  });

  it("GitHub", async () => {
    const header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    const verifier = github(["It's a Secret to Everybody"]);
    expect((await verify(verifier, { "x-hub-signature-256": header }, "Hello, World!")).genuine).toBe(true);
    expect((await verify(verifier, { "x-hub-signature-256": header }, "Hello, World?")).genuine).toBe(false);
  });

  it("Shopify", async () => {
    const body = '{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}';
    const header = { "x-shopify-hmac-sha256": "QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw=" };
    expect((await verify(shopify(["test-webhook-secret"]), header, body)).genuine).toBe(true);
    expect((await verify(shopify(["test-webhook-secreT"]), header, body)).genuine).toBe(false);
  });

  it("Slack, whose signed content is of its own form", async () => {
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

  it.each([
    [
      "sha256",
      "4a656665",
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      "sha512",
      "4a656665",
      "what do ya want for nothing?",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ],
    [
      "sha384",
      "4a656665",
      "what do ya want for nothing?",
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
    ],
    ["sha1", "4a656665", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
  ] as const)("RFC 4231 and 2202: %s, with the secret as bytes", async (algorithm, key, body, signature) => {
    const secrets = [Uint8Array.from(Buffer.from(key, "hex"))];
    const hex = hmacSignature({ header: "x-signature", encoding: "hex", secrets, algorithm });
    expect((await verify(hex, { "x-signature": signature.toUpperCase() }, body)).genuine).toBe(true);
    const base64 = hmacSignature({ header: "x-signature", encoding: "base64", secrets, algorithm });
    for (const encoding of ["base64", "base64url"] as const) {
      const text = Buffer.from(signature, "hex").toString(encoding);
      expect((await verify(base64, { "x-signature": text }, body)).genuine).toBe(true);
    }
  });
});

describe("other people's signers", () => {
  const bodies = fc.oneof(fc.json(), fc.string({ unit: "grapheme" }));
  const stripe = { payload: "", timestamp: NOW / 1000 };

  /** Each signs a body with a secret; `with` is the verifier of ours. */
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

  it.each(signers)("$name: what it signs is genuine; any other body, or secret, is not", async (signer) => {
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

  it("node:crypto, as Shopify's manual signs", async () => {
    const body = '{"customer":"Zoé"}';
    const headers = { "x-shopify-hmac-sha256": createHmac("sha256", "hush").update(body).digest("base64") };
    expect((await verify(shopify(["hush"]), headers, body)).genuine).toBe(true);
  });

  it("takes any of several secrets and any of several signatures, while one is being changed", async () => {
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

  it("works a bounded amount on a header full of signatures", async () => {
    const wrong = Array.from({ length: 300 }, () => `v1,${Buffer.alloc(32).toString("base64")}`);
    const right = new Webhook(secret).sign("msg_1", new Date(NOW), "{}");
    const headers = { "webhook-id": "msg_1", "webhook-timestamp": String(NOW / 1000) };
    const verifier = standardWebhooks({ secrets: [secret] });
    const flood = { ...headers, "webhook-signature": [...wrong, right].join(" ") };
    expect((await verify(verifier, flood, "{}")).genuine).toBe(false);
    const usual = { ...headers, "webhook-signature": [...wrong.slice(0, 7), right].join(" ") };
    expect((await verify(verifier, usual, "{}")).genuine).toBe(true);
  });

  it("refuses a signature of which any bit differs, or that was cut", async () => {
    const right = createHmac("sha256", "hush").update("{}").digest();
    const verifier = github(["hush"]);
    const check = (bytes: Buffer) =>
      verify(verifier, { "x-hub-signature-256": `sha256=${bytes.toString("hex")}` }, "{}");
    expect((await check(right)).genuine).toBe(true);
    for (let bit = 0; bit < 256; bit += 1) {
      const wrong = Buffer.from(right);
      wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect((await check(wrong)).genuine).toBe(false);
    }
    for (const length of [0, 1, 16, 31]) expect((await check(right.subarray(0, length))).genuine).toBe(false);
    expect((await check(Buffer.concat([right, right]))).genuine).toBe(false);
  });
});

describe("the clock", () => {
  const signedAt = (ms: number) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": String(ms / 1000),
    "webhook-signature": new Webhook(secret).sign("msg_1", new Date(ms), "{}"),
  });

  it.each([
    [undefined, 300],
    [30, 30],
    [86_400, 86_400],
  ])("tolerance %s: to the second, in both directions", async (toleranceSeconds, limit) => {
    const verifier = standardWebhooks({ secrets: [secret], toleranceSeconds });
    for (const direction of [-1, 1]) {
      const within = await verify(verifier, signedAt(NOW + direction * limit * 1000), "{}");
      expect(within.genuine).toBe(true);
      const beyond = await verify(verifier, signedAt(NOW + direction * (limit + 1) * 1000), "{}");
      expect(beyond.genuine).toBe(false);
      expect(beyond.reason).toContain(`${limit + 1} s ${direction < 0 ? "ago" : "in the future"}`);
    }
  });

  it("holds for the other schemes too, in seconds and in milliseconds", async () => {
    const late = NOW + 301_000;
    const stripe = stripeStyle({ secrets: ["hush"] });
    const header = Stripe.webhooks.generateTestHeaderString({ payload: "{}", secret: "hush", timestamp: NOW / 1000 });
    expect((await verify(stripe, { "stripe-signature": header }, "{}")).genuine).toBe(true);
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
});

describe("why it failed", () => {
  const body = '{"name":"Zoé","url":"a/b"}';
  const hmac = (key: string | Buffer, content = body, algorithm = "sha256") =>
    createHmac(algorithm, key).update(content);
  const hex = (key: string | Buffer, content?: string, algorithm?: string) =>
    hmac(key, content, algorithm).digest("hex");
  const reasonOf = async (verifier: Verifier, headers: Record<string, string>, arrived = body) => {
    const found = await verify(verifier, headers, arrived);
    expect(found.genuine).toBe(false);
    return found.reason;
  };
  const plain = (secrets: string[]) => hmacSignature({ header: "x-sig", encoding: "hex", secrets });

  it.each([
    ["white space in the secret", ["hush\n"], hex("hush"), body, "white space"],
    [
      "white space in the sender's secret",
      ["hush"],
      hex("hush\n"),
      body,
      "sender's copy of the secret ends in a line break",
    ],
    ["base64 for hex", ["hush"], hmac("hush").digest("base64"), body, 'set encoding to "base64"'],
    ["a prefix", ["hush"], `sha256=${hex("hush")}`, body, "set prefix to it"],
    ["another algorithm", ["hush"], hex("hush", body, "sha1"), body, "sha1"],
    ["a secret in base64", ["aHVzaA=="], hex("hush"), body, "from base64"],
    ["a secret in hex", ["68757368"], hex("hush"), body, "from hex"],
    [
      "a body parsed and written again (indented)",
      ["hush"],
      hex("hush"),
      JSON.stringify(JSON.parse(body), null, 2),
      "raw body",
    ],
    ["a line break lost", ["hush"], hex("hush", `${body}\n`), body, "raw body"],
    ["not hex at all", ["hush"], "no signature", body, "is not hex"],
    ["another secret", ["hush"], hex("other"), body, "fits none of the secrets"],
    ["maybe parsed", ["hush"], hex("hush", '{"name" :"Zoé","url":"a/b"}'), body, "JSON.stringify writes"],
  ])("%s", async (_, secrets, signature, arrived, expected) => {
    expect(await reasonOf(plain(secrets), { "x-sig": signature }, arrived)).toContain(expected);
  });

  it("a missing header, and those that may be meant", async () => {
    const reason = await reasonOf(plain(["hush"]), { "x-hub-signature": "sha1=12", cookie: "a" });
    expect(reason).toBe("the header x-sig is missing; there is x-hub-signature");
    expect(await reasonOf(github(["hush"]), { "x-hub-signature-256": hex("hush") })).toContain("does not begin with");
    expect(await reasonOf(standardWebhooks({ secrets: [secret] }), {})).toContain("webhook-id is missing");
    expect(await reasonOf(stripeStyle({ secrets: ["a"] }), {})).toContain("stripe-signature is missing");
    expect(await reasonOf(stripeStyle({ secrets: ["a"] }), { "stripe-signature": "v1=12" })).toContain("t=…,v1=…");
  });

  it("a timestamp that the sender does not sign", async () => {
    const verifier = hmacSignature({ header: "x-sig", encoding: "hex", secrets: ["hush"], timestampHeader: "x-time" });
    const headers = { "x-sig": hex("hush"), "x-time": String(NOW / 1000) };
    expect(await reasonOf(verifier, headers)).toContain("without the timestamp");
  });

  it("a secret of Standard Webhooks that the sender takes as text", async () => {
    const verifier = standardWebhooks({ secrets: ["aHVzaGh1c2g="] });
    const signature = hmac("aHVzaGh1c2g=", `msg_1.${NOW / 1000}.${body}`).digest("base64");
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(NOW / 1000),
      "webhook-signature": `v1,${signature}`,
    };
    expect(await reasonOf(verifier, headers)).toContain("takes the secret as text");
    expect(await reasonOf(verifier, { ...headers, "webhook-signature": "v1a,AAAA" })).toContain("version v1");
  });

  it("goes to the log, with neither secret, signature nor body, and never to the sender", async () => {
    const { handler, log, fake } = setup({ verify: plain(["hush "]) });
    const request = () =>
      new Request("http://receiver.example/", {
        method: "POST",
        headers: { "content-type": "application/json", "x-sig": hex("hush") },
        body,
      });
    const answer = await told(handler(request()));
    expect(answer).toMatchObject({ status: 401, body: { error: "invalid_signature" } });
    expect(answer.text).not.toMatch(/white|secret|hush/);
    expect(log.text).toContain("white space around it");
    expect(log.text).not.toMatch(/hush|Zoé|name/);
    expect(log.text).not.toContain(hex("hush"));
    expect(fake.requests).toEqual([]);
  });

  it("is looked for twenty times a minute at most", async () => {
    let now = NOW;
    const { handler, log } = setup({ verify: plain(["hush"]), now: () => now });
    const forged = () =>
      new Request("http://r.example/", { method: "POST", headers: { "content-type": "application/json" }, body });
    for (let n = 0; n < 50; n += 1) expect((await handler(forged())).status).toBe(401);
    expect(log.lines.filter((line) => line.includes("401"))).toHaveLength(20);
    now += 60_000;
    await handler(forged());
    expect(log.lines.filter((line) => line.includes("401"))).toHaveLength(21);
  });
});

describe("a verifier of one's own", () => {
  const body = '{"number":1,"revision":1}';
  const request = () =>
    new Request("http://r.example/", { method: "POST", headers: { "content-type": "application/json" }, body });

  it.each<[string, Verifier, number]>([
    ["true", () => true, 200],
    ["a promise of true", async () => true, 200],
    ["genuine", async () => ({ genuine: true }), 200],
    ["false", () => false, 401],
    ["a promise of false", async () => false, 401],
    ["not genuine", () => ({ genuine: false, reason: "why" }), 401],
    ["undefined, for it forgot to return", (() => undefined) as unknown as Verifier, 401],
    ["an event, as Stripe's own function gives", (() => ({ id: "evt_1" })) as unknown as Verifier, 401],
    ["1", (() => 1) as unknown as Verifier, 401],
    ["null", (() => null) as unknown as Verifier, 401],
    ["a genuine that is not true", (() => ({ genuine: "yes" })) as unknown as Verifier, 401],
    [
      "a throw",
      () => {
        throw new Error("person-1@dealers.example");
      },
      401,
    ],
    [
      "a rejection",
      async () => {
        throw new TypeError("person-1@dealers.example");
      },
      401,
    ],
  ])("%s", async (_, verifier, status) => {
    const { handler, fake, log } = setup({ verify: verifier });
    expect((await handler(request())).status).toBe(status);
    expect(fake.users).toHaveLength(status === 200 ? 1 : 0);
    expect(log.text).not.toContain("@");
  });

  it("sees the bytes as sent", async () => {
    let seen: Uint8Array | undefined;
    const { handler } = setup({
      verify: ({ body }) => {
        seen = body;
        return false;
      },
    });
    const bytes = Uint8Array.from([0xff, 0x00, 0x7b, 0xe9]);
    await handler(
      new Request("http://r.example/", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: bytes,
      }),
    );
    expect(seen).toEqual(bytes);
  });
});

describe("options that are wrong are refused at once, all of them", () => {
  const messageOf = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      expect(error).toMatchObject({ name: "OpleadError", code: "invalid_options" });
      return (error as Error).message;
    }
    throw new Error("accepted");
  };
  const wrong = (value: unknown) => value as never;

  it.each([[[]], [[""]], [["  "]], [[undefined]], [[new Uint8Array()]], ["hush"], [undefined], [[5]]])(
    "secrets: %j",
    (secrets) => {
      expect(messageOf(() => github(wrong(secrets)))).toContain("secrets");
      expect(messageOf(() => standardWebhooks({ secrets: wrong(secrets) }))).toContain("secrets");
      expect(messageOf(() => stripeStyle({ secrets: wrong(secrets) }))).toContain("secrets");
    },
  );

  it("the rest", () => {
    const message = messageOf(() =>
      hmacSignature(
        wrong({
          header: "a b",
          encoding: "utf8",
          algorithm: "md5",
          prefix: 1,
          secrets: [],
          signedContent: "{body}",
          toleranceSeconds: -1,
        }),
      ),
    );
    for (const name of ["header", "encoding", "algorithm", "prefix", "secrets", "signedContent", "toleranceSeconds"]) {
      expect(message).toContain(`- ${name}:`.replace("- secrets:", "- secrets"));
    }
    expect(
      messageOf(() => hmacSignature({ header: "a", encoding: "hex", secrets: ["a"], toleranceSeconds: 9 })),
    ).toContain("timestampHeader");
    expect(messageOf(() => standardWebhooks({ secrets: ["not base64!"] }))).toContain("base64");
    expect(messageOf(() => standardWebhooks({ secrets: ["not base64!"] }))).not.toContain("not base64!");
    expect(messageOf(() => stripeStyle({ secrets: ["a"], header: "a:b" }))).toContain("header");
  });

  it("of the webhook", () => {
    const message = messageOf(() =>
      setup(
        wrong({
          verify: undefined,
          map: 1,
          rejectedStatus: 410,
          onRejected: 1,
          deliveries: {},
          ledger: 1,
          maxBodyBytes: 0,
          respondWithinMs: 0.5,
          deliveryId: 3,
          verfiy: 1,
        }),
      ),
    );
    for (const name of [
      "verify",
      "map",
      "rejectedStatus",
      "onRejected",
      "deliveries",
      "ledger",
      "maxBodyBytes",
      "respondWithinMs",
      "deliveryId",
      "verfiy",
    ]) {
      expect(message).toMatch(new RegExp(`- ${name}[.:]`));
    }
    expect(message).toContain('or "none"');
  });

  it('"none" must be written, and is logged', async () => {
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
});
