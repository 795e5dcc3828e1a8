import { describe, expect, it } from "vitest";
import { head, region, transports, without } from "../helpers.ts";

describe.each(transports)("the profile hierarchy through %s", (_, open) => {
  it("A parent may be named by accountNumber and by id.", async () => {
    const { fake, call } = await open({ users: [head()] });
    expect((await call("POST", "/v1/users", region())).status).toBe(201);
    const parentUserIdentifier = fake.user("NET-1")?.id;
    expect((await call("PUT", "/v1/users/REG-1", region({ parentUserIdentifier }))).status).toBe(200);
  });

  it.each([
    ["an unknown profile", head({ profile: { code: "PRF_NONE" } }), "profile.code"],
    ["an unknown parent", region({ parentUserIdentifier: "NOBODY" }), "parentUserIdentifier"],
    ["no parent where the profile needs one", without(region(), "parentUserIdentifier"), "parentUserIdentifier"],
    ["a parent that is null", region({ parentUserIdentifier: null }), "parentUserIdentifier"],
    ["a parent of the wrong profile", region({ profile: { code: "PRF_DEALER" } }), "parentUserIdentifier"],
  ])("A user with %s is refused with 422.", async (_case, user, field) => {
    const { fake, call } = await open({ users: [head()] });
    const { status, json } = await call("POST", "/v1/users", user);
    expect([status, json.errors[0].field]).toEqual([422, field]);
    expect(fake.users).toHaveLength(1);
  });

  it("If the profiles have no hierarchy, any parent is accepted, except the user itself.", async () => {
    const profiles = [{ code: "A", label: "A" }];
    const users = [head({ profile: { code: "A" } })];
    const { call } = await open({ profiles, users });
    const child = (parentUserIdentifier: string) =>
      head({ accountNumber: "X", profile: { code: "A" }, parentUserIdentifier });
    expect((await call("POST", "/v1/users", child("NET-1"))).status).toBe(201);
    expect((await call("PUT", "/v1/users/X", child("X"))).status).toBe(422);
  });
});
