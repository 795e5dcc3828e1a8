import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { calls, connect, failure, json, serve, type TestServer, ways } from "../support/servers.ts";

let real: TestServer;
const native = globalThis.fetch;

beforeEach(async () => {
  real = await serve((response) => json(response, 200, { id: "real" }));
});

afterEach(() => {
  globalThis.fetch = native;
});

function mock(...handlers: Parameters<typeof setupServer>) {
  const server = setupServer(...handlers);
  server.listen({ onUnhandledRequest: "error" });
  onTestFinished(() => server.close());
  return server;
}

const everything = (resolve: Parameters<typeof http.all>[1]) => http.all(`${real.url}/*`, resolve);

// And node:http with Node's own fetch, which msw intercepts.
const transports: [string, Parameters<typeof connect>[1], boolean][] = [
  ...ways.map(([name, way]): (typeof transports)[number] => [name, way, false]),
  ["node:http with fetch left alone", {}, true],
];

describe.each(transports)("msw through %s", (_name, way, keepsFetch) => {
  const start = (...handlers: Parameters<typeof setupServer>) => {
    const server = mock(...handlers);
    if (keepsFetch) globalThis.fetch = native;
    return server;
  };

  it.each(["before", "after"])("msw answers a client that was made %s the start of msw", async (when) => {
    const early = connect(real.url, way);
    const requests: Request[] = [];
    const server = start(
      everything(({ request }) => {
        requests.push(request.clone());
        return HttpResponse.json({ id: "mocked" }, { headers: { "x-request-id": "of-the-mock" } });
      }),
    );
    const oplead = when === "before" ? early : connect(real.url, way);
    expect(await calls.PUT(oplead)).toMatchObject({ id: "mocked" });
    expect(await calls.POST(oplead)).toMatchObject({ id: "mocked" });
    expect(await calls.GET(oplead)).toMatchObject({ data: { id: "mocked" } });
    expect(real.seen).toEqual([]);
    expect(requests.map(({ method }) => method)).toEqual(["PUT", "POST", "GET"]);
    expect(await requests[0]?.json()).toMatchObject({ login: "login-1" });
    expect(requests[0]?.headers.get("authorization")).toMatch(/^Bearer /);

    server.close();
    for (const client of [early, oplead]) expect(await calls.PUT(client)).toMatchObject({ id: "real" });
    expect(real.seen).toHaveLength(2);
  });

  it("mocked answers are retried, refused or reported as unexpected, like real answers", async () => {
    let count = 0;
    const server = start(
      everything(() => {
        count += 1;
        return count < 3 ? new HttpResponse(null, { status: 503 }) : HttpResponse.json({ id: "mocked" });
      }),
    );
    const oplead = connect(real.url, way);
    expect(await calls.PUT(oplead)).toMatchObject({ requests: 3 });
    server.use(everything(() => HttpResponse.json({ errors: [{ field: "email" }] }, { status: 422 })));
    expect((await failure(calls.POST(oplead))).message).toContain("It names: email.");
    server.use(everything(() => HttpResponse.html("<p>Maintenance</p>")));
    expect(await failure(calls.GET(oplead))).toMatchObject({ code: "unexpected_response", requests: 4 });
    server.use(everything(() => HttpResponse.json({}, { status: 429, headers: { "retry-after": "3600" } })));
    expect(await failure(calls.PUT(oplead))).toMatchObject({ code: "rate_limited", retryAfterMs: 3_600_000 });
  });
});
