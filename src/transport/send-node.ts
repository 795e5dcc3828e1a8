import type * as Http from "node:http";
import type * as Https from "node:https";
import type * as Zlib from "node:zlib";
import { defaultSend as sendWithGlobalFetch } from "./send-fetch.ts";
import type { Send, WireAnswer, WireRequest } from "./wire.ts";

/*
 * On Node the default way out is node:http, at about a third of fetch's cost per call and without the 70 ms that loading
 * fetch takes. Whoever replaced or configured fetch meant it, though, so then fetch is used.
 *
 * Node's modules are loaded when the first request needs them: importing them here would double what importing this
 * package costs. Where Node is too old for that (before 20.16) fetch is used as well.
 */

interface Modules {
  readonly http: typeof Http;
  readonly https: typeof Https;
  readonly zlib: typeof Zlib;
  readonly agents: { readonly http: Http.Agent; readonly https: Https.Agent };
}

let loaded: Modules | undefined;

function modules(): Modules {
  if (loaded) return loaded;
  const http = process.getBuiltinModule("node:http");
  const https = process.getBuiltinModule("node:https");
  const zlib = process.getBuiltinModule("node:zlib");
  const keepAlive = true;
  loaded = {
    http,
    https,
    zlib,
    agents: { http: new http.Agent({ keepAlive }), https: new https.Agent({ keepAlive }) },
  };
  return loaded;
}

/** A guard against compressed bombs; the largest known answer, a country with all its zip codes, is far below 1 MiB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export const defaultSend: Send = (request) =>
  fetchIsNodesOwn() ? sendWithHttp(request) : sendWithGlobalFetch(request);

/** Not a mock, not an instrumented one, no proxy set for it. Unsure means no: fetch is slower, never wrong. */
function fetchIsNodesOwn(): boolean {
  if (typeof process.getBuiltinModule !== "function") return false;
  const { NODE_USE_ENV_PROXY } = process.env;
  if (NODE_USE_ENV_PROXY !== undefined && NODE_USE_ENV_PROXY !== "0") return false;
  if (process.execArgv.includes("--use-env-proxy")) return false;
  const dispatcher: unknown = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
  if (dispatcher !== undefined && (dispatcher as object).constructor.name !== "Agent") return false;
  return isNative(globalThis.fetch);
}

const known = new WeakMap<object, boolean>();

/** By its source text: comparing with the fetch seen at load would take a mock that was there first for the real one. */
function isNative(fetch: typeof globalThis.fetch): boolean {
  let native = known.get(fetch);
  if (native === undefined) {
    const source = Function.prototype.toString.call(fetch);
    native = fetch.name === "fetch" && /\b(?:lazyUndici|fetchImpl)\b/.test(source);
    known.set(fetch, native);
  }
  return native;
}

function sendWithHttp(request: WireRequest): ReturnType<Send> {
  let cancel = (): void => {};
  const answer = new Promise<WireAnswer>((resolve, reject) => {
    const { http, https, zlib, agents } = modules();
    const url = new URL(request.url);
    const secure = url.protocol === "https:";
    const headers: Record<string, string | number> = { ...request.headers, "accept-encoding": "gzip, deflate, br" };
    if (request.body !== undefined) headers["content-length"] = Buffer.byteLength(request.body);
    // Through the module object, because that is where mocking libraries put their own `request`.
    const outgoing = (secure ? https : http).request(url, {
      method: request.method,
      headers,
      agent: secure ? agents.https : agents.http,
    });
    cancel = () => outgoing.destroy(new Error("given up"));
    outgoing.on("error", reject);
    // Nobody asked for one, and without a listener the request would just end, with neither answer nor error.
    outgoing.on("upgrade", (_answer, socket) => {
      socket.destroy();
      reject(Object.assign(new Error("the server changed the protocol"), { code: "ECONNRESET" }));
    });
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) outgoing.destroy(new Error("the answer is too large"));
        else chunks.push(chunk);
      });
      incoming.on("error", reject);
      incoming.on("close", () => {
        if (!incoming.complete) reject(Object.assign(new Error("the answer broke off"), { code: "ECONNRESET" }));
      });
      incoming.on("end", () => {
        if (!incoming.complete) return;
        const raw = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
        decode(zlib, raw, incoming.headers["content-encoding"]).then(
          (bytes) => resolve(toAnswer(request, incoming, bytes)),
          reject,
        );
      });
    });
    outgoing.end(request.body);
  });
  return { answer, cancel };
}

function toAnswer(request: WireRequest, incoming: Http.IncomingMessage, bytes: Buffer): WireAnswer {
  const status = incoming.statusCode ?? 0;
  const headers = {
    get(name: string): string | null {
      const value = incoming.headers[name.toLowerCase()];
      return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
    },
    *entries(): Iterable<[string, string]> {
      const { rawHeaders } = incoming;
      for (let i = 0; i + 1 < rawHeaders.length; i += 2) yield [rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""];
    },
  };
  return request.binary
    ? { status, headers, text: "", bytes: new Uint8Array(bytes) }
    : { status, headers, text: bytes.toString("utf8") };
}

async function decode(zlib: typeof Zlib, bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (bytes.length === 0) return bytes;
  const limit = { maxOutputLength: MAX_ANSWER_BYTES };
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return promise((done) => zlib.gunzip(bytes, limit, done));
    case "deflate":
      return promise((done) => zlib.inflate(bytes, limit, done));
    case "br":
      return promise((done) => zlib.brotliDecompress(bytes, limit, done));
    default:
      return bytes;
  }
}

function promise(start: (done: (error: Error | null, result: Buffer) => void) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result))));
}
