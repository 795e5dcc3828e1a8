import { afterEach, expect, it } from "vitest";
import { createOplead } from "../../src/index.ts";
import { proposePlatform, signOfTestMode } from "../../src/probe/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { FOREIGN, type ForeignOptions, foreignPlatform } from "../support/foreign-platform.ts";
import { json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

let close = async () => {};
afterEach(() => close());

async function proposed(kind?: ForeignOptions["kind"]) {
  const server = await foreignPlatform({ kind });
  close = server.close;
  const result = await proposePlatform(createOplead({ baseUrl: server.url, token: server.issue() }));
  return { server, ...result };
}

it("a probe proposes the fields and envelopes of a foreign platform, each with its evidence", async () => {
  const { server, lines } = await proposed();
  const found = Object.fromEntries(lines.map(({ line, value }) => [line, value]));
  const { fields, envelope } = FOREIGN;
  const ofUsers = Object.entries(fields).filter(
    ([field]) => !/^(?:geographical|maxDistance|competences|contact)/.test(field),
  );
  expect(found).toEqual({
    ...Object.fromEntries(ofUsers.map(([field, place]) => [`fields.${field}`, place])),
    "envelope.item": envelope.item,
    "envelope.list": envelope.list,
  });
  expect(lines.find(({ line }) => line === "fields.lastname")).toEqual({
    line: "fields.lastname",
    value: "last_name",
    isSure: true,
    evidence: "POST /v1/users?test=true (422)",
  });
  expect(server.users).toEqual([]);
  expect(server.requests.filter(({ method }) => method !== "GET").every(({ isTest }) => isTest)).toBe(true);
});

it("a probe of a platform as documented proposes nothing", async () => {
  const fake = createFakeOplead({ users: [user(1)] });
  const oplead = createOplead({ token: "fake-token", fetch: fake.fetch });
  expect((await proposePlatform(oplead, { existing: { user: user(1), rules: { maxDistance: 30 } } })).lines).toEqual(
    [],
  );
});

it("a platform that ignores test mode gets nothing that it could write", async () => {
  const { server } = await proposed("ignores test=true");
  expect(server.users).toEqual([]);
});

it("of a user that exists, a probe proposes rule paths and the name of the radius, and changes nothing", async () => {
  const { server } = await proposed();
  const client = { baseUrl: server.url, token: server.issue() };
  const known = { ...user(1), profile: { code: "HEAD" } };
  await createOplead({ ...client, platform: FOREIGN }).upsertUser(known);
  const before = server.requests.length;
  const existing = { user: known, rules: { maxDistance: 30, profileTypes: ["pro"] as const } };
  const { lines } = await proposePlatform(createOplead(client), { existing });
  expect(lines.slice(-3)).toMatchObject([
    { line: "rulePaths.maxDistance", value: FOREIGN.rulePaths.maxDistance, isSure: true },
    { line: "fields.maxDistance.maxDistance", value: "max_distance", isSure: true },
    { line: "rulePaths.profileTypes", value: FOREIGN.rulePaths.profileTypes, isSure: true },
  ]);
  const written = server.requests.slice(before).filter(({ method, isTest }) => method !== "GET" && !isTest);
  expect([written, server.rulesOf("ACC-1")]).toEqual([[], undefined]);
});

const signs = (url: string, token = "t", ways: object[] = []) =>
  signOfTestMode(createOplead({ baseUrl: url, token, retry: false, platform: FOREIGN }), ways as []);

it.each<[string, (test: string) => [status: number, body: unknown, headers?: Record<string, string>], string, number]>([
  ["accepts all bodies", () => [200, {}], "takes_anything", 1],
  ["says that it was a test", (test) => [404, {}, { "x-test-mode": test }], "shown", 1],
  ["says that it was no test", () => [404, { test: false }], "not_shown", 1],
  ["refuses a wrong value before it looks for the user", (test) => [test === "true" ? 404 : 422, {}], "shown", 2],
  ["names the wrong value", (test) => [400, { detail: test === "true" ? "no JSON" : "test: no boolean" }], "shown", 2],
  ["answers both alike", () => [400, { detail: "test your JSON" }], "not_shown", 2],
  ["answers as a gateway may, at times", (test) => [test === "true" ? 404 : 403, {}], "not_shown", 2],
  ["refuses the token", () => [401, {}], "refused", 1],
])("the sign of test mode at a platform that %s", async (_what, answer, sign, requests) => {
  const server = await serve((response, { url }) => {
    const [status, body, headers] = answer(new URL(url, "http://x").searchParams.get("test") ?? "");
    json(response, status, body, headers);
  });
  expect([await signs(server.url), server.seen.length]).toEqual([{ sign, requests }, requests]);
  expect(server.seen.map(({ method, body }) => `${method} ${body}`)).toEqual(Array(requests).fill("PUT {"));
});

it("the foreign platform shows its test mode, and one without test mode does not", async () => {
  const kinds = [undefined, "answers without ids", "ignores test=true", "accepts everything"] as const;
  for (const kind of kinds) {
    const server = await foreignPlatform({ kind });
    close = server.close;
    const hasTests = kind === undefined || kind === "answers without ids";
    expect(await signs(server.url, server.issue())).toEqual({ sign: hasTests ? "shown" : "not_shown", requests: 2 });
    expect(server.users).toEqual([]);
    await close();
  }
});

it.each([true, false])("the fake shows its test mode exactly if it has one: %s", async (value) => {
  const facts = { testModeArrives: { verdict: "refuted", value, evidence: [] } };
  const platform = { facts: { version: 2, baseUrl: "http://x", at: "", packageVersion: "", requests: 0, facts } };
  const server = await createFakeOplead({ platform: platform as never }).listen();
  close = () => server.close();
  expect(await signs(server.url, "fake-token")).toMatchObject({ sign: value ? "shown" : "not_shown" });
});

it("a field that the package does not know is proposed as one of `customFields`, for a person to decide", async () => {
  const errors = ["#/department", "#/no name"].map((pointer) => ({ pointer, detail: "is required" }));
  const server = await serve((response) => json(response, 422, { errors }));
  const { lines } = await proposePlatform(createOplead({ baseUrl: server.url, token: "t" }));
  expect(lines).toMatchObject([{ line: "customFields", value: "department", isSure: false }]);
});

it("a platform that accepts a user without fields gets one request", async () => {
  const { server, takesAnything } = await proposed("accepts everything");
  expect([takesAnything, server.requests.length]).toEqual([true, 1]);
});
