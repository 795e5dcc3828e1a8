import type * as Undici from "undici7";
import { afterEach, describe, expect, it, vi } from "vitest";
import { calls, connect, failure, json, serve, type TestServer, TOKEN } from "../support/servers.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const start = () => serve((response) => json(response));

// Only fetch sends this header.
const wayOf = ({ seen }: TestServer) => ("sec-fetch-mode" in (seen.at(-1)?.headers ?? {}) ? "fetch" : "node:http");

async function wayNow() {
  const server = await start();
  await calls.PUT(connect(server.url));
  return wayOf(server);
}

// What Node decides at its start is checked once, so the package is loaded again.
async function wayOfAnotherProcess() {
  vi.resetModules();
  const { createOplead } = await import("../../src/index.ts");
  const server = await start();
  await calls.PUT(createOplead({ token: TOKEN, baseUrl: server.url }));
  return wayOf(server);
}

it("requests on Node go through node:http as long as fetch is Node's own, used or not", async () => {
  expect(await wayNow()).toBe("node:http");
  const server = await start();
  await fetch(server.url);
  expect(await wayNow()).toBe("node:http");
});

const original = globalThis.fetch;
const replacements: [string, () => typeof fetch][] = [
  ["a mock", () => vi.fn(original)],
  ["a spy", () => vi.spyOn(globalThis, "fetch")],
  [
    "an instrumented fetch of the same name",
    () =>
      async function fetch(...args) {
        return original(...args);
      },
  ],
  [
    "a fetch that calls Node's fetch by a name that Node uses",
    () => {
      const fetchImpl = original;
      return async function fetch(...args) {
        return fetchImpl(...args);
      };
    },
  ],
  [
    "a fetch of another name that loads undici as Node does",
    () => {
      const lazyUndici = () => ({ fetch: original });
      return async function traced(...args) {
        return lazyUndici().fetch(...args);
      };
    },
  ],
  ["a bound fetch", () => original.bind(globalThis)],
  ["a proxy", () => new Proxy(original, {})],
];

it.each(replacements)(
  "a fetch of the application's own is used, whether %s was set before or after the client was made",
  async (_name, make) => {
    const server = await start();
    const early = connect(server.url);
    await calls.PUT(early);
    expect(wayOf(server)).toBe("node:http");
    globalThis.fetch = make();
    try {
      for (const oplead of [early, connect(server.url)]) {
        await calls.PUT(oplead);
        expect(wayOf(server)).toBe("fetch");
      }
    } finally {
      globalThis.fetch = original;
    }
    await calls.PUT(early);
    expect(wayOf(server)).toBe("node:http");
  },
);

it("a global fetch replaced before the package was loaded is used until it is restored", async () => {
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => Response.json({ id: "mocked" })),
  );
  vi.resetModules();
  const { createOplead } = await import("../../src/index.ts");
  const server = await start();
  const oplead = createOplead({ token: TOKEN, baseUrl: server.url });
  expect(await calls.PUT(oplead)).toMatchObject({ id: "mocked" });
  expect(server.seen).toEqual([]);
  vi.unstubAllGlobals();
  expect(await calls.PUT(oplead)).toMatchObject({ id: "1" });
  expect(wayOf(server)).toBe("node:http");
});

it("requests go through node:http if there is no global fetch", async () => {
  vi.stubGlobal("fetch", undefined);
  expect(await wayNow()).toBe("node:http");
});

// Such a property cannot be deleted.
const keys = [1, 2].map((n) => Symbol.for(`undici.globalDispatcher.${n}`));
// Makes Node set its own dispatcher.
await fetch("data:,");
const ofNode = keys.map((key) => Reflect.get(globalThis, key));

function restoreDispatcher() {
  for (const [i, key] of keys.entries()) {
    if (Reflect.get(globalThis, key) !== ofNode[i]) Reflect.set(globalThis, key, ofNode[i]);
  }
}

const undicis: [name: string, undici: typeof Undici][] = [];
for (const [name, load] of [
  ["undici 6", () => import("undici6")],
  ["undici 7", () => import("undici7")],
  ["undici 8", () => import("undici8")],
] as [string, () => Promise<unknown>][]) {
  const loaded = await load().catch(() => undefined);
  if (loaded && (await isUsed(loaded as typeof Undici))) undicis.push([name, loaded as typeof Undici]);
}

// Node 26 no longer uses the property that undici 6 sets.
async function isUsed(undici: typeof Undici) {
  const agent = new undici.MockAgent();
  agent.disableNetConnect();
  agent.get("http://mocked.invalid").intercept({ path: "/" }).reply(200, "mocked");
  undici.setGlobalDispatcher(agent);
  const isMocked = await fetch("http://mocked.invalid/").then(
    () => true,
    () => false,
  );
  restoreDispatcher();
  await agent.close();
  return isMocked;
}

