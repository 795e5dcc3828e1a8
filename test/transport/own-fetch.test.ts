import { afterEach, describe, expect, it, vi } from "vitest";
import { calls, connect, failure, json, serve, type TestServer, TOKEN } from "../support/servers.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const start = (): Promise<TestServer> => serve((response) => json(response));

/** Which way a request came. Only fetch says this of itself. */
const wayOf = ({ seen }: TestServer): string =>
  "sec-fetch-mode" in (seen.at(-1)?.headers ?? {}) ? "fetch" : "node:http";

async function wayNow(): Promise<string> {
  const server = await start();
  await calls.PUT(connect(server.url));
  return wayOf(server);
}

/** As in a process that starts now: what Node decides at its start is asked once. */
async function wayOfAnotherProcess(): Promise<string> {
  vi.resetModules();
  const { createOplead } = await import("../../src/index.ts");
  const server = await start();
  await calls.PUT(createOplead({ token: TOKEN, baseUrl: server.url }));
  return wayOf(server);
}

it("is node:http on Node, where nobody touched fetch, before and after fetch was used", async () => {
  expect(await wayNow()).toBe("node:http");
  const server = await start();
  await fetch(server.url);
  expect(await wayNow()).toBe("node:http");
});

describe("somebody's own fetch", () => {
  const original = globalThis.fetch;
  const replacements: [string, () => typeof fetch][] = [
    ["a mock", () => vi.fn(original)],
    ["a spy", () => vi.spyOn(globalThis, "fetch")],
    [
      "an instrumented one of the same name",
      () =>
        async function fetch(...args) {
          return original(...args);
        },
    ],
    [
      "one that calls the first by a name that Node uses",
      () => {
        const fetchImpl = original;
        return async function fetch(...args) {
          return fetchImpl(...args);
        };
      },
    ],
    ["a bound one", () => original.bind(globalThis)],
    ["a proxy", () => new Proxy(original, {})],
  ];

  it.each(replacements)("is used, whether %s came before or after the client", async (_name, make) => {
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
  });

  it("gets what it needs, and answers instead of the network", async () => {
    const mock = vi.fn(async (_url: string, _init: RequestInit) => Response.json({ id: "mocked" }));
    vi.stubGlobal("fetch", mock);
    expect(await calls.PUT(connect("http://127.0.0.1:1"))).toMatchObject({ id: "mocked" });
    expect(mock.mock.calls[0]?.[0]).toBe("http://127.0.0.1:1/v1/users/1");
    const init = mock.mock.calls[0]?.[1];
    expect(init).toMatchObject({ method: "PUT", redirect: "manual", signal: expect.any(AbortSignal) });
    expect(new Headers(init?.headers).get("authorization")).toBe(`Bearer ${TOKEN}`);
    expect(JSON.parse(String(init?.body))).toMatchObject({ login: "login-1" });
  });

  it("that was there when the package was loaded is not taken for Node's, nor missed when it is gone", async () => {
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

  it("given as an option stays, whatever becomes of the global one", async () => {
    const server = await start();
    const own = vi.fn(original);
    const oplead = connect(server.url, { fetch: own });
    vi.stubGlobal("fetch", () => Promise.reject(new Error("not this one")));
    await calls.PUT(oplead);
    expect(own).toHaveBeenCalledOnce();
    expect(server.seen).toHaveLength(1);
  });

  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["rejects with nothing", () => Promise.reject()],
    ["gives nothing", () => undefined],
    ["gives something else", async () => ({ status: 200 })],
    [
      "gives a body that was read before",
      async () => {
        const used = Response.json({});
        await used.text();
        return used;
      },
    ],
  ])("that %s is a failure with a name", async (_what, broken) => {
    const fetch = vi.fn(broken) as unknown as typeof globalThis.fetch;
    const error = await failure(calls.PUT(connect("http://127.0.0.1:1", { fetch })));
    expect(error).toMatchObject({ code: "connection", attempts: 4 });
    expect(fetch).toHaveBeenCalledTimes(4);
  });

  it("may be missing altogether", async () => {
    vi.stubGlobal("fetch", undefined);
    expect(await wayNow()).toBe("node:http");
  });
});

