import { expect, it } from "vitest";
import { createOplead, type SharedRate, type SharedRateRequest } from "../../../src/index.ts";
import { failureOf } from "../../support/failure.ts";
import { connect, json, serve } from "../../support/servers.ts";
import { user } from "../../support/users.ts";

interface Told {
  readonly rate: SharedRate;
  readonly requests: SharedRateRequest[];
  readonly ends: (string | number)[];
}

/** A shared rate that gives every turn at once and writes down what it is told. */
function sharedRate(refusal?: { reason: "paused"; forMs: number }): Told {
  const requests: SharedRateRequest[] = [];
  const ends: (string | number)[] = [];
  const rate: SharedRate = {
    ...{ requests: 50, perMs: 1000, perSecond: 50 },
    async acquire(request) {
      requests.push(request);
      return (
        refusal ?? {
          accepted: () => void ends.push("accepted"),
          unsent: () => void ends.push("unsent"),
          refused: (pauseMs) => void ends.push(pauseMs),
        }
      );
    },
  };
  return { rate, requests, ends };
}

it("asks a shared rate before every request and tells it how each one ended", async () => {
  const server = await serve((response, _request, nth) => {
    if (nth === 1) json(response, 429, { message: "slow down" }, { "retry-after": "0" });
    else json(response);
  });
  const { rate, requests, ends } = sharedRate();
  const signal = new AbortController().signal;
  await connect(server.url, { rateLimit: rate }).updateUser("1", user(1), { signal, deadlineMs: 5_000 });
  expect(server.seen).toHaveLength(2);
  expect(requests).toHaveLength(2);
  expect(requests[0]?.signal).toBe(signal);
  expect(requests[0]?.withinMs).toBeGreaterThan(4_000);
  expect(requests[0]?.withinMs).toBeLessThanOrEqual(5_000);
  expect(ends).toEqual([0, "accepted"]);
});

it("sends nothing if a shared rate is paused beyond the deadline", async () => {
  const server = await serve((response) => json(response));
  const { rate } = sharedRate({ reason: "paused", forMs: 60_000 });
  const error = await failureOf(connect(server.url, { rateLimit: rate }).updateUser("1", user(1)));
  expect(error.code).toBe("rate_limited");
  expect(server.seen).toHaveLength(0);
});

it("refuses a rate limit that is neither numbers nor a shared rate", () => {
  expect(() => createOplead({ token: "t", rateLimit: { requests: 1 } as never })).toThrow("rateLimit.perMs");
});
