import { describe, expect, it, vi } from "vitest";
import { calls, connect, failure, json, serve, timed, ways } from "../support/servers.ts";
import { user } from "../support/users.ts";

const inMs = (ms: number): string => ((Date.now() + ms) / 1000).toFixed(3);
// The server is three hours ahead.
const theirDate = (ms: number): string => new Date(Date.now() + 3 * 3_600_000 + ms).toUTCString();

const FORMS: [form: string, status: number, headers: () => Record<string, string>, ms: number][] = [
  ["Retry-After in seconds", 429, () => ({ "retry-after": "0.25" }), 250],
  ["Retry-After of a 503", 503, () => ({ "retry-after": "0.25" }), 250],
  ["RateLimit-Reset in seconds", 429, () => ({ "ratelimit-reset": "0.25" }), 250],
  ["X-RateLimit-Retry-After in seconds", 429, () => ({ "x-ratelimit-retry-after": "0.25" }), 250],
  ["X-RateLimit-Retry-After as a Unix time", 429, () => ({ "x-ratelimit-retry-after": inMs(250) }), 250],
  ["a date, by the server's clock", 503, () => ({ date: theirDate(0), "retry-after": theirDate(1_000) }), 1_000],
];

it("waits as long as it is asked to, in whatever form, and not much longer", async () => {
  const gaps = FORMS.flatMap(([form, status, headers, ms]) =>
    ways.map(async ([name, way]) => {
      const server = await serve((response, _request, nth) => {
        // Its seconds are too coarse for this test.
        response.sendDate = false;
        json(response, nth === 1 ? status : 200, { id: "1" }, nth === 1 ? headers() : {});
      });
      await calls.PUT(connect(server.url, way));
      expect(server.seen).toHaveLength(2);
      return { case: `${form}, ${name}`, ms, gap: (server.seen[1]?.at ?? 0) - (server.seen[0]?.at ?? 0) };
    }),
  );
  for (const { ms, gap, ...one } of await Promise.all(gaps)) {
    expect({ ...one, ms, gap, fits: gap > ms - 10 && gap < ms + 1_500 }).toMatchObject({ fits: true });
  }
});

describe.each(ways)("through %s", (_name, way) => {
  it("takes the end of a rate limit's window for a wait only after a 429", async () => {
    // Many servers send these with every answer.
    const headers = { "ratelimit-reset": "3600", "x-ratelimit-retry-after": "3600" };
    const server = await serve((response, _request, nth) =>
      json(response, nth === 1 ? 503 : 200, { id: "1" }, headers),
    );
    await calls.PUT(connect(server.url, way));
    expect(server.seen).toHaveLength(2);
  });

  it.each([429, 503])("gives up at once when a %d asks for more than the deadline leaves", async (status) => {
    const server = await serve((response) => json(response, status, {}, { "retry-after": "3600" }));
    const call = calls.PUT(connect(server.url, way));
    expect(await timed(call)).toBeLessThan(2_000);
    const error = await failure(call);
    expect(error).toMatchObject({ status, retryAfterMs: 3_600_000, attempts: 1, retryable: true });
    expect(server.seen).toHaveLength(1);
  });

  it("keeps every other call of the client back as well, or fails it at once where it cannot wait", async () => {
    const server = await serve((response, _request, nth) =>
      json(response, nth === 1 ? 429 : 200, { id: "1" }, nth === 1 ? { "retry-after": "30" } : {}),
    );
    const oplead = connect(server.url, { ...way, deadlineMs: 10_000 });
    await failure(calls.PUT(oplead));
    const began = performance.now();
    for (const method of ["POST", "PUT", "GET"] as const) {
      const error = await failure(calls[method](oplead));
      expect(error).toMatchObject({ code: "rate_limited", attempts: 0, retryable: true });
      expect(error.retryAfterMs).toBeGreaterThan(20_000);
      expect(error.retryAfterMs).toBeLessThanOrEqual(30_000);
    }
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(server.seen).toHaveLength(1);

    // Another client has nothing to do with it.
    await calls.PUT(connect(server.url, way));
    expect(server.seen).toHaveLength(2);
  });
});

it("sends nothing during the pause, and one request after the other at the rate afterwards", async () => {
  // Both at once, since they mostly wait.
  const through = async ([, way]: (typeof ways)[number]) => {
    let answered = 0;
    const server = await serve((response, _request, nth) => {
      if (nth === 1) answered = performance.now();
      json(response, nth === 1 ? 429 : 200, { id: "1" }, nth === 1 ? { "retry-after": "0.3" } : {});
    });
    const onRetry = vi.fn();
    const oplead = connect(server.url, { ...way, rateLimit: { requests: 40, perMs: 1_000 }, hooks: { onRetry } });
    const first = oplead.updateUser("0", user(0));
    await vi.waitFor(() => expect(onRetry).toHaveBeenCalledOnce(), { interval: 1 });
    await Promise.all([first, ...Array.from({ length: 8 }, (_, i) => oplead.updateUser(String(i + 1), user(i + 1)))]);

    const after = server.seen.slice(1).map(({ at }) => at - answered);
    expect(after).toHaveLength(9);
    expect(Math.min(...after)).toBeGreaterThan(295);
    // Eight gaps of 25 ms, of which a late timer may take one.
    expect(Math.max(...after) - Math.min(...after)).toBeGreaterThan(170);
    // Who was there first comes first.
    expect(server.seen[1]?.url).toBe("/v1/users/0");
  };
  await Promise.all(ways.map(through));
});

it("many calls that meet a limit at once get few 429s", async () => {
  // Both at once, since they mostly wait.
  const through = async ([, way]: (typeof ways)[number]) => {
    // A bucket of 4, one more every 10 ms, as strict servers have it.
    let tokens = 4;
    let filledAt = performance.now();
    let refused = 0;
    const server = await serve((response) => {
      const now = performance.now();
      tokens = Math.min(4, tokens + (now - filledAt) / 10);
      filledAt = now;
      if (tokens >= 1) {
        tokens -= 1;
        json(response);
      } else {
        refused += 1;
        json(response, 429, {}, { "retry-after": "0.02" });
      }
    });
    const oplead = connect(server.url, { ...way, maxConcurrency: 32 });
    await Promise.all(Array.from({ length: 50 }, (_, i) => oplead.updateUser(String(i), user(i))));
    expect(server.seen.length).toBe(50 + refused);
    // Going on as before after each pause would cost ten times as many, and calls that run out of attempts.
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(150);
  };
  await Promise.all(ways.map(through));
});
