import { describe, expect, it } from "vitest";
import { calls, connect, failure, json, serve, ways } from "../support/servers.ts";

describe.each(ways)("with requests sent through %s", (_name, way) => {
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
