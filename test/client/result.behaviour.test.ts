import { inspect } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import type { OpleadOptions } from "../../src/index.ts";
import { createFakeOplead, type FakeFaultAnswer, type FakeOpleadOptions } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";

async function platform(options: FakeOpleadOptions = {}, ofClient: OpleadOptions = {}) {
  const fake = createFakeOplead(options);
  const server = await fake.listen();
  onTestFinished(() => server.close());
  return { fake, oplead: connect(server.url, ofClient) };
}

it.each<[string, () => unknown]>([
  ["two dots", () => ".."],
  ["a space", () => " "],
  ["half a surrogate pair", () => "\ud800"],
  ["a fraction", () => 1.5],
])("an id in an answer that is %s is refused, because it cannot be part of a path", async (_what, ids) => {
  const { oplead } = await platform({ ids });
  const error = await failureOf(oplead.createUser(user(1)));
  expect(error).toMatchObject({ code: "ambiguous_creation", cause: { code: "unexpected_response" } });
});

it("an update by id is an error if the account number in the answer differs from the one that was sent", async () => {
  const { oplead } = await platform();
  const { id } = await oplead.upsertUser(user(2));
  const answer = { status: 200, body: { ...user(2), id } };
  const { fake, oplead: other } = await platform();
  fake.fail({ on: "updateUser", as: answer });
  const error = await failureOf(other.upsertUser(user(1), { id }));
  expect(error).toMatchObject({ code: "unexpected_response", status: 200, retryable: false });
  expect(error.message).toContain("another accountNumber");
});

const EMPTY: [string, FakeFaultAnswer][] = [
  ["no body", { status: 200, body: "" }],
  ["null", { status: 200, body: null }],
  ["text", { status: 200, body: "ok" }],
  ["JSON text", { status: 200, body: '"ok"', headers: { "content-type": "application/json" } }],
];

it.each([...EMPTY, ["an empty list", { status: 200, body: [] }] as (typeof EMPTY)[number]])(
  "an update by a known id that is answered 200 with %s is not a success",
  async (_what, as) => {
    const { fake, oplead } = await platform();
    const { id } = await oplead.upsertUser(user(1));
    fake.fail({ on: "updateUser", as, times: 9 });
    expect(await failureOf(oplead.upsertUser(user(1), { id }))).toMatchObject({
      code: "unexpected_response",
      retryable: true,
    });
  },
);

it.each(EMPTY)("a rule whose PUT is answered 200 with %s does not count as applied", async (_what, as) => {
  const { fake, oplead } = await platform();
  await oplead.upsertUser(user(1));
  fake.fail({ on: "setRules", as, times: 9 });
  expect(await failureOf(oplead.setRules("ACC-1", { maxDistance: 3 }))).toMatchObject({
    code: "unexpected_response",
    result: { outcome: "failed", applied: [] },
  });
});

it.each<[string, FakeFaultAnswer]>([
  ["204", { status: 204, body: "" }],
  ["an object", { status: 200, body: {} }],
  ["a list", { status: 200, body: [] }],
])("a rule whose PUT is answered with %s counts as applied", async (_what, as) => {
  const { fake, oplead } = await platform();
  await oplead.upsertUser(user(1));
  fake.fail({ on: "setRules", as });
  expect(await oplead.setRules("ACC-1", { maxDistance: 3 })).toMatchObject({ applied: ["maxDistance"] });
});

it("an error does not show an id that is an e-mail address in its message, but has it in a field", async () => {
  const { fake, oplead } = await platform({ ids: () => "jean@dealers.example" });
  fake.fail({ on: "setRules", as: { status: 422 }, times: 9 });
  const error = await failureOf(oplead.upsertUser(user(1), { rules: { maxDistance: 3 } }));
  expect(error.result?.id).toBe("jean@dealers.example");
  expect(error.message + inspect(error) + JSON.stringify(error)).not.toContain("dealers.example");
});
