import { expect, it } from "vitest";
import { Pause } from "../../src/bullmq/worker.ts";
import { OpleadError } from "../../src/core/errors.ts";
import type { OpleadErrorCode } from "../../src/core/names.ts";

const failure = (code: OpleadErrorCode, retryAfterMs?: number) => new OpleadError(code, "It failed.", { retryAfterMs });

function begin() {
  let now = 0;
  const pause = new Pause(1_000, () => now);
  return {
    pause,
    at: (ms: number) => {
      now = ms;
    },
    failed: (key: string, error: unknown) => pause.failed(key, error, now),
  };
}

it.each([
  "unauthorized",
  "forbidden",
  "ledger_mismatch",
  "rate_limited",
  "queue_unavailable",
  "invalid_options",
] as const)("a worker pauses at the first error %s, because every user would meet that error", (code) => {
  const { pause, failed } = begin();
  expect(failed("a", failure(code))).toBe(true);
  expect(pause.isOn).toBe(true);
  expect(pause.leftMs).toBe(1_000);
});

it.each(["server_error", "timeout", "connection", "unexpected_response"] as const)(
  "a worker pauses when a second user meets the error %s and no user has succeeded in between",
  (code) => {
    const { pause, failed } = begin();
    expect(failed("a", failure(code))).toBe(false);
    expect(failed("a", failure(code))).toBe(false);
    pause.succeeded();
    expect(failed("b", failure(code))).toBe(false);
    expect(failed("a", failure(code))).toBe(true);
    expect(pause.isOn).toBe(true);
  },
);

it("a worker also pauses for other errors than OpleadErrors, such as those of `load`", () => {
  const { failed } = begin();
  expect(failed("a", new Error("ECONNREFUSED"))).toBe(false);
  expect(failed("b", new Error("ECONNREFUSED"))).toBe(true);
});

it.each(["invalid_input", "state_lost", "ledger_conflict", "aborted"] as const)(
  "a worker does not pause for the error %s, which concerns one user only",
  (code) => {
    const { pause, failed } = begin();
    for (const key of ["a", "b", "c"]) expect(failed(key, failure(code))).toBe(false);
    expect(pause.isOn).toBe(false);
  },
);

it("the waits of a paused worker double up to five minutes, and a success ends the pause", () => {
  const { pause, at, failed } = begin();
  const waits: number[] = [];
  for (let now = 0, tries = 0; tries < 12; tries += 1) {
    failed(`user ${tries}`, failure("unauthorized"));
    waits.push(pause.leftMs);
    now += pause.leftMs;
    at(now);
    expect(pause.leftMs).toBe(0);
  }
  expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(waits.slice(-3)).toEqual([300_000, 300_000, 300_000]);
  pause.succeeded();
  expect(pause.isOn).toBe(false);
  expect(failed("a", failure("unauthorized"))).toBe(true);
  expect(pause.leftMs).toBe(1_000);
});

it("users that were under way when a pause began do not make it longer", () => {
  const { pause, at } = begin();
  at(500);
  for (const key of ["a", "b", "c"]) expect(pause.failed(key, failure("unauthorized"), 100)).toBe(true);
  expect(pause.leftMs).toBe(1_000);
});

it("a Retry-After makes a pause longer, but at most five minutes", () => {
  const { pause, at, failed } = begin();
  failed("a", failure("rate_limited", 30_000));
  expect(pause.leftMs).toBe(30_000);
  at(30_000);
  failed("b", failure("rate_limited", 3_600_000));
  expect(pause.leftMs).toBe(300_000);
});
