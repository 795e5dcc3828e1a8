import { describe, expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { doors, head, region, without } from "./helpers.ts";

describe.each(doors)("through %s", (_, open) => {
  describe("users", () => {
    it("creates a user and gives it an id of digits", async () => {
      const { fake, call } = await open();
      const { status, json, headers } = await call("POST", "/v1/users", head({ nickname: "Zaza" }));
      expect(status).toBe(201);
      expect(json).toEqual({ ...head({ nickname: "Zaza" }), id: expect.stringMatching(/^\d+$/) });
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("x-request-id")).toMatch(/^\S+$/);
      expect(fake.users).toEqual([json]);
      expect(fake.user("NET-1")).toBe(fake.user(json.id));
    });

    it("updates a user by id and by accountNumber", async () => {
      const { fake, call } = await open();
      const { json: created } = await call("POST", "/v1/users", head());
      const byId = await call("PUT", `/v1/users/${created.id}`, head({ lastname: "Béranger" }));
      expect([byId.status, byId.json.id, byId.json.lastname]).toEqual([200, created.id, "Béranger"]);
      const byAccount = await call("PUT", "/v1/users/NET-1", head({ lastname: "Guérin" }));
      expect([byAccount.status, byAccount.json.id, byAccount.json.lastname]).toEqual([200, created.id, "Guérin"]);
      expect(fake.users).toEqual([{ ...head({ lastname: "Guérin" }), id: created.id }]);
    });

    it("replaces the whole user, but an accountNumber that is not repeated stays", async () => {
      const { fake, call } = await open({ users: [head()] });
      const id = fake.user("NET-1")?.id;
      await call("PUT", "/v1/users/NET-1", without(head(), "accountNumber", "firstname"));
      expect(fake.users).toEqual([{ ...without(head(), "firstname"), id }]);
    });

    it("finds accountNumbers that need encoding in a path", async () => {
      const { fake, call } = await open({ users: [head({ accountNumber: "A/1 é?" })] });
      expect(
        (await call("PUT", `/v1/users/${encodeURIComponent("A/1 é?")}`, head({ accountNumber: "A/1 é?" }))).status,
      ).toBe(200);
      expect(fake.requests.map((request) => request.path)).toEqual(["/v1/users/A%2F1%20%C3%A9%3F"]);
    });

    it("answers 404 to a PUT of an unknown user", async () => {
      const { fake, call } = await open();
      const { status, json } = await call("PUT", "/v1/users/NOBODY", head());
      expect([status, json.code]).toEqual([404, 404]);
      expect(fake.users).toEqual([]);
    });

    it("keeps the order of creation", async () => {
      const { fake, call } = await open();
      for (const accountNumber of ["C", "A", "B"]) await call("POST", "/v1/users", head({ accountNumber }));
      await call("PUT", "/v1/users/C", head({ accountNumber: "C", lastname: "Guérin" }));
      expect(fake.users.map((user) => user.accountNumber)).toEqual(["C", "A", "B"]);
    });

    it("lists every field that is missing or wrong", async () => {
      const { fake, call } = await open();
      const bad = { email: "nobody", civility: " ", address: { zipCode: 1000, country: {} }, accountNumber: 5 };
      const { status, json } = await call("POST", "/v1/users", bad);
      expect(status).toBe(422);
      expect(json.errors.map((error: { field: string }) => error.field).sort()).toEqual(
        [
          "accountNumber",
          "address.city",
          "address.country.code",
          "address.zipCode",
          "civility",
          "email",
          "lastname",
          "login",
          "profile.code",
        ].sort(),
      );
      expect((await call("POST", "/v1/users", [])).status).toBe(422);
      expect(fake.users).toEqual([]);
    });

    it.each(["accountNumber", "login"])("refuses a second user with the same %s", async (field) => {
      const { fake, call } = await open({ users: [head()] });
      const twin = { ...head({ accountNumber: "NET-2" }), [field]: head()[field] };
      const { status, json } = await call("POST", "/v1/users", twin);
      expect([status, json.errors[0].field]).toEqual([409, field]);

      await call("POST", "/v1/users", head({ accountNumber: "NET-2" }));
      expect((await call("PUT", "/v1/users/NET-2", twin)).status).toBe(409);
      expect(fake.users).toHaveLength(2);
      expect(fake.duplicates()).toEqual([]);
    });

    it("gives an accountNumber or login free when its user changes it", async () => {
      const { fake, call } = await open({ users: [head()] });
      await call("PUT", "/v1/users/NET-1", head({ accountNumber: "NET-2" }));
      expect(fake.user("NET-1")).toBeUndefined();
      expect((await call("POST", "/v1/users", head())).status).toBe(201);
      expect(fake.users).toHaveLength(2);
    });

    it("really leaves two users when uniqueness is off", async () => {
      const { fake, call } = await open({ uniqueAccountNumbers: false });
      const ids = [];
      for (let i = 0; i < 2; i += 1) ids.push((await call("POST", "/v1/users", head())).json.id);
      expect(fake.users.map((user) => user.id)).toEqual(ids);
      expect(fake.duplicates()).toEqual(["NET-1"]);
      expect(fake.user("NET-1")?.id).toBe(ids[0]);

      await call("PUT", `/v1/users/${ids[0]}`, head({ accountNumber: "NET-2" }));
      expect(fake.duplicates()).toEqual([]);
      expect(fake.user("NET-1")?.id).toBe(ids[1]);
    });

    it("can keep logins unique and accountNumbers not", async () => {
      const { call } = await open({ uniqueAccountNumbers: false, uniqueLogins: true });
      await call("POST", "/v1/users", head());
      expect((await call("POST", "/v1/users", head())).status).toBe(409);
      expect((await call("POST", "/v1/users", head({ login: "other" }))).status).toBe(201);
    });

    it("can answer ids as numbers", async () => {
      const { fake, call } = await open({ numericIds: true });
      const { json } = await call("POST", "/v1/users", head());
      expect(json.id).toBeTypeOf("number");
      expect(fake.users[0]?.id).toBe(String(json.id));
      const child = await call("POST", "/v1/users", region({ parentUserIdentifier: json.id }));
      expect(child.status).toBe(201);
    });
  });

  describe("the hierarchy", () => {
    it("accepts a parent by accountNumber and by id", async () => {
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
    ])("refuses %s", async (_case, user, field) => {
      const { fake, call } = await open({ users: [head()] });
      const { status, json } = await call("POST", "/v1/users", user);
      expect([status, json.errors[0].field]).toEqual([422, field]);
      expect(fake.users).toHaveLength(1);
    });

    it("lets any parent but oneself through where the profiles tell no hierarchy", async () => {
      const profiles = [{ code: "A", label: "A" }];
      const users = [head({ profile: { code: "A" } })];
      const { call } = await open({ profiles, users });
      const child = (parentUserIdentifier: string) =>
        head({ accountNumber: "X", profile: { code: "A" }, parentUserIdentifier });
      expect((await call("POST", "/v1/users", child("NET-1"))).status).toBe(201);
      expect((await call("PUT", "/v1/users/X", child("X"))).status).toBe(422);
    });
  });

  describe("rules", () => {
    const good: [string, string, unknown][] = [
      ["geographical", "geographical", { handledCountries: [{ handledCountry: { code: "BE" } }] }],
      ["maxDistance", "max-distance", { maxDistance: 30 }],
      ["competences", "competences", [{ range: { code: "RNG_A" }, requestType: { code: "RTY_A" } }]],
      ["contactProfiles", "contact-profiles", [{ code: "CPR_A" }]],
      ["profileTypes", "profile-types", ["pro", "single"]],
    ];
    const bad: Record<string, unknown[]> = {
      geographical: [
        {},
        [],
        { handledCountries: [{ handledCountry: {} }] },
        {
          handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: [{ handledCounty: { number: 75 } }] }],
        },
        {
          handledCountries: [
            {
              handledCountry: { code: "FR" },
              handledCounties: [{ handledCounty: { number: "01" }, handledPostCodeZips: [1000] }],
            },
          ],
        },
      ],
      maxDistance: [30, { maxDistance: "30" }, { maxDistance: -1 }],
      competences: [{}, [{ requestType: { code: "RTY_A" } }], [{ range: { code: "RNG_A" }, requestType: {} }]],
      contactProfiles: [{ code: "CPR_A" }, ["CPR_A"]],
      profileTypes: [["both"], '"pro"'],
    };

    it.each(good)("stores %s, by id and accountNumber, and replaces it whole", async (name, segment, body) => {
      const { fake, call } = await open({ users: [head()] });
      const id = fake.user("NET-1")?.id ?? "";
      expect(fake.rules("NET-1")).toEqual({});
      const answer = await call("PUT", `/v1/users/NET-1/rule/${segment}`, body);
      expect([answer.status, answer.json]).toEqual([200, { id, [name]: body }]);
      expect(fake.rules(id)).toEqual({ [name]: body });

      const other = { geographical: { handledCountries: [] }, maxDistance: { maxDistance: 0 } }[name] ?? [];
      await call("PUT", `/v1/users/${id}/rule/${segment}`, other);
      expect(fake.rules("NET-1")).toEqual({ [name]: other });
    });

    it.each(good)(
      "refuses %s for unknown users, in a wrong shape, and where it is disabled",
      async (name, segment, body) => {
        const { fake, call } = await open({ users: [head()] });
        expect((await call("PUT", `/v1/users/NOBODY/rule/${segment}`, body)).status).toBe(404);
        for (const wrong of bad[name] ?? []) {
          expect((await call("PUT", `/v1/users/NET-1/rule/${segment}`, wrong)).status, JSON.stringify(wrong)).toBe(422);
        }
        expect(fake.rules("NET-1")).toEqual({});
        expect(fake.rules("NOBODY")).toBeUndefined();

        const without = await open({ users: [head()], disabledRules: [name as "geographical"] });
        const refused = await without.call("PUT", `/v1/users/NET-1/rule/${segment}`, body);
        expect(refused.status).toBe(403);
        expect(refused.json.message).toContain("not enabled");
        expect(without.fake.rules("NET-1")).toEqual({});
      },
    );

    it("keeps a user's rules apart from each other and from the user", async () => {
      const { fake, call } = await open({ users: [head()] });
      for (const [, segment, body] of good) await call("PUT", `/v1/users/NET-1/rule/${segment}`, body);
      await call("PUT", "/v1/users/NET-1", head({ lastname: "Guérin" }));
      expect(fake.rules("NET-1")).toEqual(Object.fromEntries(good.map(([name, , body]) => [name, body])));
    });
  });

  describe("reference data", () => {
    it("lists profiles and countries, and gives a country with its counties", async () => {
      const { call } = await open();
      const profiles = await call("GET", "/v1/settings/user-profiles");
      expect(profiles.json.map((profile: { code: string }) => profile.code)).toEqual([
        "PRF_NETWORK",
        "PRF_REGION",
        "PRF_DEALER",
      ]);
      expect(profiles.json[2].parent).toEqual({ code: "PRF_REGION" });
      const countries = await call("GET", "/v1/types/countries");
      expect(countries.json).toEqual([
        { code: "FR", label: "France" },
        { code: "BE", label: "Belgique" },
      ]);
      const france = await call("GET", "/v1/types/country/FR");
      expect(france.json.counties.map((county: { number: string }) => county.number)).toEqual(
        expect.arrayContaining(["01", "2A", "2B", "971"]),
      );
      expect((await call("GET", "/v1/types/country/XX")).status).toBe(404);
    });

    it("can be given", async () => {
      const countries = [{ code: "LU", label: "Luxembourg", counties: [] }];
      const { call } = await open({ countries, profiles: [{ code: "P", label: "P" }] });
      expect((await call("GET", "/v1/types/country/LU")).json).toEqual(countries[0]);
      expect((await call("GET", "/v1/settings/user-profiles")).json).toEqual([{ code: "P", label: "P" }]);
    });
  });

  describe("test mode", () => {
    it("runs all the logic and has no effect", async () => {
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

    it("never gives the id of a test to a real user", async () => {
      const { call } = await open();
      const tested = await call("POST", "/v1/users?test=true", head());
      const real = await call("POST", "/v1/users", head());
      expect(real.json.id).not.toBe(tested.json.id);
    });

    it.each(["test=false", "test=1", "test", "test=TRUE", "Test=true", "test=true&test=false"])(
      "is not on with %s",
      async (query) => {
        const { fake, call } = await open();
        await call("POST", `/v1/users?${query}`, head());
        expect(fake.users).toHaveLength(1);
        expect(fake.requests[0]).toMatchObject({ testMode: false, acted: true });
      },
    );
  });

  describe("what is refused", () => {
    it.each([
      ["an unknown path", "GET", "/v1/nothing", undefined, 404],
      ["no identification", "PUT", "/v1/users/", head(), 404],
      ["an unknown rule", "PUT", "/v1/users/NET-1/rule/nothing", [], 404],
      ["a wrong method", "DELETE", "/v1/users/NET-1", undefined, 405],
      ["a GET of a user, which is not documented", "GET", "/v1/users/NET-1", undefined, 405],
      ["broken JSON", "POST", "/v1/users", '{"civility":', 400],
      ["no body", "POST", "/v1/users", undefined, 400],
      ["a malformed path", "PUT", "/v1/users/%E0%A4%A", head(), 404],
    ])("%s", async (_case, method, path, body, status) => {
      const { fake, call } = await open({ users: [head()] });
      const before = fake.users;
      const answer = await call(method, path, body);
      expect([answer.status, answer.json.code]).toEqual([status, status]);
      if (status === 405) expect(answer.headers.get("allow")).toBe("PUT");
      expect(fake.users).toBe(before);
      expect(fake.requests[0]).toMatchObject({ method, path, status, acted: false });
    });

    it("any token but the right one", async () => {
      const { fake, call } = await open();
      for (const authorization of [
        "",
        "fake-token",
        "Bearer",
        "Bearer wrong",
        "Basic fake-token",
        "Bearer fake-token2",
      ]) {
        expect((await call("POST", "/v1/users", head(), { headers: { authorization } })).status).toBe(401);
      }
      expect(
        (await call("GET", "/v1/types/countries", undefined, { headers: { authorization: "Bearer x" } })).status,
      ).toBe(401);
      expect(fake.users).toEqual([]);
      expect(
        (await call("POST", "/v1/users", head(), { headers: { authorization: "bearer fake-token" } })).status,
      ).toBe(201);
    });

    it("the token in another header than the one asked for", async () => {
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

  describe("the log", () => {
    it("has every request and what became of it", async () => {
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

    it("has no token in it, wherever it was", async () => {
      const { fake, call } = await open({ token: "s3cret" });
      for (const authorization of ["Bearer s3cret", "s3cret", "Bearer other s3cret", "Bearer wr0ng"]) {
        await call("GET", "/v1/types/countries", undefined, { headers: { authorization, "x-copy": "is s3cret" } });
      }
      expect(JSON.stringify(fake.requests)).not.toMatch(/s3cret|wr0ng/);
      expect(fake.requests[0]?.headers.authorization).toBe("Bearer ***");
    });
  });

  it("starts anew after reset()", async () => {
    const { fake, call } = await open({ users: [head()] });
    fake.fail({ as: { status: 503 }, times: 99 });
    fake.delay({ ms: 60_000, on: "GET" });
    fake.limit({ requests: 1, perMs: 60_000 });
    const before = await call("POST", "/v1/users", region());
    fake.reset();
    expect(fake.requests).toEqual([]);
    expect(fake.users.map((user) => user.accountNumber)).toEqual(["NET-1"]);
    const after = await call("POST", "/v1/users", region());
    expect(after.status).toBe(201);
    expect(after.headers.get("x-request-id")).toBe(before.headers.get("x-request-id"));
    expect((await call("GET", "/v1/types/countries")).status).toBe(200);
  });
});

describe("what the fake gives out", () => {
  it("is a picture that later calls do not change", async () => {
    const fake = createFakeOplead({ users: [head()] });
    const { users, requests } = fake;
    const user = fake.user("NET-1");
    const rules = fake.rules("NET-1");
    const init = { method: "PUT", headers: { authorization: "Bearer fake-token" } };
    await fake.fetch("https://x/v1/users/NET-1", { ...init, body: JSON.stringify(head({ lastname: "X" })) });
    await fake.fetch("https://x/v1/users/NET-1/rule/profile-types", { ...init, body: "[]" });
    expect([users[0]?.lastname, user?.lastname, requests.length, rules]).toEqual(["Lefèvre", "Lefèvre", 0, {}]);
    expect([fake.user("NET-1")?.lastname, fake.requests.length, fake.rules("NET-1")]).toEqual([
      "X",
      2,
      { profileTypes: [] },
    ]);
  });
});

describe("options.users", () => {
  it("keep the id they have and get one otherwise", () => {
    const fake = createFakeOplead({ users: [head({ id: "7" }), region()] });
    expect(fake.users.map((user) => user.id)).toEqual(["7", expect.stringMatching(/^\d+$/)]);
  });

  it("never share a generated id with a given one", async () => {
    const first = createFakeOplead({ users: [head()] }).users[0]?.id ?? "";
    const fake = createFakeOplead({ users: [head({ id: first }), region()] });
    expect(new Set(fake.users.map((user) => user.id)).size).toBe(2);
  });

  it("have ids of their own, or one of two would be gone", () => {
    const generated = createFakeOplead({ users: [head()] }).users[0]?.id ?? "";
    for (const [first, second] of [
      ["7", "7"],
      [undefined, generated],
    ]) {
      const users = [head({ id: first }), head({ id: second, accountNumber: "NET-2" })];
      expect(() => createFakeOplead({ users })).toThrow("options.users[1].id is taken");
    }
  });

  it("have ids of digits, which an answer can carry as a number", () => {
    expect(() => createFakeOplead({ users: [head({ id: "U-1" })] })).toThrow("options.users[0].id must be digits");
  });

  it("must be valid, parents first", () => {
    expect(() => createFakeOplead({ users: [region(), head()] })).toThrow(/options\.users\[0\].*parentUserIdentifier/);
  });
});
