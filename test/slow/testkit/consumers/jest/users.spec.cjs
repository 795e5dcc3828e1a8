const { createOplead } = require("oplead-sdk");
const { createFakeOplead, realCountries, signDelivery } = require("oplead-sdk/testing");

const fake = createFakeOplead({ strict: true, countries: realCountries() });
const user = {
  accountNumber: "HR-1",
  civility: "M.",
  lastname: "Lovelace",
  login: "ada",
  email: "ada@dealers.example",
  address: { zipCode: "20137", city: "Porto-Vecchio", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
};

let listener;
beforeAll(async () => {
  listener = await fake.listen();
});
afterAll(() => listener.close());
afterEach(() => {
  fake.assertConforms();
  fake.reset();
});

const doors = { fetch: () => ({ fetch: fake.fetch }), "real HTTP": () => ({ baseUrl: listener.url }) };

describe.each(Object.keys(doors))("over %s", (door) => {
  test("creates a user once, although the answer is lost", async () => {
    const oplead = createOplead({ token: "fake-token", retry: { baseMs: 1 }, ...doors[door]() });
    fake.fail({ on: "createUser", as: "reset", when: "after" });
    expect(await oplead.upsertUser(user)).toMatchObject({ outcome: "created", recovered: true });
    expect(fake.users).toHaveLength(1);
    expect((await oplead.getCountry("FR")).counties.length).toBeGreaterThan(100);
  });
});

test("says in the schema's words what is wrong", async () => {
  const response = await fetch(`${listener.url}/v1/users`, { method: "POST", body: "{}" });
  expect(response.status).toBe(400);
  expect(() => fake.assertConforms()).toThrow("content-type must be application/json");
  fake.reset();
});

test("signs deliveries", async () => {
  const request = await signDelivery({ id: 1 }, { scheme: "standardWebhooks", secrets: ["whsec_AAAA"] });
  expect(request.headers.get("webhook-signature")).toMatch(/^v1,/);
});
