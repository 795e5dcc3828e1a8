import { expect, it } from "vitest";
import type { OpleadHooks, OpleadLogger } from "../../src/index.ts";
import { openTransport, type Reply } from "../support/open-transport.ts";

const PUT = { method: "PUT", url: "https://api.oplead.com/v1/users/1", body: "{}" };

/** One call against these replies, and what log and hooks were told, each with its fields. */
async function told(replies: Reply[], hooks: OpleadHooks = {}, subject?: string) {
  const lines: [string, unknown][] = [];
  const note = (message: string, fields?: unknown) => void lines.push([message, fields]);
  const logger: OpleadLogger = { debug: note, info: note, warn: note, error: note };
  const { transport, clock } = openTransport(replies, { logger, hooks, rateLimit: false });
  const call = transport.begin("updateUser", undefined, subject);
  const running = transport.send(PUT, call).catch(() => {});
  await clock.advance(100_000);
  await running;
  return { lines, id: call.id };
}

it("the log line of a retry tells the failure, the attempt and the delay, in its text and in its fields", async () => {
  const replies = [{ status: 503, headers: { "x-request-id": "req-1", "retry-after": "2" } }, { status: 200 }];
  const { lines, id } = await told(replies, {}, "ACC-1");
  const common = { callId: id, operation: "updateUser", method: "PUT", testMode: false, queueMs: 0, user: "ACC-1" };
  expect(lines).toEqual([
    ["oplead-sdk: updateUser of ACC-1: PUT 503 in 0 ms", expect.objectContaining({ status: 503, sequence: 1 })],
    [
      "oplead-sdk: updateUser of ACC-1: server_error 503, attempt 1 of 4; next in 2 s",
      { ...common, sequence: 1, attempt: 1, status: 503, requestId: "req-1", code: "server_error", delayMs: 2_000 },
    ],
    [
      "oplead-sdk: updateUser of ACC-1: PUT 200 in 0 ms",
      { ...common, sequence: 2, attempt: 2, status: 200, durationMs: 0 },
    ],
  ]);
});

it("events of a call about no known user have no user", async () => {
  const events: object[] = [];
  const { lines } = await told([{ status: 200 }], { onRequest: (event) => void events.push(event) });
  expect(events[0]).not.toHaveProperty("user");
  expect(events[0]).not.toHaveProperty("rule");
  expect(lines[0]?.[1]).not.toHaveProperty("user");
});

it("a hook that fails is logged with its name and call, and ignored without a logger", async () => {
  const onRequest = () => {
    throw new Error("jean@dealers.example");
  };
  const { lines, id } = await told([{ status: 200 }], { onRequest });
  expect(lines[0]).toEqual([
    "oplead-sdk: the hook onRequest failed; the call goes on",
    { callId: id, hook: "onRequest" },
  ]);
  const { transport } = openTransport([{ status: 200 }], { hooks: { onRequest } });
  expect((await transport.send(PUT, transport.begin("updateUser", undefined))).status).toBe(200);
});

it("events tell times in milliseconds with three decimals", async () => {
  const durations: number[] = [];
  const hooks: OpleadHooks = { onRequestEnd: ({ durationMs }) => void durations.push(durationMs) };
  const { transport, clock } = openTransport(["never"], { hooks, retry: false, timeoutMs: 1.23456 });
  const running = transport.send(PUT, transport.begin("updateUser", undefined)).catch(() => {});
  await clock.advance(10);
  await running;
  expect(durations).toEqual([1.235]);
});

it("the event of a call that was aborted in flight does not announce a retry", async () => {
  const told: string[] = [];
  const hooks: OpleadHooks = {
    onRequestEnd: () => void told.push("end"),
    onRetry: () => void told.push("retry"),
  };
  const { transport, sent } = openTransport(["never"], { hooks });
  const stop = new AbortController();
  const call = transport.begin("updateUser", { signal: stop.signal });
  const running = transport.send(PUT, call).catch((error: unknown) => error);
  await Promise.resolve();
  stop.abort();
  expect(await running).toMatchObject({ code: "aborted" });
  expect([told, sent.length]).toEqual([["end"], 1]);
});
