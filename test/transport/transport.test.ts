import { expect, it } from "vitest";
import { summaryOf } from "../../src/transport/answer.ts";
import { readOptions } from "../../src/transport/settings.ts";
import { Transport } from "../../src/transport/transport.ts";
import { failureOf } from "../support/failure.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { attempts } from "../support/hooks.ts";
import { openTransport } from "../support/open-transport.ts";

const PUT = { method: "PUT", url: "https://api.oplead.com/v1/users/1", body: "{}" };
const GET = { method: "GET", url: "https://api.oplead.com/v1/types/countries", body: undefined };

const refused = () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

it("a call has an id of its own, which counts up and differs between clients", () => {
  const clock = new FakeClock();
  const ids = [0.111, 0.777].flatMap((random) => {
    clock.random = () => random;
    const transport = new Transport(readOptions({ token: "t" }, {}), () => Promise.reject() as never, clock, "test");
    return [transport.begin("a", undefined).id, transport.begin("b", undefined).id];
  });
  expect(new Set(ids.map((id) => id.slice(0, -2))).size).toBe(2);
  expect(ids.map((id) => id.slice(-2))).toEqual(["-1", "-2", "-1", "-2"]);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]{1,6}-\d$/);
});

it("a call takes the limits that its own options set, and all other limits from the client", () => {
  const { transport, clock } = openTransport([], { timeoutMs: 5, deadlineMs: 70 });
  clock.sleep(1_000);
  expect(transport.begin("a", undefined)).toMatchObject({ timeoutMs: 5, deadlineMs: 70, deadlineAt: 1_070 });
  const own = transport.begin("a", { timeoutMs: 6, deadlineMs: 80 });
  expect(own).toMatchObject({ timeoutMs: 6, deadlineMs: 80, deadlineAt: 1_080, testMode: false, requests: 0 });
});

it("a call is a test if the client or the call says so", () => {
  const modes = [false, true].flatMap((client) =>
    [undefined, false, true].map((call) => {
      const { transport } = openTransport([], { testMode: client });
      if (client && call === false) return "refused";
      return transport.begin("a", call === undefined ? {} : { testMode: call }).testMode;
    }),
  );
  expect(modes).toEqual([false, false, true, true, "refused", true]);
});

it("a call names its user only if the account number may be shown", () => {
  const { transport } = openTransport([]);
  const subject = (identification: unknown) => transport.begin("a", undefined, identification as string).subject;
  expect(["ACC-1", "jean@dealers.example", 7, undefined].map(subject)).toEqual([
    "ACC-1",
    "[not shown]",
    undefined,
    undefined,
  ]);
});

it("a request carries token, content type, User-Agent and the caller's headers, with names in small letters", async () => {
  const { transport, sent } = openTransport([{ status: 200 }]);
  const call = transport.begin("updateUser", { headers: { "X-Trace": "1", ACCEPT: "x/y" } });
  await transport.send(PUT, call);
  await transport.send(GET, transport.begin("listCountries", undefined));
  const agent = expect.stringMatching(/^oplead-sdk\/\S+ \(node\/[\d.]+\)$/);
  const common = { authorization: "Bearer t", "user-agent": agent };
  expect(sent.map(({ headers }) => headers)).toEqual([
    { ...common, accept: "x/y", "x-trace": "1", "content-type": "application/json" },
    { ...common, accept: "application/json" },
  ]);
  expect(call.requests).toBe(1);
  expect(summaryOf(call).request).toEqual({ method: "PUT", host: "api.oplead.com", path: "/v1/users/1" });
});

it("a request for bytes accepts any type of answer, and keeps the caller's content type", async () => {
  const { transport, sent } = openTransport([{ status: 200 }]);
  const upload = { ...PUT, contentType: "image/png", binary: true, headers: { "x-own": "1" } };
  await transport.send(upload, transport.begin("raw", undefined));
  expect(sent[0]).toMatchObject({
    binary: true,
    headers: { accept: "*/*", "content-type": "image/png", "x-own": "1" },
  });
});

