import { expect, it } from "vitest";
import { identify } from "../../src/webhook/receiver.ts";
import { parseBody, readBody } from "../../src/webhook/request-checker.ts";
import { eventBody, post, setup } from "../support/webhook.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

it.each([
  [undefined, true],
  ["", true],
  ["identity", true],
  ["Identity", true],
  ["gzip", false],
  ["identity, gzip", false],
  ["xidentity", false],
])("a body with the content encoding %s is taken only if it is uncompressed: %j", async (encoding, isTaken) => {
  const headers = encoding === undefined ? {} : { "content-encoding": encoding };
  const { status } = await setup({ verify: "none" }).handler(post(headers, eventBody));
  expect(status).toBe(isTaken ? 200 : 415);
});

it.each<[text: string, value: unknown]>([
  ['{"a":{"__proto__":{"b":1},"c":2}}', { a: { c: 2 } }],
  ['{"\\u005f_proto__":{"b":1},"c":2}', { c: 2 }],
  ['{"constructor":{"prototype":{"b":1}},"c":2}', { c: 2 }],
  ['{"constructor":{"name":"Renault"}}', { constructor: { name: "Renault" } }],
  ['{"constructor":"Renault"}', { constructor: "Renault" }],
  ['{"constructor":null}', { constructor: null }],
  ['["constructor",{"prototype":1}]', ["constructor", { prototype: 1 }]],
  ["null", null],
])("a body loses the keys that could change a prototype: %s", (text, value) => {
  expect(parseBody(bytes(text))).toEqual(value);
});

it("an id too large for a number is read as a text, even in a body with the key __proto__", () => {
  const id = "9007199254740993";
  expect(parseBody(bytes(`{"id":${id},"n":7}`))).toEqual({ id, n: 7 });
  expect(parseBody(bytes(`{"id":${id},"__proto__":{"b":${id}}}`))).toEqual({ id });
  expect(() => parseBody(Uint8Array.from([...bytes('{"a":"'), 0xe9, ...bytes('"}')]))).toThrow(TypeError);
});

const limits = (maxBytes: number, held = 0) => ({ maxBytes, withinMs: 1_000, budget: { freeBytes: 10 - held } });
const streamed = (...chunks: string[]) =>
  post(
    {},
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(bytes(chunk));
        controller.close();
      },
    }),
  );
const textOf = async (request: Request, given = limits(10)) => {
  const body = await readBody(request, given);
  return typeof body === "string" ? body : new TextDecoder().decode(body.bytes);
};

it("a body is read up to the limit, in however many parts it arrives", async () => {
  expect(await textOf(streamed())).toBe("");
  expect(await textOf(streamed("ab"))).toBe("ab");
  expect(await textOf(streamed("ab", "cd", "ef"))).toBe("abcdef");
  expect(await textOf(streamed("ab", "cd"), limits(4))).toBe("abcd");
  expect(await textOf(streamed("ab", "cd"), limits(3))).toBe("too_large");
  expect(await textOf(new Request("http://receiver.example/"))).toBe("");
});

const delivery = (headers: Record<string, string>, signedId?: string) => ({
  ...{ event: { id: 7 }, headers: new Headers(headers), body: bytes("{}"), signedId },
});

it("the id of a delivery is the one that the signature covers, unless an option says where it is", async () => {
  const both = delivery({ "webhook-id": "header", "x-id": "other" }, "signed");
  expect(await identify(undefined, both)).toEqual({ deliveryId: "signed", key: "signed" });
  expect(await identify("x-id", both)).toMatchObject({
    deliveryId: "other",
    key: expect.not.stringContaining("other"),
  });
  expect(await identify(() => "own", both)).toEqual({ deliveryId: "own", key: "own" });
});

it.each([undefined, null, ""])(
  "a delivery has no id if the deliveryId function gives %j, whatever the headers",
  async (id) => {
    const found = await identify(() => id as undefined, delivery({ "webhook-id": "header" }, "signed"));
    expect(found).toStrictEqual({ deliveryId: undefined, key: undefined });
  },
);

it("the id of a delivery is looked for only in the headers of common senders", async () => {
  for (const name of ["webhook-id", "x-github-delivery", "x-shopify-webhook-id"]) {
    expect(await identify(undefined, delivery({ [name]: "d" }))).toMatchObject({ deliveryId: "d" });
  }
  expect((await identify(undefined, delivery({ "x-request-id": "d" }))).key).toBeUndefined();
  expect((await identify("x-id", delivery({ "webhook-id": "d" }))).key).toBeUndefined();
  expect((await identify(undefined, delivery({ "webhook-id": "" }, ""))).key).toBeUndefined();
});