describe("what was set for fetch", () => {
  const keys = [2, 1].map((n) => Symbol.for(`undici.globalDispatcher.${n}`));

  type Dispatch = (options: object, handler: object) => boolean;
  interface Agent {
    dispatch: Dispatch;
    compose(interceptor: (dispatch: Dispatch) => Dispatch): Agent;
    close(): Promise<void>;
  }

  /** What fetch uses now, and the slot it lies in. */
  async function current(): Promise<{ key: symbol; agent: Agent; Agent: new (options?: object) => Agent }> {
    await fetch("data:,").then((response) => response.text());
    const key = keys.find((each) => each in globalThis) as symbol;
    const agent: Agent = Reflect.get(globalThis, key);
    return { key, agent, Agent: agent.constructor as new () => Agent };
  }

  async function wayWith(make: (agent: Agent, Agent: new (options?: object) => Agent) => Agent): Promise<string> {
    const { key, agent, Agent } = await current();
    const given = make(agent, Agent);
    Reflect.set(globalThis, key, given);
    try {
      return await wayNow();
    } finally {
      Reflect.set(globalThis, key, agent);
      if (given !== agent && given instanceof Agent) await given.close();
    }
  }

  it("a proxy or a mock agent is respected", async () => {
    class ProxyAgent {
      readonly #inner: Agent;
      constructor(inner: Agent) {
        this.#inner = inner;
      }
      dispatch(options: object, handler: object): boolean {
        return this.#inner.dispatch({ ...options, origin: elsewhere.url }, handler);
      }
    }
    const elsewhere = await serve((response) => json(response, 200, { id: "through the proxy" }));
    const { key, agent } = await current();
    const server = await start();
    const oplead = connect(server.url);
    Reflect.set(globalThis, key, new ProxyAgent(agent));
    try {
      expect(await calls.PUT(oplead)).toMatchObject({ id: "through the proxy" });
    } finally {
      Reflect.set(globalThis, key, agent);
    }
    expect(await calls.PUT(oplead)).toMatchObject({ id: "1" });
    expect([server.seen.length, elsewhere.seen.length]).toEqual([1, 1]);
  });

  it.each<[string, object]>([
    ["a certificate authority", { connect: { rejectUnauthorized: true } }],
    ["a time limit", { headersTimeout: 5_000 }],
    ["a connector", { connections: 1 }],
  ])("an agent with %s is respected", async (_what, options) => {
    expect(await wayWith((_agent, Agent) => new Agent(options))).toBe("fetch");
  });

  it("an agent with an interceptor is respected", async () => {
    const seen: object[] = [];
    const intercepting =
      (dispatch: Dispatch): Dispatch =>
      (options, handler) => {
        seen.push(options);
        return dispatch(options, handler);
      };
    expect(await wayWith((agent) => agent.compose(intercepting))).toBe("fetch");
    expect(seen).toHaveLength(1);
  });

  it("an agent as it comes changes nothing", async () => {
    expect(await wayWith((agent) => agent)).toBe("node:http");
    expect(await wayWith((_agent, Agent) => new Agent())).toBe("node:http");
  });

  it.each([
    ["NODE_USE_ENV_PROXY", "1", "fetch"],
    ["NODE_USE_ENV_PROXY", "0", "node:http"],
    ["NODE_OPTIONS", "--max-old-space-size=512 --use-env-proxy", "fetch"],
    ["NODE_OPTIONS", "--max-old-space-size=512", "node:http"],
  ])("proxies from the environment are fetch's affair: %s=%s", async (name, value, expected) => {
    vi.stubEnv(name, value);
    expect(await wayOfAnotherProcess()).toBe(expected);
  });

  it("and so they are when a flag of Node's asks for them", async () => {
    process.execArgv.push("--use-env-proxy");
    try {
      expect(await wayOfAnotherProcess()).toBe("fetch");
    } finally {
      process.execArgv.pop();
    }
  });

  it("a Node without getBuiltinModule uses fetch", async () => {
    const { getBuiltinModule } = process;
    Reflect.set(process, "getBuiltinModule", undefined);
    try {
      expect(await wayNow()).toBe("fetch");
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  });
});
