import { expect, it } from "vitest";
import { failureOf } from "../support/failure.ts";
import { openTransport } from "../support/open-transport.ts";

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
  expect(await aborted).toMatchObject({ code: "aborted", thrown: "enough" });
  const again = transport.withinCall(never, call({ signal: stop.signal })) as Promise<unknown>;
  expect(await failureOf(again)).toMatchObject({ code: "aborted" });
  await clock.advance(1_000);
  expect(await timedOut).toMatchObject({ code: "deadline" });
  expect((await timedOut).message).toContain("(deadlineMs)");
  expect(clock.pending).toBe(0);
});
