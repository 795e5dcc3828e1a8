import { expect, it } from "vitest";
import type { FactName, FactValues, PlatformFacts } from "../../src/core/facts.ts";
import { createOplead, type UserRules } from "../../src/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect } from "../support/servers.ts";
import { standIn } from "../support/stand-in.ts";
import { user } from "../support/users.ts";

function factsOf(baseUrl: string, values: Partial<FactValues>) {
  const facts = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name as FactName, { verdict: "refuted", value, evidence: [] }]),
  );
  const about = { version: 2, baseUrl, at: "2026-01-31T02:15:00.000Z", packageVersion: "0.0.0", requests: 12 };
  return { ...about, facts } as unknown as PlatformFacts;
}

function warnings() {
  const lines: unknown[] = [];
  const log = (_text: string, fields: unknown) => void lines.push(fields);
  return { lines, logger: { debug() {}, info() {}, warn: log, error: log } };
}

it.each([
  ["uuid", "created"],
  ["digits", "invalid_input"],
  ["text", "invalid_input"],
] as const)("on a platform whose IDs are %s, an account number of digits only is %s", async (idType, outcome) => {
  const platform = await standIn({ ids: idType });
  const oplead = connect(platform.url, { platform: { facts: factsOf(platform.url, { idType }) } });
  const upsert = oplead.upsertUser(user(1, { accountNumber: "100001" }));
  expect(
    await upsert.then(
      (result) => result.outcome,
      ({ code }) => code,
    ),
  ).toBe(outcome);
  expect(platform.users).toHaveLength(outcome === "created" ? 1 : 0);
});

it("a client whose options or address contradict the facts is refused, and the error names both values", () => {
  const rulePaths = { maxDistance: "/v1/users/{id}/radius" };
  const facts = factsOf("https://api.oplead.com", { auth: { header: "X-API-Key" }, idField: "uuid", rulePaths });
  const other = { maxDistance: "/v1/users/{id}/km" };
  const platform = { auth: "bearer", fields: { id: "id" }, rulePaths: other, facts };
  const options = { token: "t", baseUrl: "https://other.example", platform };
  expect(() => createOplead(options)).toThrowError(
    expect.objectContaining({
      code: "invalid_options",
      issues: [
        expect.objectContaining({ path: "platform.facts.baseUrl", code: "facts_of_other_platform" }),
        expect.objectContaining({ path: "platform.auth", message: expect.stringMatching(/"bearer".*"X-API-Key"/) }),
        expect.objectContaining({ path: "platform.fields.id", message: expect.stringMatching(/"id".*"uuid"/) }),
        expect.objectContaining({
          path: "platform.rulePaths.maxDistance",
          message: expect.stringMatching(/km.*radius/),
        }),
      ],
    }),
  );
  const same = { token: "t", platform: { auth: { header: "x-api-key" }, fields: { id: "uuid" }, rulePaths, facts } };
  expect(createOplead(same).testMode).toBe(false);
});

it.each([
  ["no facts", null],
  ["another version", { ...factsOf("https://api.oplead.com", {}), version: 1 }],
  [
    "a rule path that leads out of the API",
    factsOf("https://api.oplead.com", { rulePaths: { competences: "@evil.example/{id}" } }),
  ],
  ["an invalid name of a header", factsOf("https://api.oplead.com", { auth: { header: "a b" } })],
  ["no base URL", factsOf("nowhere", {})],
])("facts that hold %s are refused", (_what, facts) => {
  expect(() => createOplead({ token: "t", platform: { facts: facts as never } })).toThrowError(
    expect.objectContaining({ issues: [expect.objectContaining({ path: "platform.facts", code: "not_facts" })] }),
  );
});

it.each([
  ["facts that say that Oplead's own 404 is JSON", { notFoundForm: "json" } as const],
  ["no facts", undefined],
])(
  "a client with %s creates no second user behind a gateway that answers each PUT with an HTML 404",
  async (_what, values) => {
    const platform = await standIn({ duplicates: false });
    platform.has(user(1));
    platform.gateway.isOn = true;
    const oplead = connect(platform.url, values && { platform: { facts: factsOf(platform.url, values) } });
    const error = await failureOf(oplead.upsertUser(user(1)));
    expect(error).toMatchObject({ code: "unexpected_response", status: 404, retryable: true });
    expect([platform.users.length, platform.duplicates()]).toEqual([1, 0]);
    platform.gateway.isOn = false;
    expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "updated" });
  },
);

