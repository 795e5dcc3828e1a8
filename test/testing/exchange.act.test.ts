import { describe, expect, it } from "vitest";
import { head, region, transports } from "./helpers.ts";

describe.each(transports)("test mode through %s", (_, open) => {
  it("a call in test mode is checked and answered, and has no effect", async () => {
    const { fake, call } = await open({ users: [head()] });
    const before = [fake.users, fake.rules("NET-1")];
    const created = await call("POST", "/v1/users?test=true", region());
    expect([created.status, created.json.accountNumber]).toEqual([201, "REG-1"]);
    expect((await call("PUT", "/v1/users/NET-1?test=true", head({ lastname: "X" }))).json.lastname).toBe("X");
    expect((await call("PUT", "/v1/users/NET-1/rule/max-distance?test=true", { maxDistance: 1 })).status).toBe(200);
    expect([fake.users, fake.rules("NET-1")]).toEqual(before);

    for (const path of [`/v1/users/${created.json.id}?test=true`, "/v1/users/REG-1/rule/max-distance?test=true"]) {
      expect((await call("PUT", path, region())).status).toBe(404);
    }
    expect((await call("POST", "/v1/users?test=true", head())).status).toBe(409);
    expect((await call("POST", "/v1/users?test=true", {})).status).toBe(422);
    expect(fake.requests.every((request) => request.testMode && !request.acted)).toBe(true);
  });

  it.each(["test=false", "test=1", "test", "test=TRUE", "Test=true", "test=true&test=false"])(
    "the query %s does not turn test mode on",
    async (query) => {
      const { fake, call } = await open();
      await call("POST", `/v1/users?${query}`, head());
      expect(fake.users).toHaveLength(1);
      expect(fake.requests[0]).toMatchObject({ testMode: false, acted: true });
    },
  );
});

describe.each(transports)("requests that the fake refuses through %s", (_, open) => {
  it.each([
    ["an unknown path", "GET", "/v1/nothing", undefined, 404],
    ["no identification", "PUT", "/v1/users/", head(), 404],
    ["an unknown rule", "PUT", "/v1/users/NET-1/rule/nothing", [], 404],
    ["a wrong method", "DELETE", "/v1/users/NET-1", undefined, 405],
    ["a GET of a user, which is not documented", "GET", "/v1/users/NET-1", undefined, 405],
    ["broken JSON", "POST", "/v1/users", '{"civility":', 400],
    ["no body", "POST", "/v1/users", undefined, 400],
    ["a malformed path", "PUT", "/v1/users/%E0%A4%A", head(), 404],
  ])("the fake refuses %s", async (_case, method, path, body, status) => {
    const { fake, call } = await open({ users: [head()] });
    const before = fake.users;
    const answer = await call(method, path, body);
    expect([answer.status, answer.json.code]).toEqual([status, status]);
    if (status === 405) expect(answer.headers.get("allow")).toBe("PUT");
    expect(fake.users).toBe(before);
    expect(fake.requests[0]).toMatchObject({ method, path, status, acted: false });
  });

  it("a request with the token in a header other than the configured one is answered 401", async () => {
    const { fake, call } = await open({ token: "s3cret", auth: { header: "X-AUTH-TOKEN" } });
    expect(
      (await call("GET", "/v1/types/countries", undefined, { headers: { authorization: "Bearer s3cret" } })).status,
    ).toBe(401);
    expect(
      (await call("GET", "/v1/types/countries", undefined, { headers: { "x-auth-token": "s3cret" } })).status,
    ).toBe(200);
    expect(JSON.stringify(fake.requests)).not.toContain("s3cret");
  });
});
