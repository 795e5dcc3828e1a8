import type * as Http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Outcome } from "./api.ts";
import { type Handle, type Incoming, Waits } from "./exchange.ts";
import type { Closeable, FakeListener } from "./types.ts";

const host = "127.0.0.1";

export async function listen(handle: Handle, allWaits: Set<Waits>, port: number): Promise<FakeListener & Closeable> {
  const { createServer } = await nodeHttp();
  const waits = new Waits();
  const server = createServer((request, response) => {
    const { round } = waits;
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      if (round !== waits.round) return send(response, "reset");
      const { method = "GET", url: target = "/" } = request;
      const outcome = handle({ method, target, headers: textHeaders(request), body }, waits);
      if (outcome instanceof Promise) outcome.then((late) => send(response, late));
      else send(response, outcome);
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  allWaits.add(waits);
  const address = server.address() as AddressInfo;

  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      waits.endAll();
      allWaits.delete(waits);
    });
    return closed;
  };
  const listener = { url: `http://${host}:${address.port}`, port: address.port, close };
  const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol }; // Node before 20.5 has none
  if (asyncDispose) Object.defineProperty(listener, asyncDispose, { value: close });
  return listener as FakeListener & Closeable;
}

/**
 * Loads node:http for listen() only, so that the rest of the fake runs without it. A plain `import` would break bundles for
 * browsers, and Jest's CommonJS has no `import`.
 */
async function nodeHttp(): Promise<typeof Http> {
  const name = "node:http";
  const builtIn = globalThis.process?.getBuiltinModule?.(name);
  if (builtIn) return builtIn;
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ name); // Node before 20.16
  } catch (cause) {
    throw new TypeError("fake.listen() needs node:http. Without it, use fake.fetch.", { cause });
  }
}

function textHeaders({ headers }: IncomingMessage): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in headers) texts[name] = String(headers[name]);
  return texts;
}

function send(response: ServerResponse, outcome: Outcome): void {
  if (outcome === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = outcome;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

export function createFetch(handle: Handle, waits: Waits): typeof globalThis.fetch {
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ?? (isRequest(input) && init?.signal === undefined ? input.signal : undefined);
    signal?.throwIfAborted();
    const { round } = waits;
    const incoming = await read(input, init);
    signal?.throwIfAborted();
    const pending = round === waits.round ? handle(incoming, waits) : "reset";
    const outcome = pending instanceof Promise ? await unlessAborted(pending, signal) : pending;
    if (outcome === "reset") {
      // Node's fetch rejects with this when the peer resets the connection.
      const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
      throw new TypeError("fetch failed", { cause });
    }
    const { status, headers, body } = outcome;
    return new Response(body === "" ? null : body, { status, headers });
  };
}

const isRequest = (input: string | URL | Request): input is Request =>
  typeof input !== "string" && !(input instanceof URL);

async function read(input: string | URL | Request, init: RequestInit | undefined): Promise<Incoming> {
  const body = init?.body ?? "";
  // `new Request` costs more than the rest of the call, so only inputs that need it get one.
  if (!isRequest(input) && typeof body === "string") {
    return incoming(input, init?.method ?? "GET", new Headers(init?.headers), body);
  }
  const request = isRequest(input) && init === undefined ? input : new Request(input, init);
  return incoming(request.url, request.method, request.headers, await request.text());
}

function incoming(address: string | URL, method: string, headers: Headers, body: string): Incoming {
  const { pathname, search } = new URL(address);
  return { method: method.toUpperCase(), target: pathname + search, headers: Object.fromEntries(headers), body };
}

/** Aborting ends the wait, not the work: a real server does not notice it either. */
function unlessAborted(pending: Promise<Outcome>, signal: AbortSignal | null | undefined): Promise<Outcome> {
  if (!signal) return pending;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
