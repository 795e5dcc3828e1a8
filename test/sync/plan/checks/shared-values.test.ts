import { expect, it } from "vitest";
import { SharedValues } from "../../../../src/sync/plan/checks/shared-values.ts";
import { user } from "../../../support/sync-users.ts";

it("Users that share a login are named with each other, whatever the case and the white space around it", () => {
  const shared = new SharedValues();
  shared.add("ACC-1", user(1, { login: "Zoé" }));
  shared.add("ACC-2", user(2, { login: " zOÉ " }));
  shared.add("ACC-3", user(3, { login: "zoé" }));
  shared.add("ACC-4", user(4));
  const messages = ["ACC-1", "ACC-2", "ACC-3", "ACC-4"].map((name) => shared.issuesOf(name));
  expect(messages).toEqual([
    [{ path: "login", message: "is also the login of ACC-2" }],
    [{ path: "login", message: "is also the login of ACC-1" }],
    [{ path: "login", message: "is also the login of ACC-1" }],
    [],
  ]);
});

it("Several records of one user share nothing with another user, and a value that is no text is passed over", () => {
  const shared = new SharedValues();
  for (const login of ["zoé", "zoé", 5, 5, null]) shared.add("ACC-1", user(1, { login: login as string }));
  expect(shared.issuesOf("ACC-1")).toEqual([]);
});
