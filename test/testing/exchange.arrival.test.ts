import { describe, expect, it } from "vitest";
import { head, transports } from "./helpers.ts";

describe.each(transports)("the request log through %s", (_, open) => {
  it("the fake's log has every request with its outcome", async () => {
    let time = 1_000;
    const { fake, call } = await open({ now: () => time });
    await call("POST", "/v1/users?x=%C3%A9", head(), { headers: { "x-trace": "7" } });
    time = 2_000;
    await call("PUT", "/v1/users/NOBODY", head());
    await call("GET", "/v1/types/country/FR");
    await call("POST", "/v1/users", "{oops");
    expect(fake.requests).toMatchObject([
      {
        method: "POST",
        path: "/v1/users",
        operation: "createUser",
        query: { x: "é" },
        testMode: false,
        headers: { "x-trace": "7" },
        body: head(),
        time: 1_000,
        status: 201,
        fault: undefined,
        acted: true,
      },
      { method: "PUT", operation: "updateUser", time: 2_000, status: 404, acted: false },
      { method: "GET", operation: "getCountry", status: 200, body: undefined, acted: false },
      { body: "{oops", status: 400 },
    ]);
  });

  it("the fake's log never contains the token, in whichever header it came", async () => {
    const { fake, call } = await open({ token: "s3cret" });
    for (const authorization of ["Bearer s3cret", "s3cret", "Bearer other s3cret", "Bearer wr0ng"]) {
      await call("GET", "/v1/types/countries", undefined, { headers: { authorization, "x-copy": "is s3cret" } });
    }
    expect(JSON.stringify(fake.requests)).not.toMatch(/s3cret|wr0ng/);
    expect(fake.requests[0]?.headers.authorization).toBe("Bearer ***");
  });
});
