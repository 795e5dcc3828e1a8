import { expect, it, vi } from "vitest";
import { hmacSignature, standardWebhooks, stripeStyle, type Verifier } from "../../src/webhook/index.ts";
import { event, post, rawDelivery, secret, setup, signedHeaders, told } from "../support/webhook.ts";

it.each(["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])("a %s request is answered 405", async (method) => {
  const { handler } = setup();
  const response = await handler(new Request("http://r.example/", { method }));
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
});

it.each([
  ["application/x-www-form-urlencoded", 415],
  ["text/plain", 415],
  ["x, application/json", 415],
  ["application/jsonp", 415],
  ["text/html; a=application/json", 415],
  ["application/json", 200],
  ["Application/JSON ; charset=utf-8", 200],
  ["application/vnd.hr.v2+json", 200],
  ["text/json", 200],
])("the content type %s is answered %i", async (type, status) => {
  const { handler, fake } = setup();
  const body = JSON.stringify(event);
  const headers = { ...signedHeaders(body), "content-type": type };
  const response = await handler(new Request("http://r.example/", { method: "POST", headers, body }));
  expect(response.status).toBe(status);
  expect(fake.users).toHaveLength(status === 200 ? 1 : 0);
});

it("a request without content type is handled if signed right, and 415 where nothing is verified", async () => {
  const text = JSON.stringify(event);
  // A text would get a content type.
  const body = new TextEncoder().encode(text);
  const { "content-type": _, ...headers } = signedHeaders(text);
  const signed = setup();
  const request = () => new Request("http://r.example/", { method: "POST", headers, body });
  expect(request().headers.has("content-type")).toBe(false);
  expect((await signed.handler(request())).status).toBe(200);
  expect(signed.fake.users).toHaveLength(1);
  const forged = new Request("http://r.example/", { method: "POST", headers, body: new TextEncoder().encode("{}") });
  expect((await signed.handler(forged)).status).toBe(401);
  const open = setup({ verify: "none" });
  expect((await open.handler(request())).status).toBe(415);
});

it.each([["not JSON"], [""], ["{"], ['{"a":1}x']])(
  "the signed body %j, which is not JSON, is answered 400",
  async (body) => {
    const { handler, fake } = setup();
    expect(await told(handler(rawDelivery(body)))).toMatchObject({ status: 400, body: { error: "invalid_json" } });
    expect(fake.requests).toEqual([]);
  },
);

it("a body that is not UTF-8 and one that nests too deeply are answered 400", async () => {
  const { handler, log } = setup({ verify: "none" });
  const headers = { "content-type": "application/json" };
  const broken = Uint8Array.from([0x22, 0xe9, 0x22]);
  expect((await handler(new Request("http://r.example/", { method: "POST", headers, body: broken }))).status).toBe(400);
  const deep = `{"__proto__":1,"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  const { status } = await handler(new Request("http://r.example/", { method: "POST", headers, body: deep }));
  expect(status).toBe(400);
  expect(log.text).toContain("not JSON");
});

it.each([
  ["arrays", "[", "]"],
  ["objects", '{"a":', "}"],
])("a forged body of deeply nested %s is answered 401", async (_, open, close) => {
  for (const depth of [400, 5_000, 10_000]) {
    const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
    const verify = hmacSignature({ header: "x-sig", encoding: "hex", secrets: ["hush"] });
    const { handler, log } = setup({ verify });
    expect((await handler(post({ "x-sig": "00".repeat(32) }, deep))).status).toBe(401);
    expect(log.text).toContain("fits none of the secrets");
  }
});

it("a verifier is given the bytes of the body as they were sent", async () => {
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

it("a signed delivery without a body is answered 400, and an unsigned one 401", async () => {
  const { handler, fake } = setup();
  const empty = (headers: Record<string, string>) => new Request("http://r.example/", { method: "POST", headers });
  expect((await handler(empty(signedHeaders("")))).status).toBe(400);
  expect((await handler(empty(signedHeaders("{}")))).status).toBe(401);
  expect(fake.requests).toEqual([]);
});

const body = '{"number":1,"revision":1}';
const request = () =>
  new Request("http://r.example/", { method: "POST", headers: { "content-type": "application/json" }, body });

it.each<[string, Verifier, number]>([
  ["true", () => true, 200],
  ["a promise of true", async () => true, 200],
  ["a result that says genuine", async () => ({ genuine: true }), 200],
  [
    "a promise that rejects",
    async () => {
      throw new TypeError("person-1@dealers.example");
    },
    401,
  ],
])(
  "a delivery is accepted only if your own verifier says that it is genuine; this one returns %s",
  async (_, verifier, status) => {
    const { handler, fake, log } = setup({ verify: verifier });
    expect((await handler(request())).status).toBe(status);
    expect(fake.users).toHaveLength(status === 200 ? 1 : 0);
    expect(log.text).not.toContain("@");
  },
);

it("a request without signature headers is refused before any of its body is read", async () => {
  const pull = vi.fn();
  const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
  const verifiers = [
    standardWebhooks({ secrets: [secret] }),
    stripeStyle({ secrets: ["hush"] }),
    hmacSignature({ header: "x-sig", encoding: "hex", secrets: ["hush"], timestampHeader: "x-time" }),
  ];
  for (const verify of verifiers) {
    const { handler, log } = setup({ verify });
    expect((await handler(post({ "x-sig": "00" }, body))).status).toBe(401);
    expect(log.text).toContain("is missing");
  }
  expect(pull).not.toHaveBeenCalled();
});
