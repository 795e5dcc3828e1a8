import { expect, it } from "vitest";
import { summaryOf } from "../../src/transport/answer.ts";
import { readOptions } from "../../src/transport/settings.ts";
import { Transport } from "../../src/transport/transport.ts";
import { failureOf } from "../support/failure.ts";
import { FakeClock } from "../support/fake-clock.ts";
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

it("a request carries token, content type, User-Agent and the caller's headers in small letters", async () => {
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

it("an attempt may take half a minute and is repeated after it, until a call has taken two minutes", async () => {
  const { transport, sent, clock } = openTransport(["never"]);
  const running = failureOf(transport.send(PUT, transport.begin("updateUser", undefined)));
  await clock.advance(119_999);
  // Waits are half of each backoff's cap.
  expect(sent.map(({ at }) => at)).toEqual([0, 30_125, 60_375, 90_875]);
  expect(clock.pending).toBeGreaterThan(0);
  await clock.advance(1);
  expect(await running).toMatchObject({ code: "deadline", requests: 4 });
  expect((await running).message).toContain("(deadlineMs)");
  expect(clock.pending).toBe(0);
});

it("a call whose deadline passed while the machine slept sends nothing", async () => {
  const { transport, sent, clock } = openTransport([{ status: 200 }]);
  const call = transport.begin("updateUser", undefined);
  clock.sleep(120_000);
  expect(await failureOf(transport.send(PUT, call))).toMatchObject({ code: "deadline", requests: 0 });
  expect(sent).toEqual([]);
});

it("two clients with one rateLimit share its turns", async () => {
  const { clock, transport } = openTransport([{ status: 200 }], { rateLimit: { requests: 1, perMs: 1_000 } });
  await transport.send(PUT, transport.begin("updateUser", undefined));
  const other = openTransport([{ status: 200 }], { rateLimit: transport.limiter });
  const running = other.transport.send(PUT, other.transport.begin("updateUser", undefined));
  await clock.advance(999);
  expect(other.sent).toEqual([]);
  await clock.advance(1);
  expect((await running).status).toBe(200);
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
