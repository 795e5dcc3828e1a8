import { beforeEach, expect, it } from "vitest";
import type { OpleadOptions, UserFields } from "../../src/index.ts";
import { createFakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import { mayHaveActed } from "../../src/transport/failures.ts";
import { failureOf } from "../support/failure.ts";
import { connect, timed } from "../support/servers.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

beforeEach(useVirtualTime);

function platform(options: FakeOpleadOptions = {}, client: OpleadOptions = {}) {
  const fake = createFakeOplead(options);
  const sent = () => fake.requests.map(({ method }) => method);
  return {
    fake,
    sent,
    oplead: connect("http://oplead.test", { fetch: fake.fetch, platform: { settleMs: 10_000 }, ...client }),
  };
}

function anonymous(number: number): UserFields {
  const { accountNumber: _, ...rest } = user(number);
  return rest;
}

const refusal = (status: number, ...fields: string[]) => ({
  status,
  body: { errors: Object.fromEntries(fields.map((field) => [field, ["no"]])) },
});

const asking = (answer: ReturnType<typeof refusal>) => {
  const world = platform();
  world.fake.fail({ on: "createUser", as: refusal(422, "accountNumber"), times: 9 });
  let asked = 0;
  world.fake.fail({ on: ({ method }) => method === "PUT" && asked++ > 0, as: answer, times: 9 });
  return failureOf(world.oplead.upsertUser(user(1)));
};

it("an upsert with a refused creation and a 403 for the question ends with the 403", async () => {
  expect(await asking({ status: 403, body: { errors: {} } })).toMatchObject({ code: "forbidden", requests: 3 });
});

it("an upsert with a refused creation and a refused question gives the creation's refusal", async () => {
  expect(await asking(refusal(409, "email"))).toMatchObject({ code: "refused", status: 422, requests: 3 });
});

it("an upsert whose creation a proxy refused does not ask for the user", async () => {
  const { fake, oplead, sent } = platform();
  fake.fail({ on: "createUser", as: { gateway: 422 }, times: 9 });
  expect(await failureOf(oplead.upsertUser(user(1)))).toMatchObject({ code: "unexpected_response", status: 422 });
  expect(sent()).toEqual(["PUT", "POST"]);
});

it("a refused creation after a lost one that created the user counts as created and recovered", async () => {
  const { fake, oplead, sent } = platform({ uniqueAccountNumbers: true }, { platform: { settleMs: 300 } });
  fake.lag({ ms: 450, reads: ["user"] });
  fake.fail({ on: "createUser", as: { status: 503 }, when: "after" });
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created", recovered: true });
  expect(sent().filter((method) => method === "POST")).toHaveLength(2);
  expect(fake.users).toHaveLength(1);
});

it("a refusal after a creation of unknown outcome is final only after 7.5 seconds", async () => {
  const { fake, oplead } = platform();
  fake.fail({ on: "createUser", as: refusal(422, "lastname") });
  expect(await timed(oplead.upsertUser(user(2)))).toBe(0);
  fake.fail({ on: "createUser", as: { status: 500, body: { error: "no" } } });
  fake.fail({ on: "createUser", as: refusal(422, "lastname"), times: 9 });
  expect(Math.round(await timed(oplead.upsertUser(user(1))))).toBe(7_500);
});

it("a refused rule of the next new user is repeated for six seconds if an earlier one was accepted", async () => {
  const { fake, oplead } = platform();
  fake.fail({ on: "setRules", as: { status: 404 }, times: 4 });
  await oplead.upsertUser(user(1), { rules: { maxDistance: 5 } });
  fake.fail({ on: "setRules", as: { status: 404 }, times: 99 });
  await oplead.createUser(user(2));
  expect(Math.round(await timed(oplead.setRules("ACC-2", { maxDistance: 5 })))).toBe(6_000);
});

it("a user without an account number is known by its id after its creation", async () => {
  const { fake, oplead } = platform();
  fake.fail({ on: "setRules", as: { status: 404 }, times: 99 });
  const { id } = await oplead.createUser(anonymous(1));
  expect(Math.round(await timed(oplead.setRules(id, { maxDistance: 5 })))).toBe(6_000);
});

it("a lost creation is repeated only after the whole settleMs, even after creations that succeeded", async () => {
  const { fake, oplead } = platform({ uniqueAccountNumbers: false }, { platform: { settleMs: 4_000 } });
  await oplead.upsertUser(user(9));
  fake.fail({ on: "createUser", as: { status: 503 } });
  expect(Math.round(await timed(oplead.upsertUser(user(1))))).toBe(4_000);
});

it("after a lost creation the client does not ask for the user again once the user was found", async () => {
  const { fake, oplead, sent } = platform({ uniqueAccountNumbers: false }, { platform: { settleMs: 4_000 } });
  fake.fail({ on: "createUser", as: { status: 503 }, when: "after" });
  expect((await failureOf(oplead.createUser(user(1)))).code).toBe("ambiguous_creation");
  await oplead.updateUser("ACC-1", user(1));
  fake.reset();
  const upsert = oplead.upsertUser(user(1));
  expect(await timed(upsert)).toBe(0);
  expect(await upsert).toMatchObject({ outcome: "created", recovered: false });
  expect(sent()).toEqual(["PUT", "POST"]);
});

it("a creation without content in test mode gives the account number as id, or an empty id", async () => {
  const { fake, oplead } = platform({}, { testMode: true });
  fake.fail({ on: "createUser", as: { status: 204, body: "" }, times: 9 });
  expect(await oplead.createUser(user(1))).toMatchObject({ id: "ACC-1", testMode: true });
  expect(await oplead.createUser(anonymous(1))).toMatchObject({ id: "" });
  fake.fail({ on: "updateUser", as: { status: 204, body: "" }, times: 9 });
  expect(await oplead.updateUser("77", user(1))).toMatchObject({ id: "77" });
});

it("a rule's 404 for a user that test mode has updated is a failure, because the user is real", async () => {
  const { fake, oplead } = platform();
  await oplead.createUser(user(1));
  await oplead.upsertUser(user(1), { testMode: true });
  fake.fail({ on: "setRules", as: { status: 404 }, times: 99 });
  const error = await failureOf(oplead.setRules("ACC-1", { maxDistance: 5 }, { testMode: true }));
  expect(error).toMatchObject({ code: "not_found", testMode: true });
});

it("a rule of a user that only test mode created is unverifiable only if Oplead does not know the user", async () => {
  const { fake, oplead } = platform();
  const { id } = await oplead.upsertUser(user(1), { testMode: true });
  fake.fail({ on: "setRules", as: { status: 422, body: {} } });
  expect(await failureOf(oplead.setRules(id, { maxDistance: 5 }, { testMode: true }))).toMatchObject({ status: 422 });
});

it("calls for one user run one after the other, whether they name the account number or the Oplead ID", async () => {
  const { fake, oplead } = platform();
  const { id } = await oplead.createUser(anonymous(1));
  fake.delay({ on: "PUT", ms: 100 });
  expect(await timed(Promise.all([1, 2, 3].map(() => oplead.updateUser(id, anonymous(1)))))).toBe(300);
  await oplead.createUser(user(2));
  const named = ["ACC-2", fake.user("ACC-2")?.id as string];
  expect(await timed(Promise.all(named.map((name) => oplead.updateUser(name, user(2)))))).toBe(200);
  expect(await timed(Promise.all([id, "ACC-2"].map((name) => oplead.setRules(name, { maxDistance: 5 }))))).toBe(100);
});

it("users without account number and id are created at the same time", async () => {
  const { fake, oplead } = platform();
  fake.delay({ on: "POST", ms: 100 });
  expect(await timed(Promise.all([1, 2, 3].map((number) => oplead.createUser(anonymous(number)))))).toBe(100);
});

it("the error of a call names the account number, or else the given identification", async () => {
  const { fake, oplead } = platform();
  fake.fail({ as: { status: 403, body: {} }, times: 99 });
  const errors = await Promise.all(
    [
      oplead.upsertUser(user(1), { id: "77" }),
      oplead.updateUser("77", user(1)),
      oplead.updateUser("77", anonymous(1)),
      oplead.createUser(user(1)),
      oplead.createUser(anonymous(1)),
      oplead.setRules("77", { maxDistance: 5 }),
    ].map(failureOf),
  );
  expect(errors.map(({ message }) => message.split(":")[0])).toEqual([
    "upsertUser of ACC-1",
    "updateUser of ACC-1",
    "updateUser of 77",
    "createUser of ACC-1",
    "createUser",
    "setRules of 77",
  ]);
});

it("the result of a write that succeeded after an attempt of unknown outcome says that it is in doubt", async () => {
  const ofGateways = [408, 502, 503, 504].map((status) => ({
    status,
    body: { message: "Endpoint request timed out" },
  }));
  for (const as of ["reset", "hang", { gateway: 502 }, ...ofGateways] as const) {
    const { fake, oplead } = platform({}, { timeoutMs: 100 });
    await oplead.createUser(user(1));
    fake.fail({ on: "PUT", as });
    expect(await oplead.updateUser("ACC-1", user(1))).toMatchObject({ requests: 2, inDoubt: true });
    expect(await oplead.upsertUser(user(1))).toMatchObject({ requests: 1, inDoubt: false });
  }
});

it("a write is not in doubt if its earlier attempt was answered with a 429 or with Oplead's own 500", async () => {
  for (const status of [429, 500]) {
    const { fake, oplead } = platform();
    await oplead.createUser(user(1));
    fake.fail({ on: "PUT", as: { status, body: {} } });
    expect(await oplead.updateUser("ACC-1", user(1))).toMatchObject({ requests: 2, inDoubt: false });
  }
});

it("a write that was refused after an attempt without a known outcome may have been carried out", async () => {
  const { fake, oplead } = platform();
  await oplead.createUser(user(1));
  fake.fail({ on: "PUT", as: { status: 503 } });
  fake.fail({ on: "PUT", as: refusal(422, "lastname") });
  const error = await failureOf(oplead.updateUser("ACC-1", user(1)));
  expect(error).toMatchObject({ code: "refused", requests: 2 });
  expect(mayHaveActed(error)).toBe(true);
});

it("a GET that was repeated leaves nothing in doubt", async () => {
  const { fake, oplead } = platform();
  fake.fail({ on: "PUT", as: { gateway: 404, page: "empty" } });
  fake.fail({ on: "GET", as: { status: 503 } });
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created", inDoubt: false });
});
