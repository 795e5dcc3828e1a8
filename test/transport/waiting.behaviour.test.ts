import { expect, it } from "vitest";
import { failureOf } from "../support/failure.ts";
import { openTransport } from "../support/open-transport.ts";

it("a wait lasts its time, and an abort ends it at once and leaves no timer", async () => {
  const { transport, clock } = openTransport([]);
  const stop = new AbortController();
  let isOver = false;
  const waiting = transport.sleep(100, transport.begin("a", { signal: stop.signal })).then(() => (isOver = true));
  await clock.advance(99);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(isOver).toBe(true);
  await waiting;

  const aborted = failureOf(transport.sleep(100, transport.begin("b", { signal: stop.signal })));
  stop.abort("enough");
  expect(await aborted).toMatchObject({ code: "aborted", operation: "b", cause: "enough" });
  expect(clock.pending).toBe(0);
  const late = failureOf(transport.sleep(100, transport.begin("c", { signal: stop.signal })));
  expect(await late).toMatchObject({ code: "aborted", operation: "c" });
  expect(clock.pending).toBe(0);
});

it("a call's wait for a shared result ends with the result, its own deadline or its own abort", async () => {
  const { transport, clock } = openTransport([]);
  const stop = new AbortController();
  const call = (options: object = {}) => transport.begin("a", { deadlineMs: 1_000, ...options });
  expect(transport.withinCall(7, call())).toBe(7);
  expect(await transport.withinCall(Promise.resolve(7), call())).toBe(7);
  await expect(transport.withinCall(Promise.reject(new Error("no")), call())).rejects.toThrow("no");
  expect(clock.pending).toBe(0);

  const never = new Promise(() => {});
  const timedOut = failureOf(transport.withinCall(never, call()) as Promise<unknown>);
  const aborted = failureOf(transport.withinCall(never, call({ signal: stop.signal })) as Promise<unknown>);
  expect(clock.pending).toBe(2);
  stop.abort("enough");
  expect(await aborted).toMatchObject({ code: "aborted", cause: "enough" });
  const again = transport.withinCall(never, call({ signal: stop.signal })) as Promise<unknown>;
  expect(await failureOf(again)).toMatchObject({ code: "aborted" });
  await clock.advance(1_000);
  expect(await timedOut).toMatchObject({ code: "deadline" });
  expect((await timedOut).message).toContain("(deadlineMs)");
  expect(clock.pending).toBe(0);
});
