import { describe, expect, it } from "vitest";
import { head, transports } from "./helpers.ts";

describe.each(transports)("answers through %s", (_, open) => {
  it.each([400, 403, 404, 429, 502, 503, 504])(
    "a fault with { gateway: %i } answers with nginx's HTML page, without Oplead's request id",
    async (gateway) => {
      const { fake, call } = await open();
      fake.fail({ on: "createUser", as: { gateway } });
      const { status, headers, text } = await call("POST", "/v1/users", head());
      expect(status).toBe(gateway);
      expect(headers.get("server")).toBe("nginx");
      expect(headers.get("content-type")).toBe("text/html");
      expect(headers.get("x-request-id")).toBeNull();
      expect(text).toContain(`<center><h1>${gateway} `);
      expect(text).toContain("<hr><center>nginx</center>");
      expect(fake.users).toEqual([]);
      expect(fake.requests[0]).toMatchObject({ status: gateway, fault: { gateway }, acted: false });
    },
  );

  it("an empty gateway page has neither body nor content type, and can say when the client may send again", async () => {
    const { fake, call } = await open();
    fake.fail({ as: { gateway: 404, page: "empty", retryAfter: 0 } });
    const { status, headers, text } = await call("PUT", "/v1/users/NET-1", head());
    expect([status, text, headers.get("server"), headers.get("content-type"), headers.get("retry-after")]).toEqual([
      404,
      "",
      "nginx",
      null,
      "0",
    ]);
  });
});
