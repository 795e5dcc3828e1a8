import { inspect } from "node:util";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Oplead, OpleadOptions, UserInput } from "../../src/index.ts";
import { createFakeOplead, type FakeListener, type FakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect as connectTo } from "../support/servers.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

let fake: FakeOplead;
let server: FakeListener;

beforeEach(async () => {
  fake = createFakeOplead({ uniqueAccountNumbers: false });
  server = await fake.listen();
});
afterEach(() => server.close());

const connect = (options: OpleadOptions = {}): Oplead =>
  connectTo(server.url, {
    retry: { attempts: 3, baseMs: 1 },
    ...options,
  });

function arrived(): string[] {
  return fake.requests.map(({ method, path }) => {
    const last = decodeURIComponent(path.split("/").at(-1) ?? "");
    return method === "POST" ? method : `${method} ${last}`;
  });
}

it("upsertUser creates an unknown user and updates a known user", async () => {
  const oplead = connect();
  const first = await oplead.upsertUser(user(1));
  expect(first).toMatchObject({ outcome: "created", recovered: false, testMode: false, requests: 2 });
  const second = await oplead.upsertUser(user(1, { lastname: "Durand" }));
  expect(second).toMatchObject({ outcome: "updated", recovered: false, id: first.id, requests: 1 });
  expect(arrived()).toEqual(["PUT ACC-1", "POST", "PUT ACC-1"]);
  expect(fake.users).toMatchObject([{ id: first.id, lastname: "Durand" }]);
});

it("upsertUser updates by the id if it is known, with one request", async () => {
  const { id } = await connect().upsertUser(user(1));
  const result = await connect().upsertUser(user(1), { id });
  expect(result).toMatchObject({ outcome: "updated", id, requests: 1 });
  expect(arrived().at(-1)).toBe(`PUT ${id}`);
});

it("upsertUser tries the account number if Oplead does not know the id, and then creates", async () => {
  const { id } = await connect().upsertUser(user(1));
  expect(await connect().upsertUser(user(1), { id: "999" })).toMatchObject({ outcome: "updated", id, requests: 2 });
  expect(await connect().upsertUser(user(2), { id: "999" })).toMatchObject({ outcome: "created", requests: 3 });
  expect(arrived().slice(-3)).toEqual(["PUT 999", "PUT ACC-2", "POST"]);
});

it("upsertUser refuses a user without an account number, even with a stale id, and sends nothing", async () => {
  const { accountNumber: _, ...anonymous } = user(1);
  for (const options of [{}, { id: "999" }]) {
    const error = await failureOf(connect().upsertUser(anonymous as UserInput, options));
    expect(error).toMatchObject({ code: "invalid_input", issues: [{ path: "accountNumber" }] });
  }
  expect(fake.requests).toEqual([]);
});

it.each<[string, () => object]>([
  [
    "a circle",
    () => {
      const circle: { self?: object } = {};
      circle.self = circle;
      return circle;
    },
  ],
  ["a BigInt", () => ({ big: 1n })],
  [
    "something that throws",
    () => ({
      toJSON() {
        throw new Error("jean@dealers.example");
      },
    }),
  ],
])("a user that holds %s, which JSON cannot hold, is refused before anything is sent", async (_what, make) => {
  const odd = user(1, { extra: make() } as object);
  for (const call of [connect().upsertUser(odd), connect().createUser(odd), connect().updateUser("1", odd)]) {
    const error = await failureOf(call);
    expect(error).toMatchObject({
      code: "invalid_input",
      issues: [{ path: "", message: "cannot be written as JSON" }],
    });
    expect(inspect(error)).not.toContain("jean@");
  }
  expect(fake.requests).toEqual([]);
});

it("upsertUser sends the user as it was checked, although its object changes meanwhile", async () => {
  const changing = { ...user(1) };
  const running = connect().upsertUser(changing);
  Object.assign(changing, { lastname: "", email: "no", accountNumber: "ACC-2" });
  expect(await running).toMatchObject({ outcome: "created", requests: 2 });
  expect(fake.users).toMatchObject([{ lastname: "Martin-1", accountNumber: "ACC-1" }]);
});

it("upsertUser sends unknown fields unchanged and returns unknown fields of the answer", async () => {
  const given = { ...user(1, { custom: { nested: { a: [1] } } }), favouriteColour: "blue" };
  const { user: answered } = await connect().upsertUser(given);
  expect(fake.users[0]).not.toHaveProperty("custom");
  expect(fake.users[0]).toMatchObject({ favouriteColour: "blue", nested: { a: [1] } });
  expect(answered).toMatchObject({ favouriteColour: "blue" });
});