it("at least one version of undici sets the dispatcher that fetch uses", () => {
  expect(undicis.length).toBeGreaterThanOrEqual(1);
});

describe("dispatchers that were set for fetch", () => {
  const opened: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    restoreDispatcher();
    await Promise.all(opened.splice(0).map((dispatcher) => dispatcher.close().catch(() => {})));
  });

  function set<T extends Undici.Dispatcher>(undici: typeof Undici, dispatcher: T) {
    opened.push(dispatcher);
    undici.setGlobalDispatcher(dispatcher);
    return dispatcher;
  }

  describe.each(undicis)("with %s", (_name, undici) => {
    it("a MockAgent answers in place of the network, even when it is set after the client was made", async () => {
      const server = await start();
      const oplead = connect(server.url);
      await calls.PUT(oplead);
      const agent = set(undici, new undici.MockAgent());
      agent.disableNetConnect();
      const reply = { headers: { "content-type": "application/json" } };
      agent.get(server.url).intercept({ path: "/v1/users/1", method: "PUT" }).reply(200, { id: "mocked" }, reply);
      expect(await calls.PUT(oplead)).toMatchObject({ id: "mocked" });
      expect(server.seen).toHaveLength(1);
    });

    it.each<[string, Undici.Agent.Options | undefined]>([
      ["an interceptor", undefined],
      ["a certificate authority", { connect: { rejectUnauthorized: true } }],
      ["a time limit", { headersTimeout: 5_000 }],
      ["a number of connections", { connections: 1 }],
    ])("an agent with %s is used", async (_what, options) => {
      const agent = new undici.Agent(options);
      set(undici, options ? agent : (agent.compose((dispatch) => dispatch) as Undici.Dispatcher));
      expect(await wayNow()).toBe("fetch");
    });

    it("node:http is used again once the application has put the former dispatcher back", async () => {
      const server = await start();
      const oplead = connect(server.url);
      set(undici, new undici.Agent({ connections: 1 }));
      await calls.PUT(oplead);
      expect(wayOf(server)).toBe("fetch");
      restoreDispatcher();
      await calls.PUT(oplead);
      expect(wayOf(server)).toBe("node:http");
    });
  });

  class Agent {
    dispatch(): never {
      throw new Error("not sent");
    }
  }
  class Dispatcher1Wrapper extends Agent {}

  it.each<[string, older: unknown, newer: unknown]>([
    ["an Agent of another library", new Agent(), new Agent()],
    ["an Agent whose options are no object", Object.assign(new Agent(), { [Symbol("options")]: null }), undefined],
    ["an object without a class", { __proto__: null, dispatch: Agent.prototype.dispatch }, undefined],
    ["the wrapper of undici 8 without what it wraps", new Dispatcher1Wrapper(), undefined],
  ])("if %s is set as the global dispatcher of fetch, no request is sent without it", async (_what, ...dispatchers) => {
    const server = await start();
    for (const [i, key] of keys.entries()) Reflect.set(globalThis, key, dispatchers[i]);
    expect(await failure(calls.PUT(connect(server.url, { retry: false })))).toMatchObject({ code: "connection" });
    expect(server.seen).toEqual([]);
  });

  it.each([[undefined], [null]])(
    "a dispatcher for fetch that is %s is ignored, in undici's older and newer property",
    async (none) => {
      // Node 26 has a wrapper in the older property.
      const agent = ofNode[1] ?? ofNode[0];
      for (const [older, newer] of [
        [none, none],
        [none, agent],
        [agent, none],
      ]) {
        for (const [i, key] of keys.entries()) Reflect.set(globalThis, key, [older, newer][i]);
        expect(await wayNow()).toBe("node:http");
      }
    },
  );

  it.each([
    ["NODE_USE_ENV_PROXY", "1", "fetch"],
    ["NODE_USE_ENV_PROXY", "0", "node:http"],
    ["NODE_OPTIONS", "--max-old-space-size=512 --use-env-proxy", "fetch"],
    ["NODE_OPTIONS", "--max-old-space-size=512", "node:http"],
  ])(
    "with the variable %s=%s, fetch is used if the variable asks for proxies from the environment",
    async (name, value, expected) => {
      vi.stubEnv(name, value);
      expect(await wayOfAnotherProcess()).toBe(expected);
    },
  );

  it("requests are sent with fetch if the run time imitates Node but lacks process.getBuiltinModule", async () => {
    const { getBuiltinModule } = process;
    Reflect.set(process, "getBuiltinModule", undefined);
    try {
      expect(await wayNow()).toBe("fetch");
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  });
});
