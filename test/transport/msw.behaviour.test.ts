import { delay, HttpResponse, http, passthrough } from "msw";
import { setupServer } from "msw/node";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { rawClient } from "../../src/raw.ts";
import { calls, connect, failure, json, serve, type TestServer, timed, ways } from "../support/servers.ts";

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

  it.each(["before", "after"])("msw answers a client that was made %s the start of msw.", async (when) => {
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

  it("msw may be started and closed several times, and the real server is reached in between.", async () => {
    const oplead = connect(real.url, way);
    const ids = [];
    for (let round = 0; round < 3; round += 1) {
      ids.push(await calls.PUT(oplead));
      const server = start(everything(() => HttpResponse.json({ id: `mocked ${round}` })));
      ids.push(await calls.PUT(oplead));
      server.close();
    }
    expect(ids).toMatchObject(["real", "mocked 0", "real", "mocked 1", "real", "mocked 2"].map((id) => ({ id })));
    expect(real.seen).toHaveLength(3);
  });

  it("Mocked answers are retried, refused or reported as unexpected, like real answers.", async () => {
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
    expect(await failure(calls.GET(oplead))).toMatchObject({ code: "unexpected_response", attempts: 4 });
    server.use(everything(() => HttpResponse.json({}, { status: 429, headers: { "retry-after": "3600" } })));
    expect(await failure(calls.PUT(oplead))).toMatchObject({ code: "rate_limited", retryAfterMs: 3_600_000 });
  });

  it("A mocked broken connection makes the outcome of a POST unknown.", async () => {
    const resolve = vi.fn(() => HttpResponse.error());
    start(everything(resolve));
    const oplead = connect(real.url, way);
    expect(await failure(calls.PUT(oplead))).toMatchObject({ code: "connection", attempts: 4 });
    expect(await failure(calls.POST(oplead))).toMatchObject({ code: "ambiguous_creation", attempts: 1 });
    expect(resolve).toHaveBeenCalledTimes(5);
  });

  it("A call whose mocked answer never comes ends by the timeout or an abort.", async () => {
    const resolve = vi.fn(async () => {
      await delay("infinite");
      return HttpResponse.json({ id: "never" });
    });
    start(everything(resolve));
    const oplead = connect(real.url, { ...way, timeoutMs: 400, retry: { attempts: 2, baseMs: 1, maxMs: 1 } });
    expect(await failure(calls.PUT(oplead))).toMatchObject({ code: "timeout", attempts: 2 });
    expect(resolve).toHaveBeenCalledTimes(2);

    const stop = new AbortController();
    const call = calls.PUT(connect(real.url, way), { signal: stop.signal });
    call.catch(() => {});
    await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(3), { interval: 2 });
    stop.abort("enough");
    expect(await timed(call)).toBeLessThan(8_000);
    expect(await failure(call)).toMatchObject({ code: "aborted", cause: "enough" });
  });

  it("A mocked answer with a delay arrives.", async () => {
    start(
      everything(async () => {
        await delay(30);
        return HttpResponse.json({ id: "mocked" });
      }),
    );
    expect(await calls.PUT(connect(real.url, way))).toMatchObject({ id: "mocked" });
  });

  it("Requests that msw passes through reach the real server.", async () => {
    start(
      http.put(`${real.url}/v1/users/:id`, () => undefined),
      http.all(`${real.url}/*`, () => passthrough()),
    );
    expect(await calls.PUT(connect(real.url, way))).toMatchObject({ id: "real" });
  });

  it("msw sees test mode and the bytes of an upload.", async () => {
    let seen: FormData | undefined;
    let url = "";
    start(
      everything(async ({ request }) => {
        url = request.url;
        seen = await request.formData();
        return HttpResponse.json({ id: "mocked" });
      }),
    );
    const body = new FormData();
    body.append("file", new File([new Uint8Array([0, 255, 13, 10])], "photo.jpg", { type: "image/jpeg" }));
    await rawClient(connect(real.url, { ...way, testMode: true })).POST("/v1/users", { body: body as never });
    expect(url).toBe(`${real.url}/v1/users?test=true`);
    const file = seen?.get("file") as File;
    expect([file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]]).toEqual([
      "photo.jpg",
      "image/jpeg",
      [0, 255, 13, 10],
    ]);
  });
});
