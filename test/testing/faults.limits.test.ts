import { describe, expect, it, vi } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { caller, transports } from "./helpers.ts";

const path = "/v1/types/countries";

describe.each(transports)("429s through %s", (_, open) => {
  it.each([undefined, 0, 2, "Wed, 21 Oct 2026 07:28:00 GMT"])(
    "calls beyond the limit of those under way are answered 429 with Retry-After %j",
    async (retryAfter) => {
      const { fake, call } = await open();
      const delay = fake.delay({ ms: 60_000 });
      const limit = fake.limit({ concurrent: 4, ...(retryAfter !== undefined && { retryAfter }) });
      const underWay = Promise.allSettled(Array.from({ length: 4 }, () => call("GET", path)));
      await vi.waitFor(() => expect(fake.requests).toHaveLength(4));
      delay.remove();
      for (let i = 0; i < 3; i += 1) {
        const { status, headers } = await call("GET", path);
        expect([status, headers.get("retry-after")]).toEqual([
          429,
          retryAfter === undefined ? null : String(retryAfter),
        ]);
      }
      expect(limit.hits).toBe(3);
      fake.reset();
      await underWay;
    },
  );
});

const offline = () => {
  const fake = createFakeOplead({ now: () => 0 });
  return { fake, call: caller(fake.fetch, "https://api.oplead.com") };
};

it.each([
  ["none", null],
  ["ratelimit-reset", "3"],
  ["x-ratelimit-retry-after", "3"],
] as const)("a rate limit says in the header %s when it ends, and is removed by its handle", async (header, says) => {
  const { fake, call } = offline();
  const limit = fake.limit({ requests: 2, perMs: 5_000, burst: 1, header });
  await call("GET", path);
  const { status, headers } = await call("GET", path);
  expect([status, headers.get(header)]).toEqual([429, says]);
  for (const _twice of [1, 2]) limit.remove();
  expect((await call("GET", path)).status).toBe(200);
});

it("a limit of fewer than one concurrent call is refused", () => {
  expect(() => offline().fake.limit({ concurrent: 0 })).toThrow("concurrent must be 1 or more, not 0.");
});
