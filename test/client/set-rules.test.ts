import { afterEach, beforeEach, expect, it } from "vitest";
import {
  competences,
  contactProfiles,
  geographical,
  maxDistance,
  type Oplead,
  type OpleadOptions,
  profileTypes,
  type UserRules,
} from "../../src/index.ts";
import { createFakeOplead, type FakeListener, type FakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect as connectTo } from "../support/servers.ts";
import { user } from "../support/users.ts";

let fake: FakeOplead;
let server: FakeListener;
beforeEach(async () => {
  fake = createFakeOplead({ disabledRules: [] });
  server = await fake.listen();
});
afterEach(() => server.close());

const connect = (options: OpleadOptions = {}): Oplead =>
  connectTo(server.url, {
    retry: { attempts: 2, baseMs: 1 },
    ...options,
  });

const ALL: UserRules = {
  geographical: geographical().zips("FR", "75", ["75001", "75002"]),
  maxDistance: 30,
  competences: competences.pairs(["RNG_XXX", "RTY_XXX"], ["RNG_YYY", "RTY_YYY"]),
  contactProfiles: contactProfiles("CPR_XXX", "CPR_YYY"),
  profileTypes: profileTypes("pro", "single"),
};

const GUIDE = {
  geographical: {
    handledCountries: [
      {
        handledCountry: { code: "FR" },
        handledCounties: [{ handledCounty: { number: "75" }, handledPostCodeZips: ["75001", "75002"] }],
      },
    ],
  },
  maxDistance: { maxDistance: 30 },
  competences: [
    { range: { code: "RNG_XXX" }, requestType: { code: "RTY_XXX" } },
    { range: { code: "RNG_YYY" }, requestType: { code: "RTY_YYY" } },
  ],
  contactProfiles: [{ code: "CPR_XXX" }, { code: "CPR_YYY" }],
  profileTypes: ["pro", "single"],
};

const rulesSent = (): string[] =>
  fake.requests.filter(({ path }) => path.includes("/rule/")).map(({ path }) => path.split("/rule/")[1] ?? "");

it("setRules sends each given rule in one PUT, with the body of Oplead's integration guide", async () => {
  const oplead = connect();
  const { id } = await oplead.upsertUser(user(1));
  expect(await oplead.setRules(id, ALL)).toEqual({
    ...{ accountNumber: undefined, id, outcome: "updated", isNew: false, recovered: false },
    ...{ failed: [], held: [], notSent: [] },
    applied: Object.keys(GUIDE),
    unverifiable: [],
    testMode: false,
    requests: 5,
    requestIds: ["fake-3", "fake-4", "fake-5", "fake-6", "fake-7"],
    inDoubt: false,
  });
  expect(rulesSent()).toEqual(["geographical", "max-distance", "competences", "contact-profiles", "profile-types"]);
  expect(fake.rules(id)).toEqual(GUIDE);
});

it("onResponse gets status, headers and request id of each answer, and what it throws changes nothing", async () => {
  const seen: object[] = [];
  const onResponse = ({
    status,
    headers,
    requestId,
  }: {
    status: number;
    headers: Headers;
    requestId?: string | undefined;
  }) => {
    seen.push({ status, type: headers.get("content-type"), requestId });
    throw new Error("not a reason to end the call");
  };
  await connect().upsertUser(user(1), { onResponse });
  const json = expect.stringContaining("application/json");
  expect(seen).toEqual([
    { status: 404, type: json, requestId: "fake-1" },
    { status: 201, type: json, requestId: "fake-2" },
  ]);
});

it("setRules does not touch rules that are not given", async () => {
  const oplead = connect();
  await oplead.upsertUser(user(1), { rules: ALL });
  await oplead.setRules("ACC-1", { maxDistance: maxDistance(50), profileTypes: undefined });
  expect(rulesSent().slice(5)).toEqual(["max-distance"]);
  expect(fake.rules("ACC-1")).toEqual({ ...GUIDE, maxDistance: { maxDistance: 50 } });
});

