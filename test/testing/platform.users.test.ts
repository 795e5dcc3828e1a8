import { describe, expect, it } from "vitest";
import { head, region, transports, without } from "./helpers.ts";

describe.each(transports)("users through %s", (_, open) => {
  it("a PUT replaces the whole user, but keeps an accountNumber that it leaves out", async () => {
    const { fake, call } = await open({ users: [head()] });
    const id = fake.user("NET-1")?.id;
    await call("PUT", "/v1/users/NET-1", without(head(), "accountNumber", "firstname"));
    expect(fake.users).toEqual([{ ...without(head(), "firstname"), id }]);
  });

  it.each(["accountNumber", "login"])("a second user with the same %s is refused with 409", async (field) => {
    const { fake, call } = await open({ users: [head()] });
    const twin = { ...head({ accountNumber: "NET-2" }), [field]: head()[field] };
    const { status, json } = await call("POST", "/v1/users", twin);
    expect([status, json.errors[0].field]).toEqual([409, field]);

    await call("POST", "/v1/users", head({ accountNumber: "NET-2" }));
    expect((await call("PUT", "/v1/users/NET-2", twin)).status).toBe(409);
    expect(fake.users).toHaveLength(2);
    expect(fake.duplicates()).toEqual([]);
  });
});

describe.each(transports)("the profile hierarchy through %s", (_, open) => {
  it.each([
    ["an unknown profile", head({ profile: { code: "PRF_NONE" } }), "profile.code"],
    ["an unknown parent", region({ parentUserIdentifier: "NOBODY" }), "parentUserIdentifier"],
    ["no parent where the profile needs one", without(region(), "parentUserIdentifier"), "parentUserIdentifier"],
    ["a parent that is null", region({ parentUserIdentifier: null as never }), "parentUserIdentifier"],
    ["a parent of the wrong profile", region({ profile: { code: "PRF_DEALER" } }), "parentUserIdentifier"],
  ])("a user with %s is refused with 422", async (_case, user, field) => {
    const { fake, call } = await open({ users: [head()] });
    const { status, json } = await call("POST", "/v1/users", user);
    expect([status, json.errors[0].field]).toEqual([422, field]);
    expect(fake.users).toHaveLength(1);
  });
});
