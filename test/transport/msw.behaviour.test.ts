import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { calls, connect, json, serve, type TestServer, ways } from "../support/servers.ts";

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
});
