import { describe, expect, it } from "vitest";
import { calls, connect, failure, json, serve, timed, ways } from "../support/servers.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

const inMs = (ms: number) => ((Date.now() + ms) / 1000).toFixed(3);
// The server is three hours ahead.
const theirDate = (ms: number) => new Date(Date.now() + 3 * 3_600_000 + ms).toUTCString();

const FORMS: [form: string, status: number, headers: () => Record<string, string>, ms: number][] = [
  ["Retry-After in seconds", 429, () => ({ "retry-after": "0.25" }), 250],
  ["Retry-After of a 503", 503, () => ({ "retry-after": "0.25" }), 250],
  ["RateLimit-Reset in seconds", 429, () => ({ "ratelimit-reset": "0.25" }), 250],
  ["X-RateLimit-Retry-After in seconds", 429, () => ({ "x-ratelimit-retry-after": "0.25" }), 250],
  ["X-RateLimit-Retry-After as a Unix time", 429, () => ({ "x-ratelimit-retry-after": inMs(250) }), 250],
  ["a date, by the server's clock", 503, () => ({ date: theirDate(0), "retry-after": theirDate(7_000) }), 7_000],
];

it.each(FORMS)(
  "a request is repeated at the time that the answer asks for (%s), and not much later",
  async (_form, status, headers, ms) => {
    useVirtualTime();
    const sentAt: number[] = [];
    const fetch = async () => {
      const nth = sentAt.push(performance.now());
      return Response.json({ id: "1" }, nth === 1 ? { status, headers: headers() } : {});
    };
    await calls.PUT(connect("http://oplead.test", { fetch }));
    expect(sentAt).toHaveLength(2);
    const gap = (sentAt[1] ?? 0) - (sentAt[0] ?? 0);
    expect(gap).toBeGreaterThanOrEqual(ms - 1);
    expect(gap).toBeLessThan(ms + 50);
  },
);

describe.each(ways)("with requests sent through %s", (_name, way) => {
  it.each([429, 503])("a call ends at once if a %d asks for more time than its deadline leaves", async (status) => {
    const server = await serve((response) => json(response, status, {}, { "retry-after": "3600" }));
    const call = calls.PUT(connect(server.url, way));
    expect(await timed(call)).toBeLessThan(8_000);
    const error = await failure(call);
    expect(error).toMatchObject({ status, retryAfterMs: 3_600_000, requests: 1, retryable: true });
    expect(server.seen).toHaveLength(1);
  });

  it("a 429's pause delays every other call of the client, or fails it at once if its deadline is sooner", async () => {
    const server = await serve((response, _request, nth) =>
      json(response, nth === 1 ? 429 : 200, { id: "1" }, nth === 1 ? { "retry-after": "30" } : {}),
    );
    const oplead = connect(server.url, { ...way, deadlineMs: 10_000 });
    await failure(calls.PUT(oplead));
    const began = performance.now();
    for (const method of ["POST", "PUT", "GET"] as const) {
      const error = await failure(calls[method](oplead));
      expect(error).toMatchObject({ code: "rate_limited", requests: 0, retryable: true });
      expect(error.retryAfterMs).toBeGreaterThan(20_000);
      expect(error.retryAfterMs).toBeLessThanOrEqual(30_000);
    }
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(server.seen).toHaveLength(1);

    await calls.PUT(connect(server.url, way));
    expect(server.seen).toHaveLength(2);
  });
});
