import type * as Http from "node:http";
import type * as Zlib from "node:zlib";
import { AnswerTooLarge, MAX_ANSWER_BYTES } from "./read-capped.ts";
import { defaultSend as sendWithGlobalFetch } from "./send-fetch.ts";
import type { Send, WireAnswer, WireRequest } from "./wire.ts";

// node:http costs half of fetch per call and no 77 ms to load. fetch is used where it is mocked or configured, or where
// `getBuiltinModule` is missing. Loaded lazily: imports here would double the package's import cost.

export const defaultSend: Send = (request) =>
  typeof process.getBuiltinModule === "function" && fetchIsNodesOwn()
    ? sendWithHttp(request)
    : sendWithGlobalFetch(request);

function sendWithHttp(request: WireRequest): ReturnType<Send> {
  let cancel = (): void => {};
  const answer = new Promise<WireAnswer>((resolve, reject) => {
    loaded ??= load();
    const { http, https, zlib, agents } = loaded;
    const { secure, hostname, port, path } = targetOf(request.url);
    const { headers } = request;
    headers["accept-encoding"] = "gzip, deflate, br";
    if (request.body !== undefined) headers["content-length"] = `${Buffer.byteLength(request.body)}`;
    const agent = secure ? agents.https : agents.http;
    // A method call: nock and others replace `request` on the module.
    const outgoing = (secure ? https : http).request({
      hostname,
      port,
      path,
      method: request.method,
      headers,
      agent,
    });
    cancel = () => outgoing.destroy(new Error("given up"));
    outgoing.on("error", (error) => {
      // The socket died while idle. The other idle ones probably did too, and each would cost an attempt.
      if (outgoing.reusedSocket) endIdle(agent);
      reject(error);
    });
    // Otherwise an upgrade ends with neither answer nor error.
    outgoing.on("upgrade", (_answer, socket) => {
      socket.destroy();
      reject(Object.assign(new Error("the server changed the protocol"), { code: "ECONNRESET" }));
    });
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= MAX_ANSWER_BYTES) return;
        reject(new AnswerTooLarge());
        outgoing.destroy();
      });
      // `error` also comes if the answer breaks off.
      incoming.on("error", reject);
      incoming.on("end", () => {
        const [only] = chunks;
        const raw = chunks.length === 1 && only ? only : Buffer.concat(chunks);
        const encodings = incoming.headers["content-encoding"];
        if (raw.length === 0 || encodings === undefined) return resolve(toAnswer(request, incoming, raw));
        decode(zlib, raw, encodings).then((bytes) => resolve(toAnswer(request, incoming, bytes)), reject);
      });
    });
    if (request.body !== undefined) outgoing.write(request.body);
    // Later: before there is a socket, `end` adds an empty piece, and two pieces cost more than one.
    process.nextTick(() => outgoing.end());
  });
  return { answer, cancel };
}

function load() {
  const http = process.getBuiltinModule("node:http");
  const https = process.getBuiltinModule("node:https");
  const zlib = process.getBuiltinModule("node:zlib");
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  return { http, https, zlib, agents };
}

let loaded: ReturnType<typeof load> | undefined;

let server = { origin: "", secure: false, hostname: "", port: "" };

function targetOf(url: string) {
  const end = url.indexOf("/", "https://".length);
  const origin = url.slice(0, end);
  if (server.origin !== origin) {
    const { protocol, hostname, port } = new URL(origin);
    // An IPv6 address has brackets in a URL, but not as a host name.
    server = { origin, secure: protocol === "https:", hostname: hostname.replace(/^\[|\]$/g, ""), port };
  }
  const { secure, hostname, port } = server;
  const fragment = url.indexOf("#", end);
  return { secure, hostname, port, path: url.slice(end, fragment < 0 ? undefined : fragment) };
}

function endIdle(agent: Http.Agent): void {
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
}

function toAnswer(request: WireRequest, incoming: Http.IncomingMessage, bytes: Buffer): WireAnswer {
  const status = Number(incoming.statusCode);
  const headers = {
    get(name: string): string | null {
      const value = incoming.headers[name];
      return value === undefined ? null : String(value);
    },
    forEach(tell: (value: string, name: string) => void): void {
      const { rawHeaders } = incoming;
      for (let i = 0; i < rawHeaders.length; i += 2) tell(String(rawHeaders[i + 1]), String(rawHeaders[i]));
    },
  };
  return request.binary
    ? { status, headers, text: "", bytes: new Uint8Array(bytes) }
    : { status, headers, text: textOf(bytes) };
}

