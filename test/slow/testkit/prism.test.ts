/** The whole client between Prism and the fake: neither may break the document. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  competences,
  contactProfiles,
  createOplead,
  geographical,
  type Oplead,
  type OpleadOptions,
  profileTypes,
  type UserInput,
} from "../../../src/index.ts";
import { realCountries } from "../../../src/testing/countries.ts";
import { createFakeOplead, type FakeListener } from "../../../src/testing/index.ts";
import { type Prism, prismMock, prismProxy } from "./prism.ts";

const head: UserInput = {
  accountNumber: "NET-1",
  civility: "Mme",
  firstname: "Zoé",
  lastname: "Lefèvre",
  login: "zoe",
  email: "zoe@dealers.example",
  phone: "+33639980001",
  mobile: "+33639980002",
  company: "Garage de l'Église",
  address: { street: "1 rue de l'Église", zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
};
const region: UserInput = {
  ...head,
  accountNumber: "A/1 é?",
  login: "region",
  profile: { code: "PRF_REGION" },
  parentUserIdentifier: "NET-1",
};
const rules = {
  geographical: geographical().country("BE").county("FR", "92").zips("FR", "01", ["01000", "01410"]),
  maxDistance: 30,
  competences: competences.pairs(["RNG_A", "RTY_A"]),
  contactProfiles: contactProfiles("CPR_A"),
  profileTypes: ["pro", "single"],
} as const;

/** An answer that passed through Prism, with Prism's verdict. */
interface Seen {
  operation: string;
  status: number;
  /** The violation that Prism reports, instead of the answer or in a header of it. */
  violation: string | undefined;
}

let seen: Seen[];
beforeEach(() => {
  seen = [];
});

function client(baseUrl: string, options: OpleadOptions = {}): Oplead {
  const watchingFetch: NonNullable<OpleadOptions["fetch"]> = async (url, init) => {
    const response = await fetch(url, init);
    const problem = response.headers.get("content-type")?.includes("problem+json");
    const violation = problem ? await response.clone().text() : (response.headers.get("sl-violations") ?? undefined);
    seen.push({ operation: `${init.method} ${new URL(url).pathname}`, status: response.status, violation });
    return response;
  };
  return createOplead({ token: "fake-token", rateLimit: false, baseUrl, fetch: watchingFetch, ...options });
}

const violations = () => seen.filter(({ violation }) => violation !== undefined);

describe("through Prism's proxy to the fake", () => {
  const fake = createFakeOplead({ strict: true, countries: realCountries() });
  let listener: FakeListener;
  let prism: Prism;
  beforeAll(async () => {
    listener = await fake.listen();
    prism = await prismProxy(listener.url);
  });
  afterAll(async () => {
    await prism?.stop();
    await listener?.close();
  });
  beforeEach(() => fake.reset());

  test.each([false, true])(
    "the whole client passes Prism's proxy without a violation (test mode: %s)",
    async (testMode) => {
      const oplead = client(prism.url, { testMode });
      const outcome = async (user: UserInput) => (await oplead.upsertUser(user, { rules })).outcome;
      expect(await outcome(head)).toBe("created");
      if (!testMode) {
        expect(await outcome(region)).toBe("created");
        expect(await outcome({ ...region, lastname: "Guérin" })).toBe("updated");
        expect(fake.rules("A/1 é?")).toMatchObject({ maxDistance: { maxDistance: 30 } });
        await oplead.updateUser("NET-1", head);
        await oplead.setRules("NET-1", {
          competences: competences.ranges("RNG_A", "RNG_B"),
          profileTypes: profileTypes.none(),
        });
      }
      await Promise.all([oplead.listUserProfiles(), oplead.listCountries()]);
      for (const code of ["FR", "BE", "LU"]) await oplead.getCountry(code);

      expect(violations()).toEqual([]);
      fake.assertConforms();
      expect(fake.users).toHaveLength(testMode ? 0 : 2);
      // POST and PUT of users, the five rules and the three reads are ten operations.
      const operations = new Set(fake.requests.map(({ operation }) => operation));
      expect(operations.size).toBe(10);
    },
  );

  test("the fake's refusals pass Prism's proxy without a violation", async () => {
    const oplead = client(prism.url, { retry: false });
    const code = (call: Promise<unknown>) =>
      call.then(
        () => "none",
        (error) => error.code,
      );
    await oplead.createUser(head);
    expect(await code(oplead.createUser(head))).toBe("conflict");
    expect(await code(oplead.updateUser("NOBODY", head))).toBe("not_found");
    expect(await code(oplead.createUser({ ...region, profile: { code: "PRF_NONE" } }))).toBe("refused");
    expect(await code(oplead.getCountry("XX"))).toBe("not_found");
    expect(await code(client(prism.url, { token: "wrong" }).listCountries())).toBe("unauthorized");
    fake.limit({ requests: 1, perMs: 3_600_000 });
    await oplead.listUserProfiles();
    expect(await code(oplead.listCountries())).toBe("rate_limited");
    expect(violations()).toEqual([]);
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([201, 409, 404, 422, 401, 200, 429]));
  });

  test("Prism's proxy notices a wrong request and a wrong answer", async () => {
    const init = { headers: { authorization: "Bearer fake-token", "content-type": "application/json" } };
    const bad = await fetch(`${prism.url}/v1/users`, { ...init, method: "POST", body: '{"civility":5}' });
    expect(await bad.text()).toContain("must have required property 'lastname'");
    expect(fake.requests).toEqual([]);
    fake.fail({ as: { status: 200, body: [{ code: 5, label: "France" }] } });
    const answer = await fetch(`${prism.url}/v1/types/countries`, init);
    expect(await answer.text()).toContain("must be string");
  });
});

describe("against Prism's mock", () => {
  let prism: Prism;
  beforeAll(async () => {
    prism = await prismMock();
  });
  afterAll(() => prism?.stop());

  test("the client works against Prism's mock", async () => {
    const oplead = client(prism.url);
    expect(await oplead.upsertUser(head, { rules })).toMatchObject({
      outcome: "updated",
      id: expect.stringMatching(/./),
      applied: ["user", ...Object.keys(rules)],
    });
    expect((await oplead.createUser(region)).id).toMatch(/./);
    expect((await oplead.createUser(region, { testMode: true })).testMode).toBe(true);
    expect((await oplead.listUserProfiles())[0]?.code).toBeTypeOf("string");
    expect((await oplead.listCountries())[0]?.code).toBe("FR");
    expect((await oplead.getCountry("FR")).counties[0]?.number).toBe("75");
    expect(violations()).toEqual([]);
  });

  test.each([
    [400, "refused"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not_found"],
    [409, "conflict"],
    [422, "refused"],
    [429, "rate_limited"],
    [500, "server_error"],
  ])("the client understands an answer of the mock with status %i", async (status, code) => {
    const headers = { prefer: `code=${status}` };
    const call = client(prism.url, { retry: false }).updateUser("NET-1", head, { headers });
    await expect(call).rejects.toMatchObject({ code, status });
    expect(violations()).toEqual([]);
  });
});
