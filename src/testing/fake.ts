import type * as Http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Outcome } from "./api.ts";
import { requireOptions, wrong } from "./arguments.ts";
import { createExchange, type Handle, type Incoming, Pending, Waits } from "./exchange.ts";
import { Faults, Limits } from "./faults.ts";
import { addUsers, createPlatform, optionsOf } from "./platform.ts";
import type { FakeLimit, FakeOplead, FakeOpleadOptions, FakeRequest } from "./types.ts";
import { wireOf } from "./wire.ts";

/**
 * Makes a fake Oplead for tests, with users and rules in memory, a log of calls, and faults. Its answers, except
 * faults, conform to the package's OpenAPI document; which of its behaviour is documented and which assumed stands in
 * docs/test/fake.md.
 *
 * ```ts
 * const fake = createFakeOplead();
 * const oplead = createOplead({ token: "fake-token", fetch: fake.fetch });
 * fake.fail({ on: "createUser", as: "reset", when: "after" }); // created, but the answer is lost
 * await oplead.upsertUser(user);
 * expect(fake.duplicates()).toEqual([]);
 * ```
 *
 * @throws TypeError with the code `invalid_options` for an option of the wrong kind, and if a POST would refuse one of
 * `options.users`.
 * @experimental
 */
export function createFakeOplead(given: FakeOpleadOptions = {}): FakeOplead {
  requireOptions<FakeOpleadOptions>("options", given, {
    strict: "true or false",
    token: "a text",
    auth: "a text or an object",
    users: "a list of objects",
    profiles: "a list of objects",
    countries: "a list of objects",
    disabledRules: "a list",
    uniqueAccountNumbers: "true or false",
    uniqueLogins: "true or false",
    ids: "a text or a function",
    now: "a function",
    platform: "an object",
  });
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const options: FakeOpleadOptions = Object.assign(optionsOf(given.platform?.facts), Object.fromEntries(set));
  const { token = "fake-token", auth = "bearer", now = () => Date.now(), strict = false } = options;
  const faults = new Faults();
  const limits = new Limits();
  const pending = new Pending();
  const fetchWaits = new Waits();
  // A reset ends all waits.
  const allWaits = new Set([fetchWaits]);
  let platform = createPlatform(options, now);
  let requests: FakeRequest[] = [];

  const handle = createExchange({
    platform: () => platform,
    faults,
    limits,
    pending,
    log: (request) => requests.push(request),
    token,
    auth,
    now,
    strict,
    rulePaths: Object.assign({}, platform.like.rulePaths, given.platform?.rulePaths),
    wire: wireOf(given.platform),
  });

  const fake: FakeOplead = {
    fetch: createFetch(handle, fetchWaits),
    async listen(given = {}) {
      requireOptions<{ readonly port?: number }>("options", given, { port: "a number" });
      return listen(handle, allWaits, given.port ?? 0);
    },
    get users() {
      return platform.store.users();
    },
    user: (idOrAccountNumber) => platform.store.find(idOrAccountNumber),
    rules(idOrAccountNumber) {
      const user = platform.store.find(idOrAccountNumber);
      return user && platform.store.rules(user.id);
    },
    get requests() {
      return [...requests];
    },
    duplicates: () => platform.store.duplicates(),
    assertConforms() {
      if (!strict) throw wrong("assertConforms() needs createFakeOplead({ strict: true }).");
      const bad = requests.filter(({ violations }) => violations.length > 0);
      if (bad.length === 0) return;
      const lines = bad.map(({ method, path, violations }) => [`${method} ${path}`, ...violations].join("\n    "));
      const summary = `Of ${requests.length} requests, ${bad.length} do not conform to the OpenAPI document:`;
      throw new Error([summary, ...lines].join("\n  "));
    },
    fail: (fault) => faults.fail(fault),
    delay: (delay) => faults.delay(delay),
    limit: ((limit: FakeLimit | false) =>
      limit === false ? limits.clear() : limits.set(limit, now())) as FakeOplead["limit"],
    lag: (lag) => platform.replica.lag(typeof lag === "number" ? { ms: lag } : lag),
    seed(given) {
      requireOptions<typeof given>("seed", given, { users: "a list of objects" }, "users");
      addUsers(platform, given.users, "seed.users");
    },
    clearRequests() {
      requests = [];
    },
    async until(condition, given = {}) {
      requireOptions<{ readonly timeoutMs?: number }>("options", given, { timeoutMs: "a number" });
      const { timeoutMs = 5_000 } = given;
      const end = performance.now() + timeoutMs;
      while (!condition(fake)) {
        if (performance.now() > end) {
          const seen = `requests: ${requests.length}, users: ${platform.store.users().length}`;
          throw new Error(`fake.until: the condition did not hold within ${timeoutMs} ms (${seen}).`);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    settled: () => pending.settled(),
    reset() {
      for (const waits of allWaits) waits.endAll();
      faults.clear();
      limits.clear();
      requests = [];
      platform = createPlatform(options, now);
    },
  };
  return fake;
}

const host = "127.0.0.1";

async function listen(handle: Handle, allWaits: Set<Waits>, port: number): ReturnType<FakeOplead["listen"]> {
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
  const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol }; // Some run times have none.
  if (asyncDispose) Object.defineProperty(listener, asyncDispose, { value: close });
  return listener as Awaited<ReturnType<FakeOplead["listen"]>>;
}

// `listen()` loads node:http. A static import breaks bundles for browsers, a dynamic one Jest's CommonJS.
async function nodeHttp(): Promise<typeof Http> {
  const name = "node:http";
  const builtIn = globalThis.process?.getBuiltinModule?.(name);
  if (builtIn) return builtIn;
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ name); // Some run times imitate Node without it.
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

function createFetch(handle: Handle, waits: Waits): typeof globalThis.fetch {
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ?? (isRequest(input) && init?.signal === undefined ? input.signal : undefined);
    signal?.throwIfAborted();
    const { round } = waits;
    const incoming = await read(input, init);
    signal?.throwIfAborted();
    const pending = round === waits.round ? handle(incoming, waits) : "reset";
    const outcome = pending instanceof Promise ? await unlessAborted(pending, signal) : pending;
    if (outcome === "reset") {
      // Rejects as Node's fetch does when the server resets the connection.
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
  // `new Request` takes longer than the rest of the call.
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

// Like a real server, the fake does not notice the abort.
function unlessAborted(pending: Promise<Outcome>, signal: AbortSignal | null | undefined): Promise<Outcome> {
  if (!signal) return pending;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
