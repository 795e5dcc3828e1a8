import { createServer } from "node:http";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { OpleadErrorCode } from "../../src/index.ts";
import { attempts } from "../support/hooks.ts";
import { calls, connect, failure, json, listen, serve, serveBytes, unusedPort, ways } from "../support/servers.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const http = (status: string, body = "", headers = "content-type: application/json\r\n") =>
  `HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;

const OK = http("200 OK", '{"id":"1"}');

const FAULTS: [name: string, act: (socket: Socket) => void, code: OpleadErrorCode, ambiguous: boolean][] = [
  ["connection reset", (socket) => socket.resetAndDestroy(), "connection", true],
  ["connection closed without a word", (socket) => socket.end(), "connection", true],
  ["half a header", (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-"), "connection", true],
  ["something that is not HTTP", (socket) => socket.end("hello\r\n\r\n"), "connection", true],
  [
    "a body shorter than announced",
    (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"id":"1"}'),
    "connection",
    true,
  ],
  [
    "chunks without an end",
    (socket) =>
      socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\na\r\n{"id":"1"}\r\n',
      ),
    "connection",
    true,
  ],
  ["no answer", () => timeIsUp(), "timeout", true],
  ["an answer that never ends", (socket) => socket.write(OK.slice(0, -3), timeIsUp), "timeout", true],
  ["an upgrade that was not asked for", (socket) => socket.write(SWITCH), "connection", true],
  ["HTML", (socket) => socket.write(http("200 OK", "<p>", "content-type: text/html\r\n")), "unexpected_response", true],
  ["JSON that is cut off", (socket) => socket.write(http("200 OK", '{"id":')), "unexpected_response", true],
  ["408", (socket) => socket.write(http("408 Request Timeout")), "refused", true],
  ["425", (socket) => socket.write(http("425 Too Early")), "refused", false],
  ["500", (socket) => socket.write(http("500 Internal Server Error", "{}")), "server_error", true],
  ["500 without a body", (socket) => socket.write(http("500 Internal Server Error")), "server_error", true],
  [
    "502",
    (socket) => socket.write(http("502 Bad Gateway", "<p>", "content-type: text/html\r\n")),
    "server_error",
    true,
  ],
  ["503", (socket) => socket.write(http("503 Service Unavailable", "{}")), "server_error", true],
  ["504", (socket) => socket.write(http("504 Gateway Timeout", "{}")), "server_error", true],
];
const timeIsUp = () => void vi.advanceTimersByTime(10_000);
const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: nothing\r\n\r\n";

describe.each(ways)("with requests sent through %s", (_name, way) => {
  describe.each(FAULTS)("after %s", (_fault, act, code, ambiguous) => {
    const attempts = 4;
    const timeoutMs = 10_000;
    const retry = { attempts, baseMs: 1 };
    beforeEach(() => {
      if (code !== "timeout") return;
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true, advanceTimeDelta: 1 });
      onTestFinished(() => void vi.useRealTimers());
    });

    it.each(["PUT", "GET"] as const)(
      "a %s is repeated until it succeeds, up to the number of attempts",
      async (method) => {
        const server = await serveBytes((socket, nth) => (nth < attempts ? act(socket) : socket.write(OK)));
        await calls[method](connect(server.url, { ...way, timeoutMs, retry }));
        expect(server.count).toBe(attempts);
      },
    );

    it("a PUT ends after the last attempt, with the code of its failure and the number of requests", async () => {
      const server = await serveBytes(act);
      const error = await failure(calls.PUT(connect(server.url, { ...way, timeoutMs, retry })));
      expect(error).toMatchObject({
        code,
        requests: attempts,
        retryable: true,
        operation: "updateUser",
        testMode: false,
      });
      expect(server.count).toBe(attempts);
    });

    it("a POST is never sent again", async () => {
      const server = await serveBytes(act);
      const error = await failure(calls.POST(connect(server.url, { ...way, timeoutMs })));
      expect(error).toMatchObject({ code: ambiguous ? "ambiguous_creation" : code, requests: 1 });
      expect(server.count).toBe(1);
    });
  });

  it("a POST is sent again after a 429, because the server has not acted on it", async () => {
    const server = await serve((response, _request, nth) => (nth < 3 ? json(response, 429, {}) : json(response, 201)));
    expect(await calls.POST(connect(server.url, way))).toMatchObject({ id: "1", requests: 3 });
    expect(server.seen.map(({ method }) => method)).toEqual(["POST", "POST", "POST"]);
    expect(new Set(server.seen.map(({ body }) => body.toString())).size).toBe(1);
  });

  it.each(["POST", "PUT"] as const)("a %s is sent again after a refused connection", async (method) => {
    const port = await unusedPort();
    let arrived = 0;
    const server = createServer((_request, response) => {
      arrived += 1;
      json(response, method === "POST" ? 201 : 200);
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const retried = vi.fn(() => {
      if (retried.mock.calls.length === 1) void listen(server, port);
    });
    const retry = { attempts: 10, baseMs: 40 };
    const oplead = connect(`http://127.0.0.1:${port}`, { ...way, retry, hooks: attempts({ retried }) });
    const result = await calls[method](oplead);
    expect(arrived).toBe(1);
    expect(retried).toHaveBeenCalledWith(
      expect.objectContaining({ error: expect.objectContaining({ code: "connection" }) }),
    );
    expect(result).toMatchObject({ requests: retried.mock.calls.length + 1 });
  });

  it("every attempt sends the same bytes, and the token too", async () => {
    const server = await serve((response, _request, nth) => (nth < 4 ? response.destroy() : json(response)));
    await calls.PUT(connect(server.url, way));
    const copies = server.seen.map(({ method, url, headers, body }) =>
      JSON.stringify([
        method,
        url,
        headers.authorization,
        headers["content-type"],
        headers["content-length"],
        body.toString(),
      ]),
    );
    expect(copies).toHaveLength(4);
    expect(new Set(copies).size).toBe(1);
    expect(copies[0]).toContain("person-1@dealers.example");
  });
});

it("the error for an unknown host names it, and an HTTPS_PROXY that Node does not use", async () => {
  const oplead = connect("http://no-such-host.invalid", { retry: false });
  vi.stubEnv("HTTPS_PROXY", "http://user:secret@proxy.example:3128");
  vi.stubEnv("NODE_USE_ENV_PROXY", undefined);
  const error = await failure(calls.PUT(oplead));
  vi.unstubAllEnvs();
  expect(error.code).toBe("connection");
  expect(error.message).toContain("The name no-such-host.invalid was not found");
  expect(error.message).toContain("HTTPS_PROXY is set but not used: Node uses it with NODE_USE_ENV_PROXY=1");
  expect(error.message).not.toContain("proxy.example");
});
