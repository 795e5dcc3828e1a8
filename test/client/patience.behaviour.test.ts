import { beforeEach, describe, expect, it } from "vitest";
import type { OpleadOptions } from "../../src/index.ts";
import {
  createFakeOplead,
  type FakeFaultAnswer,
  type FakeLag,
  type FakeOplead,
  type FakeOpleadOptions,
} from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect, timed } from "../support/servers.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

beforeEach(useVirtualTime);

const clientOf = (fake: FakeOplead, client: OpleadOptions = {}) =>
  connect("http://oplead.test", { fetch: fake.fetch, platform: { settleMs: 10_000 }, ...client });

function platform(options: FakeOpleadOptions = {}, client: OpleadOptions = {}) {
  const fake = createFakeOplead(options);
  return { fake, oplead: clientOf(fake, client) };
}

const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const dealer = (number: number) => user(number, { profile: { code: "PRF_REGION" }, parentUserIdentifier: "ACC-0" });
const refusal = (status: number, ...fields: string[]) => ({
  status,
  body: { errors: Object.fromEntries(fields.map((field) => [field, ["no"]])) },
});

async function fails(call: Promise<unknown>) {
  const ms = Math.round(await timed(call));
  return { ms, error: await failureOf(call) };
}

it("a rule of a new user is repeated for six seconds, and the next one for 300 ms if all ended with 404", async () => {
  const { fake, oplead } = platform();
  fake.fail({ on: "setRules", as: { status: 404 }, times: 99 });
  await oplead.createUser(user(1));
  const first = await fails(oplead.setRules("ACC-1", { maxDistance: 30 }));
  expect(first).toMatchObject({ ms: 6_000, error: { code: "not_found", retryable: true } });
  expect(first.error.result?.failed[0]?.error.message).toContain("try again later");
  await oplead.createUser(user(2));
  expect(await fails(oplead.setRules("ACC-2", { maxDistance: 30 }))).toMatchObject({ ms: 300 });
  // Each rule is doubted by itself: another may be enabled.
  expect(await fails(oplead.setRules("ACC-2", { profileTypes: ["pro"] }))).toMatchObject({ ms: 6_000 });
  await pass(300_000);
  await oplead.createUser(user(3));
  expect(await fails(oplead.setRules("ACC-3", { maxDistance: 30 }))).toMatchObject({ ms: 6_000 });
});

it("a 404 for a rule is final if the user is older than five minutes, or was only updated", async () => {
  const { fake, oplead } = platform({ users: [{ ...user(2), id: "7" } as never] });
  fake.fail({ on: "setRules", as: { status: 404 }, times: 99 });
  await oplead.createUser(user(1));
  await oplead.updateUser("ACC-2", user(2));
  await pass(300_000);
  await oplead.updateUser("ACC-2", user(2));
  for (const known of ["ACC-1", "ACC-2"]) {
    const { ms, error } = await fails(oplead.setRules(known, { maxDistance: 30 }));
    expect({ ms, retryable: error.retryable }).toEqual({ ms: 0, retryable: false });
  }
});

it("if Oplead refuses a rule of a new user with a status other than 404, the error is final at once", async () => {
  const { fake, oplead } = platform();
  fake.fail({ on: "setRules", as: { status: 422, body: {} }, times: 99 });
  await oplead.createUser(user(1));
  expect(await fails(oplead.setRules("ACC-1", { maxDistance: 30 }))).toMatchObject({
    ms: 0,
    error: { retryable: false, requests: 1 },
  });
});

it("an upsert believes a 404 for the user once settleMs have passed since the last creation of the user", async () => {
  const { fake, oplead } = platform({}, { platform: { settleMs: 2_000 } });
  await oplead.createUser(user(1));
  for (const waits of [500, 1_000]) {
    fake.reset();
    await pass(waits);
    const call = oplead.upsertUser(user(1));
    expect(Math.round(await timed(call))).toBe(2_000 - waits);
    expect(await call).toMatchObject({ outcome: "created" });
  }
  fake.reset();
  await pass(2_000);
  expect(await timed(oplead.upsertUser(user(1)))).toBe(0);
});