it("an upsert that can neither create nor ask for the user ends with ambiguous_creation", async () => {
  fake.fail({ on: "createUser", as: "reset", when: "after" });
  let asked = 0;
  fake.fail({ on: (request) => request.method === "PUT" && asked++ > 0, as: { status: 503 }, times: 99 });
  const error = await failureOf(connect().upsertUser(user(1)));
  expect(error).toMatchObject({ code: "ambiguous_creation", retryable: true, operation: "upsertUser" });
  expect(error.cause).toMatchObject({ code: "server_error", status: 503 });
  expect(fake.users).toHaveLength(1);
});

it("createUser ends with an error if its answer is lost", async () => {
  fake.fail({ on: "createUser", as: "reset", when: "after" });
  const error = await failureOf(connect().createUser(user(1)));
  expect(error).toMatchObject({ code: "ambiguous_creation", retryable: false, operation: "createUser" });
  expect(error.message).toContain("upsertUser");
  expect(arrived()).toEqual(["POST"]);
});

it.each([400, 409, 422])(
  "a creation that is refused with %i because another client was faster becomes an update",
  async (status) => {
    const oplead = connect();
    const rival = connect();
    // Another client creates the user between our PUT and our POST.
    fake.fail({ on: "createUser", as: { status }, when: "after" });
    const result = await oplead.upsertUser(user(1, { lastname: "Newest" }));
    expect(result).toMatchObject({ outcome: "updated", recovered: false, requests: 3 });
    expect(fake.users).toMatchObject([{ lastname: "Newest" }]);
    expect(await rival.upsertUser(user(1))).toMatchObject({ outcome: "updated", requests: 1 });
  },
);

it.each([400, 409, 422])(
  "a creation that is finally refused with %i ends with the error of that refusal",
  async (status) => {
    fake.fail({ on: "createUser", as: { status, body: { errors: { email: ["already used"] } } }, times: 99 });
    const error = await failureOf(connect().upsertUser(user(1)));
    expect(error).toMatchObject({ status, retryable: false, operation: "upsertUser", requests: 3 });
    expect(error.code).toBe(status === 409 ? "conflict" : "refused");
    expect(error.message).toContain("email");
    expect(arrived()).toEqual(["PUT ACC-1", "POST", "PUT ACC-1"]);
  },
);

it("a creation refused with a status other than a duplicate's fails for good without another request", async () => {
  fake.fail({ on: "createUser", as: { status: 403 }, times: 99 });
  expect(await failureOf(connect().upsertUser(user(1)))).toMatchObject({ code: "forbidden", requests: 2 });
  expect(arrived()).toEqual(["PUT ACC-1", "POST"]);
});

it("a call that waits for an earlier one for its user ends when aborted, and the others go on", async () => {
  useVirtualTime();
  const oplead = connect({ fetch: fake.fetch });
  fake.delay({ on: "PUT", ms: 150 });
  const controller = new AbortController();
  const first = oplead.upsertUser(user(1));
  const second = failureOf(oplead.upsertUser(user(1), { signal: controller.signal }));
  const third = oplead.upsertUser(user(1));
  const began = performance.now();
  controller.abort("enough");
  expect(await second).toMatchObject({ code: "aborted", thrown: "enough", requests: 0 });
  expect(performance.now() - began).toBe(0);
  expect(await first).toMatchObject({ outcome: "created" });
  expect(await third).toMatchObject({ outcome: "updated" });
});

it("an abort ends an upsert whose creation is under way", async () => {
  fake.fail({ on: "createUser", as: "hang" });
  const controller = new AbortController();
  const upsert = failureOf(connect().upsertUser(user(1), { signal: controller.signal }));
  await vi.waitFor(() => expect(fake.requests.at(-1)?.method).toBe("POST"), 10_000);
  controller.abort();
  expect(await upsert).toMatchObject({ code: "aborted", requests: 2 });
});

it("an answer without an id to a creation is an error, because no id could be kept", async () => {
  fake.fail({ on: "updateUser", as: { status: 200, body: { lastname: "x" } }, times: 99 });
  const error = await failureOf(connect().upsertUser(user(1)));
  expect(error).toMatchObject({ code: "unexpected_response", status: 200 });
  expect(error.message).toContain("`id`");
});

it("an answer without an id is a success if the caller gave the id, or if the client is in test mode", async () => {
  fake.fail({ on: "updateUser", as: { status: 204, body: "" }, times: 99 });
  expect(await connect().upsertUser(user(1), { id: "77" })).toMatchObject({ id: "77", outcome: "updated" });
  expect(await connect({ testMode: true }).upsertUser(user(1))).toMatchObject({ id: "ACC-1" });
});
