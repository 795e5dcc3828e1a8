import { describe, expect, it } from "vitest";
import { createFakeOplead } from "../../src/testing/index.ts";
import { head, region, transports } from "./helpers.ts";

describe.each(transports)("the option ids, through %s", (_, open) => {
  const create = async (options: Parameters<typeof open>[0]) => {
    const opened = await open(options);
    const first = await opened.call("POST", "/v1/users", head());
    const second = await opened.call("POST", "/v1/users", region());
    expect([first.status, second.status]).toEqual([201, 201]);
    return { ...opened, texts: [first.text, second.text], ids: opened.fake.users.map(({ id }) => id) };
  };

  it.each([
    ["digits", ["100001", "100002"], '"id":"100002"'],
    ["numbers", ["100001", "100002"], '"id":100002,'],
    ["large", ["9007199254740992", "9007199254740993"], '"id":9007199254740993,'],
    [() => "X", ["X", "100002"], '"id":"X"'],
    ["uuid", expect.any(Array), '"id":"7d0c2f3e-5b1a-4c8e-9f46-000000100002"'],
  ] as const)(
    "with ids: %j the ids have that form in the answers and are text in the fake",
    async (ids, stored, sent) => {
      const created = await create({ ids });
      expect(created.ids).toEqual(stored);
      expect(created.texts[1]).toContain(sent);
      for (const id of created.ids) {
        const rule = await created.call("PUT", `/v1/users/${id}/rule/max-distance`, { maxDistance: 1 });
        expect([rule.status, created.fake.rules(id)]).toEqual([200, { maxDistance: { maxDistance: 1 } }]);
      }
    },
  );
});

it("users of the option `users` have ids of digits, unless the option `ids` is uuid or a function", () => {
  const users = [head({ id: "U-1" })];
  for (const ids of ["uuid", () => "x"] as const) {
    expect(createFakeOplead({ users, ids }).users[0]?.id).toBe("U-1");
  }
  for (const ids of ["digits", "numbers", "large"] as const) {
    expect(() => createFakeOplead({ users, ids })).toThrow("options.users[0].id must be digits.");
  }
});
