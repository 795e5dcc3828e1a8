import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createOplead, type Oplead, type OpleadOptions } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { calls, connect, failure, json, serve, type TestServer, TOKEN, ways } from "../support/servers.ts";
import { user } from "../support/users.ts";

const WRITES = ["PUT", "POST", "PATCH", "DELETE"] as const;

type Untyped = {
  request(method: string, path: string, init?: object): Promise<unknown>;
  use(middleware: object): void;
} & {
  [Method in "GET" | (typeof WRITES)[number]]: (path: string, init?: object) => Promise<unknown>;
};
const untyped = (oplead: Oplead) => rawClient(oplead) as unknown as Untyped;

// Spellings that PHP takes for `test`.
const ALIAS = /^\s+test|^\s*test[[\0]/;

// PHP uses the last of several parameters, and reads brackets as an array.
const isTest = (url: string) => {
  const { searchParams } = new URL(url, "http://x");
  return searchParams.getAll("test").join() === "true" && ![...searchParams.keys()].some((key) => ALIAS.test(key));
};

describe.each(ways)("with requests sent through %s", (_name, way) => {
  let server: TestServer;
  beforeEach(async () => {
    server = await serve((response) => json(response));
  });
  const testing = (options: OpleadOptions = {}) => connect(server.url, { ...way, testMode: true, ...options });

  it.each(["client", "call", "environment"])(
    "test mode set by the %s marks every write and the User-Agent",
    async (where) => {
      vi.stubEnv("OPLEAD_TEST_MODE", where === "environment" ? "true" : undefined);
      const oplead = connect(server.url, { ...way, ...(where === "client" && { testMode: true }) });
      vi.unstubAllEnvs();
      const call = where === "call" ? { testMode: true } : {};
      expect(await oplead.updateUser("1", user(1), call)).toMatchObject({ testMode: true });
      expect(await oplead.createUser(user(1), call)).toMatchObject({ testMode: true });
      expect(await oplead.upsertUser(user(1), { ...call, rules: { maxDistance: 30 } })).toMatchObject({
        testMode: true,
      });
      await oplead.setRules("1", { maxDistance: 30 }, call);
      expect(server.seen).toHaveLength(5);
      for (const { url, headers } of server.seen) {
        expect(isTest(url)).toBe(true);
        expect(headers["user-agent"]).toMatch(/; test mode\)$/);
      }
    },
  );

  it("a single call cannot switch the client's test mode off", async () => {
    const error = await failure(calls.PUT(testing(), { testMode: false }));
    expect(error.code).toBe("invalid_options");
    expect(error.message).toContain("testMode");
    expect(server.seen).toEqual([]);
  });

  it("headers that change while a call waits do not take it out of test mode", async () => {
    const headers: Record<string, string> = { "x-source": "hr" };
    const oplead = testing({ maxConcurrency: 1 });
    const running = [1, 2, 3].map((number) => oplead.updateUser(`${number}`, user(number), { headers }));
    headers["X-HTTP-Method-Override"] = "DELETE";
    headers["x-source"] = "crm";
    await Promise.all(running);
    expect(server.seen.map((one) => one.headers["x-source"])).toEqual(["hr", "hr", "hr"]);
    expect(server.seen.some((one) => "x-http-method-override" in one.headers)).toBe(false);
  });

  it("test mode stays on over retries, renewed tokens and lost answers", async () => {
    const statuses = [503, 401, 429, 200];
    const flaky = await serve((response, _request, nth) => json(response, statuses[nth - 1]));
    let count = 0;
    await calls.PUT(connect(flaky.url, { ...way, testMode: true, token: () => `token-${++count}` }));
    expect(flaky.seen).toHaveLength(4);
    expect(flaky.seen.every(({ url }) => isTest(url))).toBe(true);
  });

  describe("the raw client", () => {
    it.each(["POST", "GET"] as const)(
      "the raw client cannot be led out of test mode by the options of a %s",
      async (method) => {
        const elsewhere = await serve((response) => json(response));
        const fetch = vi.fn(async () => Response.json({}));
        class Elsewhere extends Request {
          constructor(_url: string, init: RequestInit) {
            super(`${elsewhere.url}/v1/users`, { ...init, method: "POST" });
          }
        }
        await untyped(testing())[method]("/v1/users", {
          ...(method === "POST" && { body: {} }),
          baseUrl: elsewhere.url,
          fetch,
          Request: Elsewhere,
          method: "DELETE",
          testMode: false,
          pathSerializer: () => `${elsewhere.url}/v1/users`,
          querySerializer: () => "test=false&test[]=0&%20test=1#test=true",
          params: { query: { test: false } },
        });
        expect(fetch).not.toHaveBeenCalled();
        expect(elsewhere.seen).toEqual([]);
        expect(server.seen).toHaveLength(1);
        expect(server.seen[0]?.method).toBe(method);
        if (method === "POST") expect(isTest(server.seen[0]?.url ?? "")).toBe(true);
      },
    );

    it.each(["X-HTTP-Method-Override", "x-method-override", "X-HTTP-Method"])(
      "the raw client refuses the header %s in test mode",
      async (name) => {
        const error = await failure(untyped(testing()).GET("/v1/users", { headers: { [name]: "DELETE" } }));
        expect(error.code).toBe("invalid_input");
        expect(server.seen).toEqual([]);
      },
    );
  });
});