it("updateUser believes a 404 for the user once settleMs have passed since its creation", async () => {
  const { fake, oplead } = platform({}, { platform: { settleMs: 2_000 } });
  await oplead.createUser(user(1));
  fake.reset();
  expect(await fails(oplead.updateUser("ACC-1", user(1)))).toMatchObject({
    ms: 2_000,
    error: { code: "not_found", retryable: false },
  });
});

const cases: [refused: string, ms: number, as: FakeFaultAnswer, retryable: boolean][] = [
  ["a 422 that names the parent", 6_000, refusal(422, "parentUserIdentifier"), true],
  ["a 400 that names the parent", 6_000, refusal(400, "parentUserIdentifier"), true],
  ["a 409 that names the parent", 6_000, refusal(409, "parentUserIdentifier"), true],
  ["a 422 that names another field as well", 6_000, refusal(422, "lastname", "parentUserIdentifier"), true],
  ["a 422 that names nothing", 1_500, { status: 422, body: { error: "no" } }, true],
  ["a 400 that names nothing", 1_500, { status: 400, body: { error: "no" } }, true],
  ["a 422 that names another field", 0, refusal(422, "lastname"), false],
  ["a 403", 0, { status: 403, body: { error: "no" } }, false],
  ["a proxy's 422", 0, { gateway: 422 }, true],
];

it.each(cases)(
  "a child refused with %s whose parent is new is sent again for %d ms",
  async (_refused, ms, as, retryable) => {
    const { fake, oplead } = platform();
    await oplead.createUser(user(0));
    fake.fail({ on: "updateUser", as, times: 99 });
    expect(await fails(oplead.updateUser("ACC-1", dealer(1)))).toMatchObject({ ms, error: { retryable } });
  },
);

it("a conflict that names no field is not taken for a problem of the parent", async () => {
  const { fake, oplead } = platform();
  await oplead.createUser(user(0));
  fake.fail({ on: "updateUser", as: { status: 409, body: { error: "no" } }, times: 99 });
  expect(await fails(oplead.updateUser("ACC-1", dealer(1)))).toMatchObject({ ms: 0, error: { retryable: false } });
});

it("a refusal that names the parent is final without a parent, or if it was not written lately", async () => {
  const { fake, oplead } = platform();
  fake.fail({ on: "updateUser", as: refusal(422, "parentUserIdentifier"), times: 99 });
  await oplead.createUser(user(2));
  for (const parentUserIdentifier of ["ACC-0", undefined, null]) {
    const child = { ...user(1), parentUserIdentifier } as never;
    const { ms, error } = await fails(oplead.updateUser("ACC-1", child));
    expect({ ms, retryable: error.retryable }).toEqual({ ms: 0, retryable: false });
  }
});

it("only the first of the children of a new parent waits the whole time for the parent", async () => {
  const { fake, oplead } = platform();
  await oplead.createUser(user(0));
  await oplead.createUser(user(9));
  fake.fail({ on: "updateUser", as: refusal(422, "parentUserIdentifier"), times: 99 });
  expect(await fails(oplead.updateUser("ACC-1", dealer(1)))).toMatchObject({ ms: 6_000 });
  expect(await fails(oplead.updateUser("ACC-2", dealer(2)))).toMatchObject({ ms: 300 });
  const another = { ...dealer(3), parentUserIdentifier: "ACC-9" };
  expect(await fails(oplead.updateUser("ACC-3", another))).toMatchObject({ ms: 6_000 });
});

it("a child stops waiting as soon as its parent is found", async () => {
  const { fake, oplead } = platform();
  await oplead.createUser(user(0));
  fake.fail({ on: "createUser", as: refusal(422, "parentUserIdentifier"), times: 3 });
  expect(await oplead.createUser(dealer(1))).toMatchObject({ requests: 4 });
});

