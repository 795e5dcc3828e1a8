import { describe, expect, it } from "vitest";
import { createOplead } from "../../src/index.ts";
import { operationNames } from "../../src/testing/api.ts";
import { createFakeOplead, type FakeOperation } from "../../src/testing/index.ts";
import { findViolations, type RequestCheck, type RequestToCheck } from "../../src/testing/strict.ts";
import { head, region, transports } from "./helpers.ts";

describe.each(transports)("a fake reached through %s", (_, open) => {
  it.each<[string, string, string, unknown, RequestInit | undefined, string]>([
    [
      "a field that is missing",
      "POST",
      "/v1/users",
      { ...head(), address: { city: "Ain", country: { code: "FR" } } },
      undefined,
      "body/address must have required property 'zipCode'",
    ],
    [
      "an optional field that is misspelt",
      "PUT",
      "/v1/users/NET-1",
      { ...head(), firtsname: "Zoé" },
      undefined,
      'body must NOT have "firtsname", which the document does not name; "firstname" is meant',
    ],
    [
      "a misspelt field of the address",
      "POST",
      "/v1/users",
      { ...head(), address: { ...head().address, streat: "1 rue de la Paix" } },
      undefined,
      'body/address must NOT have "streat", which the document does not name; "street" is meant',
    ],
    ["test mode misspelt", "POST", "/v1/users?tset=true", head(), undefined, 'query must NOT have "tset"'],
    ["test mode with another value", "POST", "/v1/users?test=1", head(), undefined, "query/test must be true or false"],
    [
      "names of Object.prototype",
      "POST",
      "/v1/users?constructor=1",
      head(),
      undefined,
      'query must NOT have "constructor"',
    ],
    ["no body", "POST", "/v1/users", undefined, undefined, "body must not be empty"],
    [
      "a body where the operation takes none",
      "PUT",
      "/v1/types/countries",
      {},
      undefined,
      "The fake has no PUT /v1/types/countries.",
    ],
    ["a body that is no JSON", "POST", "/v1/users", "{oops", undefined, "body must be JSON"],
    [
      "another content type",
      "POST",
      "/v1/users",
      head(),
      { headers: { "content-type": "text/plain" } },
      "content-type must be application/json",
    ],
    [
      "an unknown path",
      "GET",
      "/v1/leads",
      undefined,
      undefined,
      "The fake has no GET /v1/leads. It answers: POST /v1/users,",
    ],
    ["an unknown method", "DELETE", "/v1/users/NET-1", undefined, undefined, "The fake has no DELETE /v1/users/NET-1."],
  ])("a strict fake refuses %s", async (_case, method, path, body, init, words) => {
    const { fake, call } = await open({ strict: true, users: [head()] });
    const before = fake.users;
    const { status, json } = await call(method, path, body, init);
    expect([status, json.errors[0].message]).toEqual([400, expect.stringContaining(words)]);
    expect(fake.users).toBe(before);
    expect(fake.requests[0]).toMatchObject({ status: 400, acted: false, violations: [expect.stringContaining(words)] });
    expect(() => fake.assertConforms()).toThrow(words);
  });

  it("a strict fake lets conforming requests through, even those that Oplead refuses", async () => {
    const { fake, call } = await open({ strict: true, users: [head()] });
    expect((await call("POST", "/v1/users?test=false", region())).status).toBe(201);
    expect((await call("PUT", "/v1/users/NOBODY?test=true", head())).status).toBe(404);
    expect((await call("POST", "/v1/users", head())).status).toBe(409);
    expect((await call("POST", "/v1/users", head({ civility: "" }))).status).toBe(422);
    expect((await call("GET", "/v1/types/country/FR", undefined, { headers: { authorization: "" } })).status).toBe(401);
    const type = { headers: { "content-type": "Application/JSON; charset=utf-8" } };
    expect((await call("PUT", "/v1/users/NET-1/rule/max-distance", { maxDistance: 1 }, type)).status).toBe(200);
    fake.assertConforms();
  });
});

const table = {
  listCountries: { query: { page: { required: true } }, types: [], bodyRequired: false, fields: {} },
  createUser: { query: {}, types: ["application/json", "text/csv"], bodyRequired: false, fields: {} },
} as unknown as Record<FakeOperation, RequestCheck>;
const find = (operation: FakeOperation, rest: Partial<RequestToCheck>) => {
  const request = { method: "GET", path: "/", operation, query: {}, headers: {}, text: "" };
  return findViolations({ ...request, ...rest }, table).map(({ message }) => message);
};

it("strict mode checks required parameters, optional and forbidden bodies, and several content types", () => {
  expect(find("listCountries", {})).toEqual(['query must have required parameter "page"']);
  expect(find("listCountries", { query: { page: "any" } })).toEqual([]);
  expect(find("listCountries", { query: { page: "" }, text: "{}", body: {} })).toEqual(["body must be empty"]);
  expect(find("createUser", {})).toEqual([]);
  expect(find("createUser", { text: "{}", body: {} })).toEqual(["content-type must be application/json or text/csv"]);
  const headers = { "content-type": "application/json" };
  expect(find("createUser", { text: "{}", body: {}, headers })).toEqual([]);
});

it("assertConforms() throws if the fake is not strict", () => {
  expect(() => createFakeOplead().assertConforms()).toThrow("needs createFakeOplead({ strict: true })");
});

it("the client calls every operation in the list, and each request conforms to the document", async () => {
  const fake = createFakeOplead({ strict: true, users: [head()] });
  const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, rateLimit: false });
  const rules = { maxDistance: 30, profileTypes: ["pro"] } as const;
  const user = region();
  await oplead.upsertUser(user as never, { rules });
  await oplead.upsertUser({ ...user, accountNumber: "T" } as never, { testMode: true }).catch(() => {});
  await oplead.setRules("REG-1", {
    geographical: { handledCountries: [{ handledCountry: { code: "FR" } }] },
    competences: [{ range: { code: "RNG_A" } }],
    contactProfiles: [{ code: "CPR_A" }],
  } as never);
  await Promise.all([oplead.listCountries(), oplead.listUserProfiles(), oplead.getCountry("FR")]);
  expect(new Set(fake.requests.map(({ operation }) => operation))).toEqual(new Set(operationNames));
  fake.assertConforms();
});