it("no user is created after a 404 in another form than the facts give, even if it is JSON", async () => {
  const platform = await standIn({ duplicates: false, notFound: "empty" });
  platform.has(user(1));
  Object.assign(platform.gateway, { isOn: true, form: "json" });
  const oplead = connect(platform.url, { platform: { facts: factsOf(platform.url, { notFoundForm: "empty" }) } });
  for (let times = 0; times < 3; times += 1) {
    const error = await failureOf(oplead.upsertUser(user(1)));
    expect(error).toMatchObject({ code: "unexpected_response", status: 404 });
    expect(error.message).toContain("Oplead's own 404 is empty here and this one is json");
  }
  expect(platform.users).toHaveLength(1);
  // Once a minute each, the API and another path.
  expect(platform.seen.filter(({ method }) => method === "GET")).toHaveLength(2);
});

it.each([
  ["empty", "json"],
  ["html", "json"],
  ["json", "html"],
  ["html", "empty"],
] as const)(
  "a fact that says 404s are %s, while the API's are %s, is logged once and no longer used",
  async (fact, own) => {
    const platform = await standIn({ duplicates: false, notFound: own });
    const { lines, logger } = warnings();
    const oplead = connect(platform.url, {
      platform: { facts: factsOf(platform.url, { notFoundForm: fact }) },
      logger,
    });
    await oplead.upsertUser(user(1));
    await oplead.upsertUser(user(2));
    expect(platform.users).toHaveLength(2);
    expect(lines).toEqual([{ event: "fact_doubted", fact: "notFoundForm" }]);
    if (own !== "json") return;
    Object.assign(platform.gateway, { isOn: true, form: fact });
    expect(await failureOf(oplead.upsertUser(user(1)))).toMatchObject({ code: "unexpected_response", status: 404 });
    expect(platform.duplicates()).toBe(0);
  },
);

it("updateUser sends a part of a user if the facts allow it, and otherwise refuses a part", async () => {
  const platform = await standIn({ put: "part" });
  platform.has(user(1));
  const part = { phone: "0612345678" };
  expect(await failureOf(connect(platform.url).updateUser("ACC-1", part))).toMatchObject({
    code: "invalid_input",
  });
  const oplead = connect(platform.url, { platform: { facts: factsOf(platform.url, { partialUpdate: true }) } });
  await oplead.updateUser("ACC-1", part);
  expect(platform.users[0]?.user).toMatchObject({ ...user(1), ...part });
  expect(await failureOf(oplead.updateUser("ACC-1", { email: "no" }))).toMatchObject({ code: "invalid_input" });
});

it("a platform that replaces a whole user by a part is noticed, and gets no second part", async () => {
  const platform = await standIn({ put: "anything" });
  platform.has(user(1));
  platform.has(user(2));
  const { lines, logger } = warnings();
  const facts = factsOf(platform.url, { partialUpdate: true });
  const oplead = connect(platform.url, { platform: { facts }, logger });
  await oplead.updateUser("ACC-1", { lastname: "Martin" });
  expect(lines).toEqual([{ event: "fact_doubted", fact: "partialUpdate" }]);
  expect(await failureOf(oplead.updateUser("ACC-2", { lastname: "Martin" }))).toMatchObject({ code: "invalid_input" });
  expect(platform.users[1]?.user).toEqual(user(2));
});

it("a wrong path of a rule, or one that is not disabled, is logged once, and every rule is set", async () => {
  const platform = await standIn({ rulePaths: { contactProfiles: "contact-profile" } });
  platform.has(user(1));
  const { lines, logger } = warnings();
  const rulePaths = {
    competences: "/v1/users/{id}/rule/competence",
    contactProfiles: "/v1/users/{id}/rule/contact-profile",
  };
  const facts = factsOf(platform.url, { rulePaths, "rules.contactProfiles": "disabled" });
  const oplead = connect(platform.url, { platform: { facts }, logger });
  const rules: UserRules = { competences: [{ range: { code: "RNG_A" } }], contactProfiles: [{ code: "CPR_A" }] };
  for (const requests of [3, 5]) {
    await oplead.setRules("5001", rules);
    expect(platform.seen).toHaveLength(requests);
  }
  expect(platform.users[0]?.rules).toEqual(rules);
  expect(lines).toEqual(["rulePaths", "rules.contactProfiles"].map((fact) => ({ event: "fact_doubted", fact })));
});

it("an upsert with a 404 for PUT and a duplicate for POST fails with a retryable error", async () => {
  const platform = await standIn({ duplicates: 400 });
  platform.has(user(1), {}, Date.now() + 60_000);
  const oplead = connect(platform.url, { platform: { facts: factsOf(platform.url, { duplicateStatus: 400 }) } });
  expect(await failureOf(oplead.upsertUser(user(1)))).toMatchObject({ retryable: true, contradictory: true });
});
