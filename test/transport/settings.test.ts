import { inspect } from "node:util";
import { afterEach, expect, it, vi } from "vitest";
import { createOplead, type OpleadError, type OpleadOptions } from "../../src/index.ts";
import { connect, failure, json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function refusal(options: unknown) {
  try {
    createOplead(options as OpleadOptions);
  } catch (error) {
    return error as OpleadError;
  }
  throw new Error("these options were accepted");
}

const problems = (options: object) =>
  (refusal({ token: "a-token", ...options }).issues ?? []).map(({ path, message }) => `${path}: ${message}`);

it("one error lists all wrong options, one line each, and quotes no value", () => {
  const error = refusal({
    token: "a-token\n",
    baseUrl: "api.oplead.com",
    platform: { auth: "basic" },
    testMode: "yes",
    rateLimit: { requests: 0, perMs: -1 },
    maxConcurrency: 1.5,
    timeoutMs: "30000",
    deadlineMs: Number.POSITIVE_INFINITY,
    retry: { attempts: 0, baseMs: -1 },
    referenceTtlMs: -1,
    fetch: "fetch",
    logger: { debug() {} },
    hooks: { onRequest: () => {} },
    timeout: 5,
  });
  expect(error).toMatchObject({ name: "OpleadError", code: "invalid_options", retryable: false });
  const paths = (error.issues ?? []).map(({ path }) => path).sort();
  expect(paths).toEqual([
    "baseUrl",
    "deadlineMs",
    "fetch",
    "hooks",
    "logger.error",
    "logger.info",
    "logger.warn",
    "maxConcurrency",
    "platform.auth",
    "rateLimit.perMs",
    "rateLimit.requests",
    "referenceTtlMs",
    "retry.attempts",
    "retry.baseMs",
    "testMode",
    "timeout",
    "timeoutMs",
    "token",
  ]);
  for (const path of paths) expect(error.message).toContain(`\n  - ${path}: `);
  expect(inspect(error)).not.toContain("a-token");
});

it.each([undefined, ""])(
  "a token that is missing in the options and in the environment (%j) is reported",
  (variable) => {
    vi.stubEnv("OPLEAD_TOKEN", variable);
    expect(refusal({}).message).toMatch(/token: is (missing|empty)/);
  },
);

it.each<[string, object, string]>([
  ["an empty token", { token: "" }, "token: is empty"],
  ["a token with its scheme", { token: "Bearer a-token" }, 'token: begins with "Bearer ": leave that out'],
  ["another protocol", { baseUrl: "ftp://api.oplead.com" }, "baseUrl: must begin with https://"],
  [
    "a password in the URL",
    { baseUrl: "https://me:secret@api.oplead.com" },
    "baseUrl: must not hold a user name or password",
  ],
  [
    "a query in the URL",
    { baseUrl: "https://api.oplead.com?test=true" },
    "baseUrl: must not hold a query or a fragment",
  ],
  ["a version in the URL", { baseUrl: "https://api.oplead.com/v1/" }, "baseUrl: ends in /v1"],
  ["an empty URL", { baseUrl: "" }, "baseUrl: is not a URL"],
  [
    "a header that has another meaning",
    { platform: { auth: { header: "Content-Type" } } },
    "platform.auth: names a header that has a meaning of its own",
  ],
  [
    "a header that changes the method",
    { platform: { auth: { header: "X-HTTP-Method" } } },
    "platform.auth: names a header that has a meaning of its own",
  ],
  ["a header name with a space", { platform: { auth: { header: "X AUTH" } } }, 'platform.auth: must be "bearer" or'],
  ["a misspelt option of retry", { retry: { retries: 3 } }, "retry.retries: is not an option"],
  [
    "a misspelt option of rateLimit",
    { rateLimit: { requests: 1, perMs: 1, burst: 2 } },
    "rateLimit.burst: is not an option",
  ],
  ["a timeout longer than timers go", { timeoutMs: 2 ** 31 }, "timeoutMs: must be a number from 1 to"],
  ["a deadline of 0", { deadlineMs: 0 }, "deadlineMs: must be a number from 1 to"],
  [
    "a platform that is not a name",
    { platform: { name: "" } },
    "platform.name: must be a name of at most 100 characters",
  ],
  ["a negative settleMs", { platform: { settleMs: -1 } }, "platform.settleMs: must be a number from 0 to"],
  [
    "a number in flight beside another client's limiter",
    { rateLimit: createOplead({ token: "t" }).rateLimit, maxConcurrency: 2 },
    "maxConcurrency: is set by the client whose rateLimit this one shares",
  ],
  ["a negative lateMs", { platform: { lateMs: -1 } }, "platform.lateMs: must be a number from 0 to"],
])("createOplead refuses %s with the reason", (_what, options, message) => {
  expect(problems(options).join("\n")).toContain(message);
});

it("token, base URL and test mode come from the environment unless options give them", async () => {
  const server = await serve((response) => json(response));
  vi.stubEnv("OPLEAD_TOKEN", "from-the-environment");
  vi.stubEnv("OPLEAD_BASE_URL", `${server.url}/`);
  vi.stubEnv("OPLEAD_TEST_MODE", "true");
  const oplead = createOplead();
  expect(oplead.testMode).toBe(true);
  await oplead.updateUser("1", user(1));
  const other = await serve((response) => json(response));
  await createOplead({ token: "given", baseUrl: other.url, testMode: false }).updateUser("1", user(1));
  expect([server.seen[0]?.url, server.seen[0]?.headers.authorization]).toEqual([
    "/v1/users/1?test=true",
    "Bearer from-the-environment",
  ]);
  expect([other.seen[0]?.url, other.seen[0]?.headers.authorization]).toEqual(["/v1/users/1", "Bearer given"]);
});

it.each(["1", "yes", "TRUE", "0", " true"])(
  "the value OPLEAD_TEST_MODE=%s is refused, because guessing could write to production",
  (value) => {
    vi.stubEnv("OPLEAD_TEST_MODE", value);
    expect(problems({})).toEqual(['testMode: OPLEAD_TEST_MODE must be "true" or "false"']);
    expect(createOplead({ token: "a-token", testMode: true }).testMode).toBe(true);
  },
);

it("token, baseUrl, platform and testMode given as undefined are refused", () => {
  vi.stubEnv("OPLEAD_TOKEN", "a-token");
  const given: object = { token: undefined, baseUrl: undefined, platform: undefined, testMode: undefined };
  const problem = "is undefined: a variable is probably not set. Leave the key out to take the default";
  const names = ["token", "baseUrl", "platform", "testMode"];
  expect(refusal(given)).toMatchObject({ issues: names.map((path) => ({ path, code: "given_undefined" })) });
  expect(refusal(given).message).toContain(`token: ${problem}`);
  expect(createOplead({}).testMode).toBe(false);
});

it.each([
  ["http://api.oplead.com", 1],
  ["http://10.0.0.1", 1],
  ["https://api.oplead.com", 0],
  ["http://localhost:3000", 0],
  ["http://127.0.0.1:3000", 0],
  ["http://[::1]:3000", 0],
  ["http://127.0.0.1.evil.example", 1],
  ["http://localhost.evil.example", 1],
])("the base URL %s is allowed by allowHttp with this number of warnings: %d, and else refused", (baseUrl, times) => {
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  createOplead({ token: "a-token", baseUrl, logger, allowHttp: true });
  expect(logger.warn).toHaveBeenCalledTimes(times);
  const codes = () => {
    try {
      createOplead({ token: "a-token", baseUrl });
      return [];
    } catch (error) {
      return (error as OpleadError).issues?.map(({ path, code }) => `${path} ${code}`);
    }
  };
  expect(codes()).toEqual(times === 0 ? [] : ["baseUrl plain_http"]);
});

it("one error lists all wrong options of a call, before anything is sent", async () => {
  const server = await serve((response) => json(response));
  const call = {
    signal: "stop",
    timeoutMs: 0,
    deadlineMs: "1",
    testMode: "true",
    headers: { "x-a": 1, "x-b": "a\r\nx-admin: 1", "x-c": "caf\u00e9", "a b": "", authorization: "x", "x-key": "x" },
    retries: 3,
  };
  const oplead = connect(server.url, { platform: { auth: { header: "X-Key" } } });
  for (const promise of [
    oplead.updateUser("1", user(1), call as object),
    oplead.createUser(user(1), call as object),
    oplead.upsertUser(user(1), call as object),
    oplead.setRules("1", { maxDistance: 1 }, call as object),
    oplead.listCountries(call as object),
  ]) {
    const error = await failure(promise);
    expect(error).toMatchObject({ code: "invalid_options" });
    expect((error.issues ?? []).map(({ path }) => path).sort()).toEqual([
      "deadlineMs",
      "headers",
      "headers.authorization",
      "headers.x-a",
      "headers.x-b",
      "headers.x-c",
      "headers.x-key",
      "retries",
      "signal",
      "testMode",
      "timeoutMs",
    ]);
  }
  expect(server.seen).toEqual([]);
});

it("a call refuses every header that Node or another run time sets itself, and sends every other header", async () => {
  const server = await serve((response) => json(response));
  const names = [
    "trailer",
    "te",
    "connection",
    "host",
    "expect",
    "upgrade",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "x-http-method-override",
  ];
  for (const options of [{}, { fetch: globalThis.fetch }]) {
    for (const name of names) {
      const call = connect(server.url, options).updateUser("1", user(1), { headers: { [name]: "x" } });
      expect(await failure(call)).toMatchObject({ code: "invalid_options", issues: [{ path: `headers.${name}` }] });
    }
    const sent = { "x-tenant": "7", cookie: "a=b", referer: "https://a.example/", "cache-control": "no-cache" };
    await connect(server.url, options).updateUser("1", user(1), { headers: sent });
    expect(server.seen.at(-1)?.headers).toMatchObject(sent);
  }
  expect(server.seen).toHaveLength(2);
});