// Removes a byte order mark, as fetch does: JSON.parse fails on one.
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

async function decode(zlib: typeof Zlib, bytes: Buffer, encodings: string): Promise<Buffer> {
  let decoded = bytes;
  for (const encoding of encodings.toLowerCase().split(",").reverse()) {
    const from = decoded;
    // Some servers send deflate without its zlib frame (lower half of the first byte: 8).
    const isFramed = (Number(from[0]) & 0x0f) === 8;
    const decoders: Partial<Record<string, typeof zlib.gunzip>> = {
      gzip: zlib.gunzip,
      "x-gzip": zlib.gunzip,
      deflate: isFramed ? zlib.inflate : zlib.inflateRaw,
      br: zlib.brotliDecompress,
    };
    const decoder = decoders[encoding.trim()];
    if (!decoder) continue;
    decoded = await new Promise((resolve, reject) => {
      decoder(from, { maxOutputLength: MAX_ANSWER_BYTES }, (error, result) =>
        error ? reject(error) : resolve(result),
      );
    });
  }
  return decoded;
}

// Returns false in doubt: fetch is slower but never wrong.
function fetchIsNodesOwn(): boolean {
  const { fetch } = globalThis;
  if (typeof fetch !== "function") return true;
  proxied ??= isProxied();
  return !proxied && isNative(fetch) && dispatchersArePlain();
}

// Cached: Node decides at its start, and process.env is slow.
let proxied: boolean | undefined;

function isProxied(): boolean {
  const { NODE_USE_ENV_PROXY, NODE_OPTIONS } = process.env;
  if (NODE_USE_ENV_PROXY !== undefined && NODE_USE_ENV_PROXY !== "0") return true;
  return process.execArgv.includes("--use-env-proxy") || NODE_OPTIONS?.includes("--use-env-proxy") === true;
}

function once<T extends object>(judge: (value: T) => boolean): (value: T) => boolean {
  const known = new WeakMap<T, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const now = judge(value);
    known.set(value, now);
    return now;
  };
}

// Judged by source text: comparing with the fetch of load time would accept an earlier mock.
const isNative = /* @__PURE__ */ once((fetch: typeof globalThis.fetch) => {
  const source = Function.prototype.toString.call(fetch);
  return fetch.name === "fetch" && /\blazyUndici\(|\binternal\/deps\/undici\b/.test(source);
});

const OLDER = Symbol.for("undici.globalDispatcher.1");
const NEWER = Symbol.for("undici.globalDispatcher.2");

function dispatchersArePlain(): boolean {
  const older: unknown = Reflect.get(globalThis, OLDER);
  const newer: unknown = Reflect.get(globalThis, NEWER);
  // undici 8 puts a wrapper without options at the older place.
  const isWrapper = newer !== undefined && nameOf(older) === "Dispatcher1Wrapper";
  return (isWrapper || isPlainAgent(older)) && isPlainAgent(newer);
}

function isPlainAgent(dispatcher: unknown): boolean {
  if (typeof dispatcher !== "object" || dispatcher === null) return true;
  if (nameOf(dispatcher) !== "Agent") return false;
  // The result of undici's `compose()` differs from an Agent only in `dispatch`.
  if (Reflect.get(dispatcher, "dispatch") !== Reflect.get(dispatcher.constructor.prototype, "dispatch")) return false;
  return hasDefaults(dispatcher);
}

const hasDefaults = /* @__PURE__ */ once((dispatcher: object) => {
  const key = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === "options");
  const options: unknown = key && Reflect.get(dispatcher, key);
  if (typeof options !== "object" || options === null) return false;
  return Object.values(options).every((value) => value === undefined || value === Number.POSITIVE_INFINITY);
});

function nameOf(dispatcher: unknown): string | undefined {
  return (dispatcher as { constructor?: { name?: string } } | undefined)?.constructor?.name;
}