it("a failed attempt is repeated after its backoff, up to the number of attempts", async () => {
  const { transport, sent, clock } = openTransport([{ status: 503 }], { retry: { attempts: 3 } });
  const running = transport.send(PUT, transport.begin("updateUser", undefined));
  await clock.advance(10_000);
  expect((await running).status).toBe(503);
  expect(sent.map(({ at }) => at)).toEqual([0, 125, 375]);
  expect(clock.pending).toBe(0);
});

it("a retry does not wait if the wait would last to the deadline", async () => {
  for (const [deadlineMs, attempts] of [
    [125, 1],
    [126, 2],
  ]) {
    const { transport, sent, clock } = openTransport([{ status: 503 }, "never"]);
    const running = transport.send(PUT, transport.begin("updateUser", { deadlineMs: deadlineMs as number }));
    running.catch(() => {});
    await clock.advance(1_000);
    await running.catch(() => {});
    expect(sent).toHaveLength(attempts as number);
  }
});

it("each attempt has a timeout of its own, and an attempt that timed out is repeated until the deadline of the call is over", async () => {
  const { transport, sent, clock } = openTransport(["never"], { timeoutMs: 1_000, deadlineMs: 2_500 });
  const running = failureOf(transport.send(PUT, transport.begin("updateUser", undefined)));
  await clock.advance(2_500);
  expect(await running).toMatchObject({ code: "timeout", attempts: 3 });
  expect((await running).message).toContain("(deadlineMs)");
  expect(sent.map(({ at }) => at)).toEqual([0, 1_125, 2_375]);
});

it("the log tells the new rate after a 429, and none after other failures", async () => {
  const lines: string[] = [];
  const logger = { debug() {}, info() {}, warn: (line: string) => lines.push(line), error() {} };
  const { transport, clock } = openTransport([{ status: 503 }, { status: 429 }, { status: 200 }], { logger });
  const running = transport.send(PUT, transport.begin("updateUser", undefined));
  await clock.advance(10_000);
  await running;
  expect(lines).toHaveLength(2);
  expect(lines[0]).not.toContain("requests per second");
  expect(lines[1]).toMatch(/for now at most [\d.]+ requests per second$/);
});

it("a 429 with Retry-After delays other calls, and a connection that was refused does not", async () => {
  for (const [reply, refusedAtOnce] of [
    [{ status: 429, headers: { "retry-after": "60" } }, true],
    [refused(), false],
    [{ status: 503, headers: { "retry-after": "60" } }, false],
  ] as const) {
    const { transport, sent } = openTransport([reply, { status: 200 }], { retry: false, deadlineMs: 1_000 });
    await transport.send(PUT, transport.begin("updateUser", undefined)).catch(() => {});
    const second = transport.send(PUT, transport.begin("updateUser", undefined));
    if (refusedAtOnce) expect(await failureOf(second)).toMatchObject({ code: "rate_limited", retryAfterMs: 60_000 });
    else expect((await second).status).toBe(200);
    expect(sent).toHaveLength(refusedAtOnce ? 1 : 2);
  }
});

it("every request gives its place back, however it ends", async () => {
  for (const reply of [{ status: 200 }, { status: 429 }, { status: 503 }, refused(), "never"] as const) {
    const options = { retry: false, rateLimit: false, maxConcurrency: 1, timeoutMs: 10 } as const;
    const { transport, sent, clock } = openTransport([reply], options);
    for (let i = 1; i <= 3; i += 1) {
      const running = transport.send(PUT, transport.begin("updateUser", undefined)).catch(() => {});
      await clock.advance(5_000);
      await running;
      expect(sent).toHaveLength(i);
    }
  }
});

it("an abort by a hook keeps the request back, and the next call takes its place", async () => {
  const stop = new AbortController();
  let isFirst = true;
  const began = () => {
    if (isFirst) stop.abort("enough");
    isFirst = false;
  };
  const hooks = attempts({ began });
  const { transport, sent } = openTransport([{ status: 200 }], { hooks, maxConcurrency: 1 });
  const first = transport.send(PUT, transport.begin("updateUser", { signal: stop.signal }));
  expect(await failureOf(first)).toMatchObject({ code: "aborted", cause: "enough", attempts: 0 });
  await transport.send(PUT, transport.begin("updateUser", undefined));
  expect(sent).toHaveLength(1);
});
