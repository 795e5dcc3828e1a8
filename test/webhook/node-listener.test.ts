import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import express from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { toNodeListener } from "../../src/webhook/index.ts";
import { outcomes, type Setup, serve, setup, signedHeaders, told } from "../support/webhook.ts";

// Parsing it and writing it again gives other bytes.
const body = '{ "number": 1,\n  "revision": 1, "city": "Bourg-en-\\u0042resse" }\n';
const post = (url: string, text = body) => fetch(url, { method: "POST", headers: signedHeaders(text), body: text });

const keeping =
  (kept: (bytes: Buffer) => unknown) =>
  ({ handler }: Setup) => {
    const keep = express.json({ verify: (request, _, bytes) => void Object.assign(request, { rawBody: kept(bytes) }) });
    return serve(express().use(keep).post("/", toNodeListener(handler)));
  };

const mounts: [string, (setup: Setup) => Promise<string>][] = [
  ["node:http", ({ handler }) => serve(toNodeListener(handler))],
  [
    "Express 5, after express.raw()",
    ({ handler }) =>
      serve(
        express()
          .use(express.raw({ type: "*/*" }))
          .post("/", toNodeListener(handler)),
      ),
  ],
  ["Express 5, after a JSON parser that keeps rawBody as bytes", keeping((bytes) => bytes)],
  ["Express 5, after a JSON parser that keeps rawBody as text", keeping(String)],
];

describe.each(mounts)("behind %s", (_, mount) => {
  it("a genuine delivery is accepted with its bytes unchanged", async () => {
    const webhook = setup();
    const answer = await told(post(await mount(webhook)));
    expect(answer.status).toBe(200);
    expect(outcomes(answer)).toEqual(["created"]);
    expect(webhook.fake.users[0]?.address.city).toBe("Bourg-en-Bresse");
  });
});

it("express.json() before the webhook leads to 500 at once, and the log says what to change", async () => {
  const { handler, log, fake } = setup();
  const url = await serve(express().use(express.json()).post("/", toNodeListener(handler)));
  expect(await told(post(url))).toMatchObject({ status: 500, body: { error: "body_already_read" } });
  expect(log.text).toContain("before express.json()");
  expect(fake.requests).toEqual([]);
});

async function counting(webhook: Setup) {
  const listener = toNodeListener(webhook.handler);
  const sockets: { bytesRead: number; destroyed: boolean }[] = [];
  const url = await serve((request, response) => {
    sockets.push(request.socket);
    void listener(request, response);
  });
  return { url, sockets };
}

it("toNodeListener answers a body without end with 413 and closes the connection", async () => {
  const { url, sockets } = await counting(setup({ maxBodyBytes: 10_000 }));
  const { status, sent } = await new Promise<{ status: number | undefined; sent: number }>((resolve, reject) => {
    let sent = 0;
    let status: number | undefined;
    const request = httpRequest(url, { method: "POST", headers: signedHeaders("{}") });
    request.on("response", (response: IncomingMessage) => {
      status = response.statusCode;
      response.resume();
    });
    request.on("close", () => resolve({ status, sent }));
    request.on("error", () => {});
    const chunk = Buffer.alloc(16_384, " ");
    const write = () => {
      if (request.destroyed) return;
      sent += chunk.length;
      if (request.write(chunk)) setImmediate(write);
      else request.once("drain", write);
    };
    write();
    setTimeout(reject, 5_000, new Error("the connection stays open")).unref();
  });
  expect(status).toBe(413);
  expect(sockets).toHaveLength(1);
  expect(sockets[0]?.destroyed).toBe(true);
  // What Node had buffered and a short rest.
  expect(sockets[0]?.bytesRead).toBeLessThan(500_000);
  expect(sent).toBeGreaterThan(10_000);
});

it("toNodeListener keeps the connection open after an answer without reading a short body", async () => {
  const { url } = await counting(setup());
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1" });
  onTestFinished(() => void socket.destroy());
  const answers: string[] = [];
  socket.on("data", (data) => answers.push(...data.toString().split(/(?=HTTP\/1\.1 )/)));
  const send = (type: string) =>
    socket.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-type: ${type}\r\ncontent-length: 2\r\n\r\n{}`);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  send("text/plain");
  await expect.poll(() => answers.length).toBe(1);
  vi.advanceTimersByTime(10_000);
  send("application/json");
  await expect.poll(() => answers.length).toBe(2);
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual(["415", "401"]);
});

it.each([
  ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", "405"],
  ["HEAD / HTTP/1.1\r\nhost: a\r\n\r\n", "405"],
  ["DELETE / HTTP/1.1\r\nhost: a\r\n\r\n", "405"],
  ["TRACE / HTTP/1.1\r\nhost: a\r\n\r\n", "400"],
  ["POST // HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", "400"],
  ["POST http://[/ HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", "400"],
  ["POST / HTTP/1.1\r\nhost: <script>\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n", "401"],
  [
    "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "401",
  ],
])("toNodeListener answers the raw request %j with %s", async (text, status) => {
  const { url } = await counting(setup());
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1" });
  onTestFinished(() => void socket.destroy());
  socket.write(text);
  const answer = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString())));
  expect(answer.slice(9, 12)).toBe(status);
});

it("a sender that hangs up while it sends does not disturb the next delivery", async () => {
  const webhook = setup();
  const { url, sockets } = await counting(webhook);
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1" });
  socket.write("POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
  await expect.poll(() => sockets.length).toBe(1);
  socket.destroy();
  await expect.poll(() => sockets[0]?.destroyed).toBe(true);
  expect((await post(url)).status).toBe(200);
  expect(webhook.fake.users).toHaveLength(1);
});

it("toNodeListener answers 400 to a header that the Web's Headers refuse", async () => {
  const settled: unknown[] = [];
  const listener = toNodeListener(setup().handler);
  const server = createServer({ insecureHTTPParser: true }, (request, response) => {
    listener(request, response).then(
      () => settled.push("resolved"),
      (error) => settled.push(error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  onTestFinished(() => void socket.destroy());
  socket.write("POST / HTTP/1.1\r\nhost: a\r\nx-odd: a\u0000b\r\ncontent-length: 0\r\n\r\n");
  const answer = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString())));
  expect(answer.slice(9, 12)).toBe("400");
  await expect.poll(() => settled).toEqual(["resolved"]);
});

it("toNodeListener answers 500 if the function around the webhook throws, and the server goes on", async () => {
  const url = await serve(
    toNodeListener(async (request) => {
      if (request.headers.get("x-tenant") === null) throw new Error("no tenant in this request");
      return new Response("fine");
    }),
  );
  const failed = await fetch(url, { method: "POST", body: "{}" });
  expect([failed.status, await failed.text()]).toEqual([500, ""]);
  const next = await fetch(url, { method: "POST", body: "{}", headers: { "x-tenant": "a" } });
  expect([next.status, await next.text()]).toEqual([200, "fine"]);
});