it("if rules are wrong, setRules throws one error that lists every problem, and sends nothing", async () => {
  const wrong = { maxDistance: -1, competences: [{ range: { code: "Windows" } }], radius: 3, profileTypes: ["both"] };
  const error = await failureOf(connect().setRules("", wrong as unknown as UserRules));
  expect(error.code).toBe("invalid_input");
  const paths = error.issues?.map(({ path }) => path) ?? [];
  expect(paths).toContain("userIdentification");
  for (const name of Object.keys(wrong)) expect(paths.some((path) => path.startsWith(name))).toBe(true);
  expect(fake.requests).toEqual([]);
});

it("setRules sets the other rules if one is refused, and tells the outcome of each", async () => {
  fake = createFakeOplead({ disabledRules: ["competences"] });
  const oplead = connect({ fetch: fake.fetch });
  await oplead.upsertUser(user(1));
  const error = await failureOf(oplead.setRules("ACC-1", ALL));
  expect(error).toMatchObject({ code: "incomplete", operation: "setRules", requests: 5, retryable: false });
  expect(error.cause).toMatchObject({ code: "forbidden", status: 403 });
  expect(error.result).toMatchObject({
    id: "ACC-1",
    outcome: "incomplete",
    applied: ["geographical", "maxDistance", "contactProfiles", "profileTypes"],
    failed: [{ step: "competences", error: { code: "forbidden" } }],
    notSent: [],
    requests: 5,
  });
  expect(error.message).toMatch(/competences: forbidden \(403\).*not enabled/);
  expect(error.message).toContain("applied: geographical, maxDistance, contactProfiles, profileTypes");
  expect(fake.rules("ACC-1")).not.toHaveProperty("competences");
});

it("setRules stops at a failure that the next rule would meet too", async () => {
  const oplead = connect();
  await oplead.upsertUser(user(1));
  fake.fail({ on: "setMaxDistanceRule", as: "reset", times: 9 });
  const error = await failureOf(oplead.setRules("ACC-1", ALL));
  expect(error).toMatchObject({ code: "incomplete", retryable: true, cause: { code: "connection" } });
  expect(error.result).toMatchObject({
    applied: ["geographical"],
    failed: [{ step: "maxDistance", error: { code: "connection" } }],
    notSent: ["competences", "contactProfiles", "profileTypes"],
  });
});

it("a rule of a user that only test mode created is unverifiable, not failed", async () => {
  const oplead = connect({ testMode: true });
  const result = await oplead.upsertUser(user(1), { rules: ALL });
  expect(result).toMatchObject({ applied: ["user"], unverifiable: Object.keys(GUIDE) });
  expect(result.requestIds).toHaveLength(7);
  const set = await oplead.setRules("ACC-1", { maxDistance: 5 });
  expect(set).toMatchObject({ applied: [], unverifiable: ["maxDistance"] });
  expect(fake.users).toEqual([]);
});

it("a rule of an unknown user fails in test mode as well", async () => {
  expect(await failureOf(connect({ testMode: true }).setRules("NOBODY", { maxDistance: 5 }))).toMatchObject({
    code: "not_found",
    testMode: true,
  });
});

it("a rule of a real user is checked in test mode, and not set", async () => {
  await connect().upsertUser(user(1));
  const oplead = connect({ testMode: true });
  const set = await oplead.setRules("ACC-1", ALL);
  expect(set).toMatchObject({ applied: Object.keys(GUIDE), unverifiable: [] });
  expect(fake.rules("ACC-1")).toEqual({});
  fake.fail({ on: "setRules", as: { status: 422 }, times: 5 });
  const error = await failureOf(oplead.setRules("ACC-1", ALL));
  expect(error).toMatchObject({ code: "refused", result: { outcome: "failed", applied: [] } });
  expect(error.result?.failed).toHaveLength(5);
});
