import { describe, expect, it } from "vitest";
import { head, transports } from "./helpers.ts";

describe.each(transports)("rules through %s", (_, open) => {
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

  it.each(good)(
    "a PUT of the rule %s finds its user by id and accountNumber, and replaces the whole rule",
    async (name, segment, body) => {
      const { fake, call } = await open({ users: [head()] });
      const id = fake.user("NET-1")?.id ?? "";
      expect(fake.rules("NET-1")).toEqual({});
      const answer = await call("PUT", `/v1/users/NET-1/rule/${segment}`, body);
      expect([answer.status, answer.json]).toEqual([200, { id, [name]: body }]);
      expect(fake.rules(id)).toEqual({ [name]: body });

      const other = { geographical: { handledCountries: [] }, maxDistance: { maxDistance: 0 } }[name] ?? [];
      await call("PUT", `/v1/users/${id}/rule/${segment}`, other);
      expect(fake.rules("NET-1")).toEqual({ [name]: other });
    },
  );

  it.each(good)(
    "the rule %s is refused for an unknown user, in a wrong shape, and if it is disabled",
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
});

describe.each(transports)("reference data through %s", (_, open) => {
  it("the fake lists profiles and countries, and gives a country with its counties", async () => {
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

  it("the options profiles and countries replace the profiles and countries that the fake has by default", async () => {
    const countries = [{ code: "LU", label: "Luxembourg", counties: [] }];
    const { call } = await open({ countries, profiles: [{ code: "P", label: "P" }] });
    expect((await call("GET", "/v1/types/country/LU")).json).toEqual(countries[0]);
    expect((await call("GET", "/v1/settings/user-profiles")).json).toEqual([{ code: "P", label: "P" }]);
  });
});
