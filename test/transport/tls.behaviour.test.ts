import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { selfSigned } from "../support/certificate.ts";
import { calls, connect, failure, json, listen, serve, ways } from "../support/servers.ts";

async function serveSecurely(identity: { key: string; cert: string }) {
  const counts = { connections: 0, requests: 0 };
  const server = createSecureServer(identity, (_request, response) => {
    counts.requests += 1;
    json(response);
  });
  server.on("connection", () => (counts.connections += 1));
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, counts };
}

describe.each(ways)("with requests sent through %s", (_name, way) => {
  it.each([
    ["signed by an unknown authority", selfSigned(), "127.0.0.1", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["for another name", selfSigned(), "localhost", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["out of date", selfSigned({ until: "20210101000000Z" }), "127.0.0.1", /CERT/],
  ])("a certificate %s is a final failure, and no request gets through", async (_what, identity, host, code) => {
    const { port, counts } = await serveSecurely(identity);
    for (const [index, method] of (["PUT", "POST", "GET"] as const).entries()) {
      const error = await failure(calls[method](connect(`https://${host}:${port}`, way)));
      expect(error).toMatchObject({ code: "connection", retryable: false, requests: 1 });
      expect(error.message).toMatch(code);
      expect(error.message).toContain("not trusted");
      expect(counts.connections).toBe(index + 1);
    }
    expect(counts.requests).toBe(0);
  });

  it("https to a server that speaks plain HTTP is a final failure", async () => {
    const server = await serve((response) => json(response));
    const error = await failure(calls.POST(connect(`https://127.0.0.1:${server.port}`, way)));
    expect(error).toMatchObject({ code: "connection", retryable: false, requests: 1 });
    expect(server.seen).toEqual([]);
  });

  it("a connection that breaks during the TLS handshake is tried again", async () => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections += 1;
      socket.on("error", () => {});
      socket.once("data", () => socket.resetAndDestroy());
    });
    const port = await listen(server);
    onTestFinished(() => void server.close());
    const error = await failure(calls.PUT(connect(`https://127.0.0.1:${port}`, way)));
    expect(error).toMatchObject({ code: "connection", retryable: true, requests: 4 });
    expect(connections).toBe(4);
  });
});
