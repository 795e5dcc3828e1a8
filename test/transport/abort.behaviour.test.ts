import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { rawClient } from "../../src/raw.ts";
import { gate } from "../support/gate.ts";
import { attempts } from "../support/hooks.ts";
import { calls, connect, failure, json, serve, sleep, timed, ways } from "../support/servers.ts";
import { user } from "../support/users.ts";

const stray: unknown[] = [];
const warnings: Error[] = [];
const onStray = (reason: unknown): number => stray.push(reason);
const onWarning = (warning: Error): number => warnings.push(warning);

beforeEach(() => {
  stray.length = 0;
  warnings.length = 0;
  process.on("unhandledRejection", onStray);
  process.on("warning", onWarning);
});

afterEach(async () => {
  // A rejection is unhandled only after its microtasks.
  await sleep(5);
  process.off("unhandledRejection", onStray);
  process.off("warning", onWarning);
  expect(stray).toEqual([]);
  expect(warnings).toEqual([]);
});

const REASON = { because: "the page was left" };

async function abortsAtOnce(call: (signal: AbortSignal) => Promise<unknown>, when: () => unknown) {
  const stop = new AbortController();
  const running = call(stop.signal);
  running.catch(() => {});
  await vi.waitFor(when, { interval: 2 });
  await sleep(5);
  stop.abort(REASON);
  expect(await timed(running)).toBeLessThan(8_000);
  const error = await failure(running);
  expect(error).toMatchObject({ name: "AbortError", code: "aborted", retryable: false });
  expect(error.thrown).toBe(REASON);
  return error;
}

describe.each(ways)("with requests sent through %s", (_name, way) => {
  it.each(["PUT", "POST", "GET"] as const)("an abort ends a %s in flight, and its connection", async (method) => {
    let closed = false;
    const server = await serve((response) => response.on("close", () => (closed = true)));
    const error = await abortsAtOnce(
      (signal) => calls[method](connect(server.url, way), { signal }),
      () => expect(server.seen).toHaveLength(1),
    );
    expect(error.requests).toBe(1);
    await vi.waitFor(() => expect(closed).toBe(true), { interval: 2 });
    expect(server.seen).toHaveLength(1);
  });

  it("an abort ends the wait between two attempts", async () => {
    const server = await serve((response) => json(response, 503, {}, { "retry-after": "60" }));
    const retried = vi.fn();
    const error = await abortsAtOnce(
      (signal) => calls.PUT(connect(server.url, { ...way, hooks: attempts({ retried }) }), { signal }),
      () => expect(retried).toHaveBeenCalledOnce(),
    );
    expect(error.requests).toBe(1);
    expect(server.seen).toHaveLength(1);
  });

  it("an abort ends the wait for the token, but not the wait of other calls", async () => {
    const server = await serve((response) => json(response));
    let give: (token: string) => void = () => {};
    const token = vi.fn(() => new Promise<string>((resolve) => (give = resolve)));
    const oplead = connect(server.url, { ...way, token });
    const patient = oplead.updateUser("2", user(2));
    await abortsAtOnce(
      (signal) => oplead.updateUser("1", user(1), { signal }),
      () => expect(token).toHaveBeenCalledOnce(),
    );
    give("late-but-good");
    await patient;
    expect(token).toHaveBeenCalledOnce();
    expect(server.seen.map(({ url }) => url)).toEqual(["/v1/users/2"]);
  });

  it("a call with an already aborted signal sends nothing, and asks for no token", async () => {
    const server = await serve((response) => json(response));
    const token = vi.fn(() => new Promise<string>(() => {}));
    const began = vi.fn();
    const oplead = connect(server.url, { ...way, token, hooks: attempts({ began }) });
    for (const method of ["PUT", "POST", "GET"] as const) {
      const call = calls[method](oplead, { signal: AbortSignal.abort(REASON) });
      expect(await timed(call)).toBeLessThan(8_000);
      const error = await failure(call);
      expect(error).toMatchObject({ code: "aborted", requests: 0 });
      expect(error.thrown).toBe(REASON);
    }
    expect(token).not.toHaveBeenCalled();
    expect(began).not.toHaveBeenCalled();
    expect(server.seen).toHaveLength(0);
  });

  it("one signal serves a hundred calls without a warning, and no listener is left", async () => {
    const held: ServerResponse[] = [];
    const server = await serve((response, _request, nth) => (nth > 30 ? held.push(response) : json(response)));
    const oplead = connect(server.url, { ...way, maxConcurrency: 20 });
    const raw = rawClient(oplead);
    const stop = new AbortController();
    const { signal } = stop;
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    const running = numbers.flatMap((i) => [
      oplead.updateUser(String(i), user(i), { signal }),
      raw.GET("/v1/types/country/{code}", { params: { path: { code: "FR" } }, signal }),
    ]);
    await vi.waitFor(() => expect(server.seen.length).toBeGreaterThan(30), { interval: 1 });
    const listening = getEventListeners(signal, "abort").length;
    const answering = setInterval(() => held.splice(0).forEach((response) => void json(response)), 1);
    onTestFinished(() => clearInterval(answering));
    await Promise.all(running);
    expect(server.seen).toHaveLength(100);
    expect([listening, getEventListeners(signal, "abort").length]).toEqual([1, 1]);
  });
});

describe("a fetch that does not listen to its signal", () => {
  const deaf: [name: string, fetch: () => Promise<Response>][] = [
    ["never answers", () => new Promise(() => {})],
    ["never ends its body", async () => new Response(new ReadableStream({}))],
    ["fails after all calls have ended", () => late.opened.then(() => Promise.reject(new Error("too late")))],
    ["answers after all calls have ended", () => late.opened.then(() => Response.json({ id: "1" }))],
  ];
  let late = gate();
  beforeEach(() => {
    late = gate();
  });

  it.each(deaf)("an abort ends a call whose fetch ignores its signal and %s", async (_name, fetch) => {
    const spy = vi.fn(fetch);
    await abortsAtOnce(
      (signal) => calls.PUT(connect("http://127.0.0.1:1", { fetch: spy }), { signal }),
      () => expect(spy).toHaveBeenCalledOnce(),
    );
    late.open();
  });
});
