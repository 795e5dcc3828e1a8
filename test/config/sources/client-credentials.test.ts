import { inspect } from "node:util";
import { afterEach, expect, it, vi } from "vitest";
import { type ClientCredentials, clientCredentials, restSource } from "../../../src/config/index.ts";
import { failureOf } from "../../support/failure.ts";
import { listOf } from "../../support/folder.ts";
import { pages } from "./pages.ts";

const CLIENT = { clientId: "sync", clientSecret: "hush & hush" };
const token = (name: string, expires_in?: number | string) => ({ body: { access_token: name, expires_in } });

afterEach(() => {
  vi.useRealTimers();
});

async function server(
  tokens: Parameters<typeof pages>[0][string],
  users: Parameters<typeof pages>[0][string] = { body: [1] },
) {
  const { url, requests } = await pages({ "/token": tokens, "/users": users });
  const authWith = (more: Partial<ClientCredentials> = {}) =>
    clientCredentials({ tokenUrl: `${url}/token`, ...CLIENT, ...more });
  const seen = () => requests.map(({ url, authorization }) => (url === "/token" ? "token" : authorization));
  return { url, requests, authWith, seen };
}

it("clientCredentials asks for a token once and sends it with each page", async () => {
  const { url, authWith, seen, requests } = await server(token("T1", 3600));
  const source = restSource({
    url: `${url}/users`,
    auth: authWith({ scope: "users", parameters: { audience: "hr" } }),
  });
  expect(await listOf(source())).toEqual([1]);
  expect(await listOf(source())).toEqual([1]);
  expect(seen()).toEqual(["token", "Bearer T1", "Bearer T1"]);
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
    audience: "hr",
    grant_type: "client_credentials",
    scope: "users",
    client_id: "sync",
    client_secret: "hush & hush",
  });
});

it("clientCredentials with send: basic puts id and secret into a header, encoded as RFC 6749 says", async () => {
  const { authWith, requests } = await server(token("T1"));
  await authWith({ send: "basic" })();
  expect(requests[0]).toMatchObject({ body: "grant_type=client_credentials" });
  const [, encoded = ""] = requests[0]?.authorization?.split(" ") ?? [];
  expect(Buffer.from(encoded, "base64").toString()).toBe("sync:hush%20%26%20hush");
});

it("clientCredentials renews a token a minute before it expires, and keeps a token without an expiry", async () => {
  const { authWith } = await server([token("T1", "600"), token("T2"), token("T3")]);
  vi.useFakeTimers({ toFake: ["performance"] });
  const auth = authWith();
  expect(await auth()).toBe("T1");
  vi.advanceTimersByTime(539_000);
  expect(await auth()).toBe("T1");
  vi.advanceTimersByTime(1_000);
  expect(await auth()).toBe("T2");
  vi.advanceTimersByTime(1e9);
  expect(await auth()).toBe("T2");
});

it("parallel callers of clientCredentials share one request", async () => {
  const { authWith, requests } = await server(token("T1", 3600));
  const auth = authWith();
  expect(await Promise.all([auth(), auth(), auth()])).toEqual(["T1", "T1", "T1"]);
  expect(requests).toHaveLength(1);
});

it("clientCredentials renews a token once after an answer 401, and then gives up", async () => {
  const tokens = [token("T1"), token("T2"), token("T3")];
  const first = await server(tokens, [{ status: 401 }, { body: [1] }]);
  expect(await listOf(restSource({ url: `${first.url}/users`, auth: first.authWith() })())).toEqual([1]);
  expect(first.seen()).toEqual(["token", "Bearer T1", "token", "Bearer T2"]);

  const never = await server(tokens, { status: 401 });
  const error = await failureOf(listOf(restSource({ url: `${never.url}/users`, auth: never.authWith() })()));
  expect(error).toMatchObject({ code: "source_failed", retryable: false });
  expect(error.message).toMatch(/answered 401: the token is not accepted, nor is a new one/);
  expect(never.seen()).toEqual(["token", "Bearer T1", "token", "Bearer T2"]);
});

it("the error of a refused client has the standard's code, and no secret or message of the server", async () => {
  const body = { error: "invalid_client", error_description: "hush & hush is wrong" };
  const { authWith, url } = await server({ status: 400, body });
  const error = await failureOf(authWith()());
  expect(error.message).toBe(`${url}/token: gave no token (invalid_client): check clientId, clientSecret and scope`);
  const other = await server({ status: 400, body: { error: "hush" } });
  expect((await failureOf(other.authWith()())).message).toBe(`${other.url}/token: answered 400`);
  const none = await server({ body: { token: "T1" } });
  expect((await failureOf(none.authWith()())).message).toMatch(/the answer has no access_token/);
});

it("clientCredentials repeats a request whose failure may pass, and asks anew at the next call otherwise", async () => {
  const busy = { status: 503, headers: { "retry-after": "0" } };
  const { authWith, requests } = await server([busy, token("T1")]);
  expect(await authWith()()).toBe("T1");
  expect(requests).toHaveLength(2);
  const late = await server([{ status: 400 }, token("T2")]);
  const auth = late.authWith();
  await failureOf(auth());
  expect(await auth()).toBe("T2");
});

it("printing clientCredentials, or a source that uses them, does not show the secret", () => {
  const auth = clientCredentials({ tokenUrl: "https://login.example/token", ...CLIENT });
  const source = restSource({ url: "https://hr.example/users", auth });
  expect(inspect([auth, source], { depth: 9 })).not.toContain("hush");
});

it("clientCredentials sends neither secret nor token over plain http to another machine, unless allowed", () => {
  const tokenUrl = "http://login.example/token";
  expect(() => clientCredentials({ tokenUrl, ...CLIENT })).toThrow(/tokenUrl: is plain http/);
  clientCredentials({ tokenUrl, ...CLIENT, allowHttp: true });
  expect(() => restSource({ url: "http://hr.example/users", auth: () => "T" })).toThrow(/url: is plain http/);
});