describe("a creation that is refused although the user is not found", () => {
  const cases: [refused: string, ms: number, as: FakeFaultAnswer, retryable: boolean][] = [
    ["a 409 that names the account number", 6_000, refusal(409, "accountNumber"), true],
    ["a 422 that names the account number", 6_000, refusal(422, "accountNumber"), true],
    ["a 422 that names the account number and more", 6_000, refusal(422, "accountNumber", "email"), false],
    ["a 409 that names the login", 1_500, refusal(409, "login"), false],
    ["a 409 that names the e-mail address", 1_500, refusal(409, "email"), false],
    ["a 409 that names the login and more", 1_500, refusal(409, "lastname", "login"), false],
    ["a 400 that names nothing", 1_500, { status: 400, body: { error: "no" } }, false],
    ["a 422 that names another field", 0, refusal(422, "lastname"), false],
  ];

  it.each(cases)(
    "an upsert whose creation is refused with %s asks for the user for %d ms, for reads may lag",
    async (_refused, ms, as, retryable) => {
      const { fake, oplead } = platform();
      fake.fail({ on: "createUser", as, times: 99 });
      const { ms: took, error } = await fails(oplead.upsertUser(user(1)));
      expect({ took, retryable: error.retryable }).toEqual({ took: ms, retryable });
      expect(error.message.includes("try again later")).toBe(retryable);
    },
  );

  it("an upsert asks for 1.5 s after a conflict, for 300 ms if one about the field was final before", async () => {
    const { fake, oplead } = platform();
    fake.fail({ on: "createUser", as: refusal(409, "login"), times: 2 });
    expect(await fails(oplead.upsertUser(user(1)))).toMatchObject({ ms: 1_500 });
    expect(await fails(oplead.upsertUser(user(2)))).toMatchObject({ ms: 300 });
    fake.fail({ on: "createUser", as: refusal(409, "email") });
    expect(await fails(oplead.upsertUser(user(3)))).toMatchObject({ ms: 1_500 });
  });
});

it.each([
  [250, 100],
  [50, 50],
  [0, 1],
])("an upsert with settleMs 0 and a backoff of %d ms asks for %d ms after an unknown outcome", async (baseMs, ms) => {
  const { fake, oplead } = platform({}, { platform: { settleMs: 0 }, retry: { attempts: 2, baseMs } });
  fake.fail({ on: "createUser", as: { status: 500, body: { error: "no" } } });
  const call = oplead.upsertUser(user(1));
  expect(Math.round(await timed(call))).toBe(ms);
  expect(await call).toMatchObject({ outcome: "created" });
});

it("after a creation of unknown outcome the next upsert asks for the user for the rest of settleMs", async () => {
  const { fake, oplead } = platform({ uniqueAccountNumbers: false }, { platform: { settleMs: 4_000 } });
  fake.fail({ on: "createUser", as: { status: 503 } });
  expect((await failureOf(oplead.createUser(user(1)))).code).toBe("ambiguous_creation");
  await pass(1_000);
  expect(Math.round(await timed(oplead.upsertUser(user(1))))).toBe(3_000);
  expect(fake.users).toHaveLength(1);
});

it("an upsert after a creation in test mode does not ask for the user", async () => {
  const { fake, oplead } = platform({ uniqueAccountNumbers: false }, { platform: { settleMs: 4_000 } });
  fake.fail({ on: "createUser", as: { status: 503 } });
  await failureOf(oplead.createUser(user(1), { testMode: true }));
  expect(await timed(oplead.upsertUser(user(1)))).toBe(0);
});

function settling(options: FakeOpleadOptions = { uniqueAccountNumbers: false }) {
  const { fake } = platform(options);
  const ofClient = { timeoutMs: 500, platform: { settleMs: 4_000 } };
  return { fake, client: (more: OpleadOptions = {}) => clientOf(fake, { ...ofClient, ...more }) };
}

it("a creation is repeated sooner once the server was seen to refuse a duplicate", async () => {
  const { fake, client } = settling({ uniqueAccountNumbers: true });
  const [oplead, rival] = [client({ platform: { settleMs: 10_000 } }), client()];
  // Another client creates the user between our PUT and our POST.
  fake.fail({ on: "createUser", as: refusal(409, "accountNumber"), when: "after" });
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "updated" });
  expect(await rival.upsertUser(user(1))).toMatchObject({ outcome: "updated" });

  fake.fail({ on: "createUser", as: "reset" });
  expect(await timed(oplead.upsertUser(user(2)))).toBeLessThan(2_000);
  expect(fake.duplicates()).toEqual([]);
});

