// Each misbehaves in one way, counts what arrives, and ends with its test.
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as NetServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { type CallOptions, createOplead, type Oplead } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import type { OpleadOptions } from "../../src/transport/options.ts";
import { user } from "./users.ts";

export { freePort as unusedPort } from "../../examples/cluster/free-port.ts";
export { failureOf as failure } from "./failure.ts";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  // By `performance.now()`, when the whole request had arrived.
  readonly at: number;
  readonly socket: Socket;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
  readonly server: Server;
}

type Answering = (response: ServerResponse, request: Seen, nth: number) => void;

export async function serve(answer: Answering, port = 0): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers, socket } = request;
      const one: Seen = { method, url, headers, body: Buffer.concat(chunks), at: performance.now(), socket };
      seen.push(one);
      answer(response, one, seen.length);
    });
  });
  const listening = await listen(server, port);
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  return { url: `http://127.0.0.1:${listening}`, port: listening, seen, server };
}

export async function serveBytes(
  answer: (socket: Socket, nth: number, text: string) => void,
): Promise<{ url: string; readonly count: number }> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const head = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (head < 0 || text.length < head + 4 + length) return;
      const whole = text;
      text = "";
      count += 1;
      answer(socket, count, whole);
    });
  });
  const port = await listen(server);
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    get count() {
      return count;
    },
  };
}

export async function listen(server: NetServer, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

export function json(response: ServerResponse, status = 200, body: unknown = { id: "1" }, headers = {}): void {
  const text = Buffer.from(JSON.stringify(body));
  response
    .writeHead(status, { "content-type": "application/json", "content-length": text.length, ...headers })
    .end(text);
}

// Every test must hold through both.
export const ways: [name: string, options: Pick<OpleadOptions, "fetch">][] = [
  ["node:http", {}],
  ["fetch", { fetch: (...args) => globalThis.fetch(...args) }],
];

export const TOKEN = "fake-token";

// No rate limit, four attempts, waits of a few ms, no settle time.
export function connect(url: string, { platform, ...options }: OpleadOptions = {}): Oplead {
  return createOplead({
    token: TOKEN,
    baseUrl: url,
    allowHttp: true,
    rateLimit: false,
    retry: { attempts: 4, baseMs: 1 },
    timeoutMs: 60_000,
    platform: { settleMs: 0, ...platform },
    ...options,
  });
}

// GET through the raw client: reference data is cached and shared.
export const calls = {
  PUT: (oplead: Oplead, call?: CallOptions): Promise<unknown> => oplead.updateUser("1", user(1), call),
  POST: (oplead: Oplead, call?: CallOptions): Promise<unknown> => oplead.createUser(user(1), call),
  GET: (oplead: Oplead, call?: CallOptions): Promise<unknown> =>
    rawClient(oplead).GET("/v1/types/countries", call?.signal ? { signal: call.signal } : {}),
};

export async function timed(task: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await task.catch(() => {});
  return performance.now() - began;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