const text = fc.string({ maxLength: 8 });
const query = fc.dictionary(
  fc.constantFrom("test", "test[]", "test[a]", " test", "Test", "x", "test\0"),
  fc.oneof(fc.boolean(), text, fc.array(text, { maxLength: 3 })),
  { maxKeys: 3 },
);
const init = fc.record(
  {
    params: fc.record(
      { query, path: fc.dictionary(fc.constantFrom("id", "userIdentification"), text) },
      { requiredKeys: [] },
    ),
    body: fc.oneof(fc.constant({}), fc.constant(user(1)), fc.jsonValue()),
    headers: fc.dictionary(fc.constantFrom("x-http-method-override", "x-method", "authorization", "x-a", "host"), text),
    baseUrl: fc.constantFrom("http://127.0.0.1:1", "/"),
    method: fc.constantFrom("GET", "POST", "DELETE"),
    querySerializer: fc.constantFrom(
      () => "test=false",
      () => "?x",
      () => "#test=true",
      () => "&test[]=1",
    ),
    parseAs: fc.constantFrom("json", "text", "stream", "blob"),
  },
  { requiredKeys: [] },
);
const path = fc.oneof(
  fc.constantFrom("/v1/users", "/v1/users/{id}", "/v1/users/{userIdentification}", "/v1/users/{id}/rule/max-distance"),
  fc.constantFrom("/v1/users?test=false", "/v1/users?test=true&test=false", "/v1/users#?test=true", "/v1/../v1/users"),
);
const method = fc.oneof(
  fc.constantFrom("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "patch", "DELETE", "TRACE"),
  text,
);
const step = fc.oneof(
  fc.record({ kind: fc.constant("raw" as const), method, path, init }),
  fc.record({
    kind: fc.constantFrom("upsertUser", "createUser", "updateUser", "setRules", "read"),
    number: fc.nat(5),
  }),
);

it("all writes in test mode have test=true, whatever is called, and no user is new afterwards", async () => {
  const fake = createFakeOplead({ token: TOKEN });
  const listener = await fake.listen();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(1), async (steps, way) => {
        const oplead = createOplead({
          token: TOKEN,
          baseUrl: listener.url,
          rateLimit: false,
          testMode: true,
          ...ways[way]?.[1],
        });
        for (const one of steps) await run(oplead, one).catch(() => {});
        for (const { method, query, testMode } of fake.requests) {
          if (!["GET", "HEAD", "OPTIONS"].includes(method))
            expect([method, testMode, Object.keys(query).filter((name) => ALIAS.test(name))]).toEqual([
              method,
              true,
              [],
            ]);
        }
        expect(fake.users).toEqual([]);
      }),
      { numRuns: 60 },
    );
    // The property proves little if hardly any request got through.
    expect(fake.requests.filter(({ testMode }) => testMode).length).toBeGreaterThan(50);
  } finally {
    await listener.close();
  }
});

async function run(oplead: Oplead, one: typeof step extends fc.Arbitrary<infer Step> ? Step : never) {
  if (one.kind === "raw") return untyped(oplead).request(one.method, one.path, one.init);
  const { number } = one as { number: number };
  switch (one.kind) {
    case "upsertUser":
      return oplead.upsertUser(user(number), { rules: { maxDistance: 30 } });
    case "createUser":
      return oplead.createUser(user(number));
    case "updateUser":
      return oplead.updateUser(`ACC-${number}`, user(number));
    case "setRules":
      return oplead.setRules(`ACC-${number}`, { profileTypes: ["pro"] });
    default:
      return oplead.listCountries();
  }
}
