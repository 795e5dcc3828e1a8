import { beforeEach, expect, it } from "vitest";
import { createFakeOplead, type FakeFault, type FakeFaultAnswer } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

beforeEach(useVirtualTime);

function behindGateway(get: FakeFaultAnswer | undefined, page: "empty" | "html" = "empty") {
  const fake = createFakeOplead({ uniqueAccountNumbers: false });
  fake.fail({ on: "PUT", as: { gateway: 404, page }, times: 99 });
  if (get) fake.fail({ on: "GET", as: get, times: 99 });
  const count = (method: string) => fake.requests.filter((request) => request.method === method).length;
  return { fake, count, oplead: connect("http://oplead.test", { fetch: fake.fetch, retry: { attempts: 1 } }) };
}

const JSON_BODY = { message: "no" };
const answers: [says: string, as: FakeFaultAnswer | undefined, isApi: boolean][] = [
  ["lists profiles", undefined, true],
  ["refuses the token's right with JSON", { status: 403, body: JSON_BODY }, true],
  ["refuses the token with JSON", { status: 401, body: JSON_BODY }, true],
  ["answers with JSON that is no list of profiles", { status: 200, body: { hello: "world" } }, false],
  ["answers a page", { status: 200, body: "<p>", headers: { "content-type": "text/html" } }, false],
  ["redirects with JSON", { status: 300, body: JSON_BODY }, true],
  ["does not know the path", { status: 404, body: JSON_BODY }, false],
  ["refuses with a page", { gateway: 403 }, false],
  ["fails with JSON", { status: 500, body: JSON_BODY }, false],
  ["fails without JSON", { gateway: 502 }, false],
  ["breaks the connection", "reset", false],
];

it.each(answers)(
  "a 404 without JSON is believed only if a GET shows that the API is there (the server %s)",
  async (_says, get, isApi) => {
    const { fake, count, oplead } = behindGateway(get);
    const upsert = oplead.upsertUser(user(1));
    if (isApi) {
      expect(await upsert).toMatchObject({ outcome: "created" });
      expect(count("POST")).toBe(1);
    } else {
      expect(await failureOf(upsert)).toMatchObject({ code: "unexpected_response", status: 404, retryable: true });
      expect(count("POST")).toBe(0);
      expect(fake.users).toEqual([]);
      await failureOf(oplead.upsertUser(user(2)));
      expect(count("GET")).toBe(2);
    }
  },
);

it("an HTML 404 is not believed if the API's 404 for an unknown country breaks off", async () => {
  const { fake, count, oplead } = behindGateway(undefined, "html");
  fake.fail({ on: "getCountry", as: "reset" });
  expect(await failureOf(oplead.upsertUser(user(1)))).toMatchObject({ code: "unexpected_response", status: 404 });
  expect(count("POST")).toBe(0);
});

it("the question whether the API is there is repeated no sooner than a minute after its answer", async () => {
  const { count, oplead } = behindGateway(undefined);
  const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await oplead.upsertUser(user(1));
  await pass(59_999);
  await oplead.upsertUser(user(2));
  expect(count("GET")).toBe(1);
  await pass(1);
  await oplead.upsertUser(user(3));
  expect(count("GET")).toBe(2);
});

it.each<[path: string, on: FakeFault["on"], page: "empty" | "html"]>([
  ["its own paths", "GET", "empty"],
  ["an unknown country", "getCountry", "html"],
])("an abort while the client asks the API for %s ends the call as aborted", async (_path, on, page) => {
  const { fake, oplead } = behindGateway(undefined, page);
  fake.fail({ on, as: "hang" });
  const stop = new AbortController();
  setTimeout(() => stop.abort("enough"), 50);
  const error = await failureOf(oplead.upsertUser(user(1), { signal: stop.signal }));
  expect(error).toMatchObject({ code: "aborted", thrown: "enough" });
  expect(fake.users).toEqual([]);
});

it.each([
  ["409 that names nothing", { status: 409, body: JSON_BODY }],
  ["409 that names the account number", { status: 409, body: { errors: { accountNumber: ["taken"] } } }],
  ["422 that names the login", { status: 422, body: { errors: { login: ["taken"] } } }],
  ["400 that names nothing", { status: 400, body: JSON_BODY }],
] as const)(
  "a refusal of a creation with a %s is not final if a gateway answered 404 for the user",
  async (_says, as) => {
    const { fake, oplead } = behindGateway(undefined);
    fake.fail({ on: "createUser", as, times: 99 });
    const error = await failureOf(oplead.upsertUser(user(1)));
    expect(error).toMatchObject({ status: as.status, retryable: true, contradictory: true });
    expect(error.message).toContain("contradicts");
  },
);

it("a refusal because of the user's content does not contradict an earlier 404 for the user", async () => {
  const { fake, oplead } = behindGateway(undefined);
  fake.fail({ on: "createUser", as: { status: 422, body: { errors: { lastname: ["too long"] } } }, times: 99 });
  const error = await failureOf(oplead.upsertUser(user(1)));
  expect(error.retryable).toBe(false);
  expect(error.contradictory).toBeUndefined();
});

it.each([
  ["409 that names nothing", { status: 409, body: JSON_BODY }, true],
  ["409 that names the account number", { status: 409, body: { errors: { accountNumber: ["taken"] } } }, true],
  ["422 that names the account number", { status: 422, body: { errors: { accountNumber: ["taken"] } } }, true],
  ["409 that names the e-mail address", { status: 409, body: { errors: { email: ["taken"] } } }, undefined],
  ["422 that names nothing", { status: 422, body: JSON_BODY }, undefined],
] as const)(
  "a 404 of Oplead and then a refused creation with a %s give an error with contradictory: %s",
  async (_says, as, contradictory) => {
    const fake = createFakeOplead();
    fake.fail({ on: "createUser", as, times: 99 });
    const oplead = connect("http://oplead.test", { fetch: fake.fetch });
    expect((await failureOf(oplead.upsertUser(user(1)))).contradictory).toBe(contradictory);
  },
);
