import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { SharedValues } from "../../../src/sync/plan/shared-values.ts";
import { user } from "../../support/sync-users.ts";

async function sharing(source: readonly UserInput[], toSend = source) {
  const shared = new SharedValues();
  for (const one of source) shared.add(String(one.accountNumber), one);
  const users = new Map(toSend.map((one) => [String(one.accountNumber), one]));
  const found = shared.find(users);
  return [...found].flatMap(([accountNumber, issues]) => {
    return issues.map(({ path, message }) => `${accountNumber}: ${path} ${message}`);
  });
}

it("users that share a login name each other, whatever the login's case and white space", async () => {
  const logins = ["Zoé", " zOÉ ", "zoé", "other"];
  const source = logins.map((login, at) => user(at + 1, { login }));
  expect(await sharing(source)).toEqual([
    "ACC-1: login is also the login of ACC-2",
    "ACC-2: login is also the login of ACC-1",
    "ACC-3: login is also the login of ACC-1",
  ]);
});

it("a user that is sent is compared with unchanged users, by login and by e-mail address", async () => {
  const [first, second, third] = [
    user(1),
    user(2, { login: "login-1" }),
    user(3, { email: "PERSON-1@dealers.example" }),
  ];
  expect(await sharing([first, second, third], [first])).toEqual([
    "ACC-1: login is also the login of ACC-2",
    "ACC-1: email is also the email of ACC-3",
  ]);
  expect(await sharing([first, second, third], [user(4)])).toEqual([]);
});

it("records of one user share no login, and a login that is not a text is ignored", async () => {
  const logins = ["zoé", "zoé", 5, 5, null] as string[];
  expect(await sharing(logins.map((login) => user(1, { login })))).toEqual([]);
  expect(await sharing([user(1, { login: 5 as never }), user(2, { login: 5 as never })])).toEqual([]);
});