it.each([
  ["nothing", { status: 422, body: {} }],
  ["a field that only the platform knows", refusal(422, "external_id")],
])("until settleMs have passed since a doubtful creation, a refusal that names %s is doubted", async (_names, as) => {
  const { fake, client } = settling();
  const oplead = client();
  fake.fail({ on: "createUser", as });
  await failureOf(oplead.upsertUser(user(2)));
  fake.fail({ on: "createUser", as: "hang", when: { lateMs: 7_500 } });
  expect(await failureOf(oplead.createUser(user(1)))).toMatchObject({ code: "ambiguous_creation" });
  fake.fail({ on: "createUser", as, times: 9 });
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created", recovered: true });
  expect(fake.users).toHaveLength(1);
});

it.each(["between", "during"])("an abort %s questions ends the wait for a doubtful creation", async (when) => {
  const { fake, client } = settling();
  fake.fail({ on: "createUser", as: "reset" });
  if (when === "during") setTimeout(() => fake.fail({ on: "updateUser", as: "hang" }), 1);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 250);
  const began = performance.now();
  const error = await failureOf(client().upsertUser(user(1), { signal: controller.signal }));
  expect(error.code).toBe("aborted");
  expect(performance.now() - began).toBeLessThan(2_000);
});

it("a user whose creation was lost counts as created once a later call finds it, even after settleMs", async () => {
  const { fake, client } = settling();
  fake.fail({ on: "createUser", as: "hang", when: { lateMs: 1_500 } });
  const oplead = client();
  expect(await failureOf(oplead.upsertUser(user(1), { deadlineMs: 800 }))).toMatchObject({
    code: "ambiguous_creation",
  });
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created", recovered: true, requests: 1 });
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "updated", recovered: false });
});

function lagging(lag: number | FakeLag, options: FakeOpleadOptions = {}) {
  const { fake } = platform(options);
  fake.lag(lag);
  return { fake, client: (more: OpleadOptions = {}) => clientOf(fake, more) };
}

it("a rule of a user that was just created is set as soon as Oplead knows the user", async () => {
  const { fake, client } = lagging(300);
  const result = await client().upsertUser(user(1), { rules: { maxDistance: 30, profileTypes: ["pro"] } });
  expect(result).toMatchObject({ outcome: "created", applied: ["user", "maxDistance", "profileTypes"] });
  expect(fake.rules("ACC-1")).toMatchObject({ maxDistance: { maxDistance: 30 } });
});

it("if another client has just created the user, a client updates the user as soon as Oplead finds it", async () => {
  const { fake, client } = lagging({ ms: 300, reads: ["user"] });
  const [winner, loser] = [client(), client()];
  await winner.upsertUser(user(1));
  expect(await loser.upsertUser(user(1, { lastname: "Newer" }))).toMatchObject({ outcome: "updated" });
  expect(fake.users).toMatchObject([{ lastname: "Newer" }]);
});

it("a user without a parent is refused at once, though a user “undefined” was just written", async () => {
  const { fake, client } = lagging(0);
  const oplead = client();
  await oplead.upsertUser(user(1, { accountNumber: "undefined" }));
  fake.fail({ on: "updateUser", as: { status: 422, body: {} }, times: 99 });
  const error = await failureOf(oplead.updateUser("ACC-7", user(7)));
  expect(error).toMatchObject({ status: 422, requests: 1, retryable: false });
});

it("in test mode a call waits for no write to become visible, because it writes nothing", async () => {
  const { client } = lagging(0);
  const oplead = client({ testMode: true });
  const began = performance.now();
  await oplead.upsertUser(user(0));
  await failureOf(oplead.upsertUser(dealer(1)));
  expect(performance.now() - began).toBeLessThan(1_000);
});
