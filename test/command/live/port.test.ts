import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Metrics } from "../../../src/command/live/metrics.ts";
import { close, listen, probes } from "../../../src/command/live/port.ts";
import { Readiness } from "../../../src/command/live/readiness.ts";
import { OpleadError } from "../../../src/index.ts";

async function open(readiness: Readiness, metrics?: Metrics) {
  const isProbe = probes(readiness, metrics);
  const [server, port] = await listen(
    (request, response) => {
      if (!isProbe(request, response)) response.writeHead(418).end("webhook");
    },
    "127.0.0.1",
    0,
  );
  onTestFinished(() => close(server, 0));
  return `http://127.0.0.1:${port}`;
}

const failing = () =>
  new Readiness(
    {
      ledger: async () => {
        throw new OpleadError("ledger_unavailable", "The ledger's Redis failed (ECONNREFUSED).");
      },
      token: async () => {},
    },
    () => 0,
  );

it("the webhook's port answers probes with codes only, and leaves the rest to the webhook", async () => {
  const url = await open(failing());
  const ready = await fetch(`${url}/readyz?verbose=1`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: "not_ready",
    checks: { ledger: { status: "failed", code: "ledger_unavailable" }, token: { status: "ok" } },
  });
  const stopping = new Readiness({ token: async () => {} }, () => 0);
  const other = await open(stopping);
  const answers = async (path: string) => {
    const answer = await fetch(`${other}${path}`);
    return [answer.status, await answer.json()];
  };
  expect(await answers("/readyz")).toEqual([200, { status: "ready", checks: { token: { status: "ok" } } }]);
  stopping.isStopping = true;
  expect(await answers("/readyz")).toEqual([503, { status: "stopping" }]);
  expect(await answers("/healthz")).toEqual([200, { status: "stopping" }]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  for (const [path, method] of [
    ["/metrics", "GET"],
    ["/readyz", "POST"],
    ["/healthz", "POST"],
    ["/readyz/", "GET"],
    ["//metrics", "GET"],
    ["/", "GET"],
  ] as const) {
    expect((await fetch(url + path, { method })).status, `${method} ${path}`).toBe(418);
  }
});

it("the metrics' port answers probes with codes and sentences, and answers 404 to unknown paths", async () => {
  const url = await open(failing(), new Metrics());
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({
    checks: { ledger: { message: "The ledger's Redis failed (ECONNREFUSED)." } },
  });
  const metrics = await fetch(`${url}/metrics`);
  expect(metrics.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(await metrics.text()).toContain("oplead_users_total");
  expect((await fetch(`${url}/readyz`, { method: "HEAD" })).status).toBe(503);
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: "POST" })).status).toBe(404);
});

it("the error for a port in use names the port, and close cuts off requests that do not end", async () => {
  const [server, port] = await listen(() => {}, "127.0.0.1", 0);
  await expect(listen(() => {}, "127.0.0.1", port)).rejects.toMatchObject({
    code: "listen",
    message: `Cannot listen at 127.0.0.1:${port} (EADDRINUSE).`,
  });
  const socket = connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  await new Promise((resolve) => server.once("request", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await close(server, 10);
  await closed;
});
