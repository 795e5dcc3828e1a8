import { describe, expect, it, vi } from "vitest";
import { readOptions } from "../../src/transport/settings.ts";
import { Transport } from "../../src/transport/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { calls, connect, failure, serve, TOKEN, timed, ways } from "../support/servers.ts";
import { user } from "../support/users.ts";

describe.each(ways)("with requests sent through %s", (_name, way) => {
  it("the timeout covers the answer's body", async () => {
    const server = await serve((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("[");
      const drip = setInterval(() => response.write("1,"), 10);
      response.on("close", () => clearInterval(drip));
    });
    const call = calls.PUT(connect(server.url, { ...way, timeoutMs: 60, retry: false }));
    expect(await timed(call)).toBeLessThan(8_000);
    expect((await failure(call)).message).toContain("no answer within 60 ms (timeoutMs)");
  });

  it("the deadline covers the wait before a request starts, and the error says so", async () => {
    const server = await serve(() => {});
    const oplead = connect(server.url, { ...way, maxConcurrency: 1 });
    const stop = new AbortController();
    const first = failure(oplead.updateUser("1", user(1), { signal: stop.signal }));
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));
    const second = oplead.updateUser("2", user(2), { deadlineMs: 60 });
    expect(await timed(second)).toBeLessThan(8_000);
    const error = await failure(second);
    expect(error).toMatchObject({ code: "deadline", requests: 0, retryable: true });
    expect(error.message).toContain("maxConcurrency");
    stop.abort();
    await first;
    expect(server.seen).toHaveLength(1);
  });
});

const unanswered = (options: object = {}) => {
  const clock = new FakeClock();
  const sent: number[] = [];
  let cancelled = 0;
  const send = () => {
    sent.push(clock.now());
    return { answer: new Promise<never>(() => {}), cancel: () => (cancelled += 1) };
  };
  const settings = readOptions({ token: TOKEN, ...options }, {});
  const transport = new Transport(settings, send, clock, "test");
  const outgoing = { method: "PUT", url: "https://api.oplead.com/v1/users/1", body: "{}" };
  return { clock, sent, transport, outgoing, cancelled: () => cancelled };
};

it("by default an attempt may take half a minute and a call two minutes", async () => {
  const { clock, sent, transport, outgoing, cancelled } = unanswered();
  const ended = failure(transport.send(outgoing, transport.begin("updateUser", undefined)));
  await clock.advance(119_999);
  // Waits are half of each backoff's cap.
  expect(sent).toEqual([0, 30_125, 60_375, 90_875]);
  await clock.advance(1);
  expect(await ended).toMatchObject({ code: "deadline", requests: 4 });
  expect((await ended).message).toContain("(deadlineMs)");
  expect(cancelled()).toBe(4);
  expect(clock.pending).toBe(0);
});

it("a call leaves no timer behind, however it ends", async () => {
  for (const options of [{}, { retry: false }, { rateLimit: false }, { timeoutMs: 5 }, { deadlineMs: 5 }]) {
    const { clock, transport, outgoing } = unanswered(options);
    const stop = new AbortController();
    const ended = Promise.all(
      Array.from({ length: 20 }, () =>
        failure(transport.send(outgoing, transport.begin("updateUser", { signal: stop.signal }))),
      ),
    );
    await clock.advance(3);
    expect(clock.pending).toBeGreaterThan(0);
    stop.abort();
    await ended;
    expect(clock.pending).toBe(0);
  }
});
