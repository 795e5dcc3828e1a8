import { getResponse } from "msw";
import { setupServer } from "msw/node";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { createOplead } from "../../src/client/oplead.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { opleadHandlers } from "../../src/testing/msw.ts";
import type { UserInput } from "../../src/user/user.ts";
import { head } from "./helpers.ts";

const user = head() as UserInput;
const quick = { token: "fake-token", rateLimit: false, retry: { baseMs: 1 } } as const;

function listening(...handlers: Parameters<typeof setupServer>) {
  const server = setupServer(...handlers);
  server.listen({ onUnhandledRequest: "error" });
  onTestFinished(() => server.close());
  return server;
}

let errors: string[];
beforeEach(() => {
  errors = [];
  vi.spyOn(console, "error").mockImplementation((message) => errors.push(String(message)));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it.each(["before", "after"])(
  "the handlers of opleadHandlers() answer a client that was made %s listen()",
  async (when) => {
    const fake = createFakeOplead();
    const early = createOplead(quick);
    listening(...opleadHandlers(fake));
    const oplead = when === "before" ? early : createOplead(quick);
    expect(await oplead.upsertUser(user)).toMatchObject({ outcome: "created" });
    expect(await oplead.upsertUser(user)).toMatchObject({ outcome: "updated" });
    expect(fake.requests.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
      "updateUser 404",
      "createUser 201",
      "updateUser 200",
    ]);
    expect(fake.requests[1]).toMatchObject({
      path: "/v1/users",
      body: user,
      headers: { authorization: "Bearer ***" },
    });
    expect(errors).toEqual([]);
  },
);

it.each(["https://oplead.test:8443", "https://gateway.test/oplead/v2/", "http://10.0.0.1"])(
  "the handlers of opleadHandlers() answer requests to the base URL %s",
  async (baseUrl) => {
    const fake = createFakeOplead();
    listening(...opleadHandlers(fake, baseUrl));
    const oplead = createOplead({ ...quick, baseUrl, testMode: true, allowHttp: true });
    await oplead.createUser(user);
    expect(fake.requests).toMatchObject([{ path: "/v1/users", testMode: true, status: 201 }]);
  },
);

it("opleadHandlers() takes the base URL from the environment, as the client does", async () => {
  vi.stubEnv("OPLEAD_BASE_URL", "https://oplead.example/api");
  const fake = createFakeOplead();
  listening(...opleadHandlers(fake));
  expect(await createOplead(quick).listCountries()).toHaveLength(2);
});

it.each([
  [
    "an operation that the fake does not have",
    "https://api.oplead.com/v1/leads?x=1",
    /The fake has no GET \/v1\/leads\..*Put a handler of your own/,
  ],
  [
    "another host of Oplead",
    "https://staging.oplead.com/v1/users",
    /GET https:\/\/staging\.oplead\.com was not sent: the handlers are for https:\/\/api\.oplead\.com\. Is baseUrl/,
  ],
  ["Oplead over plain http", "http://api.oplead.com/v1/users", /was not sent/],
])("the handlers of opleadHandlers() refuse a request to %s, with advice", async (_case, url, advice) => {
  const fake = createFakeOplead();
  listening(...opleadHandlers(fake));
  const response = await fetch(url);
  expect(response.status).toBe(400);
  expect((await response.json()).message).toMatch(advice);
  expect(errors).toEqual([expect.stringMatching(advice)]);
});

it("requests that are not for Oplead pass, even requests to hosts with similar names", async () => {
  const handlers = opleadHandlers(createFakeOplead());
  for (const url of [
    "https://notoplead.com/v1",
    "https://api.oplead.com.example/v1/users",
    "http://localhost/v1/users",
  ]) {
    expect(await getResponse(handlers, new Request(url)), url).toBeUndefined();
  }
});

it("opleadHandlers() throws for a base URL that is not a URL", () => {
  expect(() => opleadHandlers(createFakeOplead(), "api.oplead.com")).toThrow("Invalid URL");
});
