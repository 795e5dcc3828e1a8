import { expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { caller, head, region } from "./helpers.ts";

it("a user of the options keeps its id, or gets one if it has none", () => {
  const fake = createFakeOplead({ users: [head({ id: "7" }), region()] });
  expect(fake.users.map((user) => user.id)).toEqual(["7", expect.stringMatching(/^\d+$/)]);
});

it("a generated id is never the id of a user of the options", async () => {
  const first = createFakeOplead({ users: [head()] }).users[0]?.id ?? "";
  const fake = createFakeOplead({ users: [head({ id: first }), region()] });
  expect(new Set(fake.users.map((user) => user.id)).size).toBe(2);
});

it("facts of a platform decide what no option does: request types, the lag of reads, the form of a 404", async () => {
  const values = { requestTypes: false, readLagMs: 60_000, notFoundForm: "text" };
  const found = Object.entries(values).map(([name, value]) => [name, { verdict: "refuted", value }]);
  const fake = createFakeOplead({
    users: [head()],
    platform: { facts: { facts: Object.fromEntries(found) } as never },
  });
  const call = caller(fake.fetch, "https://api.oplead.com");
  const competence = { range: { code: "R" }, requestType: { code: "T" } };
  expect((await call("PUT", "/v1/users/NET-1/rule/competences", [competence])).status).toBe(422);
  await call("POST", "/v1/users", region());
  const { status, headers } = await call("PUT", "/v1/users/REG-1", region());
  expect([status, headers.get("content-type")]).toEqual([404, "text/plain"]);
});

it("two users of the options with the same id are refused", () => {
  const generated = createFakeOplead({ users: [head()] }).users[0]?.id ?? "";
  for (const [first, second] of [
    ["7", "7"],
    [undefined, generated],
  ]) {
    const users = [head({ id: first }), head({ id: second, accountNumber: "NET-2" })];
    expect(() => createFakeOplead({ users })).toThrow("options.users[1].id is taken");
  }
});

it("if the option `users` lists a user before its parent, the user is refused", () => {
  expect(() => createFakeOplead({ users: [region(), head()] })).toThrow(/options\.users\[0\].*parentUserIdentifier/);
});
