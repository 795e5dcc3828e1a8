import { beforeEach, expect, it, onTestFinished } from "vitest";
import { geographical, type Oplead, type OpleadError, type OpleadOptions, type UserRules } from "../../src/index.ts";
import { createFakeOplead, type FakeFaultAnswer, type FakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect as connectTo } from "../support/servers.ts";
import { user } from "../support/users.ts";

let fake: FakeOplead;
let url: string;
beforeEach(async () => {
  fake = createFakeOplead();
  const server = await fake.listen();
  onTestFinished(() => server.close());
  url = server.url;
});

const connect = (options: OpleadOptions = {}): Oplead =>
  connectTo(url, { retry: { attempts: 2, baseMs: 1 }, ...options });

const RULES: UserRules = { geographical: geographical().country("FR"), maxDistance: 30, profileTypes: ["pro"] };

const refuse = (on: string, as: FakeFaultAnswer, times = 9) => fake.fail({ on: on as "setRules", as, times });
const rulesSent = (): number => fake.requests.filter(({ path }) => path.includes("/rule/")).length;

async function incompleteOf(
  call: Promise<unknown>,
): Promise<OpleadError & { readonly result: NonNullable<OpleadError["result"]> }> {
  const error = await failureOf(call);
  expect(error.result).toBeDefined();
  return error as OpleadError & { readonly result: NonNullable<OpleadError["result"]> };
}

it("the result of an upsert with a refused rule says what arrived and what did not", async () => {
  refuse("setMaxDistanceRule", { status: 422, body: { error: "too far" } });
  const error = await incompleteOf(connect().upsertUser(user(1), { rules: RULES }));
  expect(error).toMatchObject({ code: "incomplete", operation: "upsertUser", retryable: false, requests: 5 });
  expect(error).not.toHaveProperty("status");
  expect(error).not.toHaveProperty("retryAfterMs");
  expect(error.result).toEqual({
    accountNumber: user(1).accountNumber,
    id: fake.users[0]?.id,
    outcome: "incomplete",
    isNew: true,
    recovered: false,
    testMode: false,
    applied: ["user", "geographical", "profileTypes"],
    unverifiable: [],
    failed: [{ step: "maxDistance", error: expect.objectContaining({ code: "refused", status: 422 }) }],
    notSent: [],
    held: [],
    requests: 5,
    requestIds: ["fake-1", "fake-2", "fake-3", "fake-4", "fake-5"],
    inDoubt: false,
  });
  expect(error.cause).toBe(error.result.failed[0]?.error);
  expect(error.result.failed[0]?.error.body).toEqual({ error: "too far" });
  expect([rulesSent(), Object.keys(fake.rules("ACC-1") ?? {})]).toEqual([3, ["geographical", "profileTypes"]]);
});

it("the error of an incomplete upsert is retryable if one step is, and has Oplead's longest wait", async () => {
  const oplead = connect({ retry: false, deadlineMs: 2_000 });
  refuse("setGeographicalRule", { status: 422 });
  refuse("setMaxDistanceRule", { status: 503, headers: { "retry-after": "7" } });
  refuse("setProfileTypesRule", { status: 503, headers: { "retry-after": "3" } });
  const error = await incompleteOf(oplead.upsertUser(user(1), { rules: RULES }));
  expect(error).toMatchObject({ code: "incomplete", retryable: true, retryAfterMs: 7_000 });
  expect(error.result.failed.map(({ error }) => error.retryable)).toEqual([false, true, true]);
  expect(error.cause).toMatchObject({ code: "refused" });
});

it("the support report of an incomplete upsert is about the first step that failed", async () => {
  refuse("setMaxDistanceRule", { status: 500, body: { error: "no" } });
  const error = await incompleteOf(connect().upsertUser(user(1), { rules: RULES }));
  expect(error.supportReport()).toMatch(/error: +server_error\nstatus: +500\nrequest id: fake-/);
});

it("a call that is aborted after the user was written fails with the code aborted and gives the id", async () => {
  const stop = new AbortController();
  fake.fail({ on: "setMaxDistanceRule", as: "hang", times: 9 });
  const call = incompleteOf(connect().upsertUser(user(1), { rules: RULES, signal: stop.signal }));
  while (rulesSent() < 2) await new Promise((resolve) => setTimeout(resolve, 2));
  stop.abort(new Error("shutdown"));
  const error = await call;
  expect(error).toMatchObject({ code: "aborted", name: "AbortError", thrown: stop.signal.reason });
  expect(error.result).toMatchObject({
    id: fake.users[0]?.id,
    outcome: "incomplete",
    applied: ["user", "geographical"],
    failed: [{ step: "maxDistance", error: { code: "aborted" } }],
    notSent: ["profileTypes"],
  });
});

it("if no step of an upsert arrived, its error has the code of the failure and no result", async () => {
  fake.fail({ on: "createUser", as: { status: 422 }, times: 9 });
  const error = await failureOf(connect().upsertUser(user(1), { rules: RULES }));
  expect([error.code, error.result, rulesSent()]).toEqual(["refused", undefined, 0]);
});
