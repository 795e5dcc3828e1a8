import { expect, it } from "vitest";
import { mayHaveActed } from "../../src/transport/failures.ts";
import { failureOf } from "../support/failure.ts";
import { openTransport, type Reply } from "../support/open-transport.ts";

const PUT = { method: "PUT", url: "https://api.oplead.com/v1/users/1", body: "{}" };

function openLeased(replies: Reply[], endsAt: number, options = {}) {
  const opened = openTransport(replies, options);
  const lease = { endsAt };
  const begin = () =>
    opened.transport.begin("updateUser", undefined, "ACC-1", { leaseLeftMs: () => lease.endsAt - opened.clock.now() });
  return { ...opened, lease, begin };
}

it("a process that stood still past its lease sends none of the requests that waited", async () => {
  const { transport, clock, sent, begin } = openLeased([{ status: 200 }], 30_000, {
    rateLimit: { requests: 2, perMs: 1_000 },
  });
  const calls = Array.from({ length: 6 }, () => failureOrAnswer(transport.send(PUT, begin())));
  await clock.advance(0);
  expect(sent).toHaveLength(2);
  clock.sleep(40_000);
  await clock.advance(10_000);
  expect(sent).toHaveLength(2);
  const outcomes = await Promise.all(calls);
  expect(outcomes.slice(0, 2)).toEqual(["answer", "answer"]);
  for (const outcome of outcomes.slice(2)) {
    expect(outcome).toMatchObject({ code: "aborted", retryable: true, requests: 0 });
  }
});

const failureOrAnswer = (sending: Promise<unknown>) =>
  sending.then(
    () => "answer",
    (error: unknown) => error,
  );

it("an attempt in flight when the lease, renewed or not, ends is aborted, and Oplead may have acted", async () => {
  const { transport, clock, lease, begin } = openLeased(["never"], 5_000);
  const failing = failureOf(transport.send(PUT, begin()));
  lease.endsAt = 8_000;
  await clock.advance(7_999);
  expect(clock.pending).toBe(1);
  await clock.advance(1);
  const error = await failing;
  expect(error).toMatchObject({ code: "aborted", retryable: true, requests: 1 });
  expect(error.message).toContain("lease");
  expect(mayHaveActed(error)).toBe(true);
  expect(clock.pending).toBe(0);
});
