import { expect, it } from "vitest";
import { competences } from "../../src/index.ts";
import { keptContent, readContent, type SourceUser, sourceUserOf } from "../../src/reconcile/content.ts";
import { contentOf } from "../support/entries.ts";
import { fiveRules, user } from "../support/sync-users.ts";

const problems = (source: SourceUser) => {
  const content = readContent(source, {});
  return "userHash" in content ? [] : content.map(({ path }) => path);
};

it("a user of the source is refused with all problems of the user, its rules and its version at once", () => {
  const wrong: SourceUser = {
    user: user(0, { email: "x" }),
    rules: { maxDistance: -1 },
    version: Number.NaN,
  };
  expect(problems(wrong).sort()).toEqual(["email", "maxDistance", "version"]);
  expect(problems({ user: user(0), version: Number.POSITIVE_INFINITY })).toEqual(["version"]);
});

it.each([undefined, null, "", "  ", 5])(
  "a user of the source with the account number %j has exactly one problem, at the path accountNumber",
  (accountNumber) => {
    const nameless = { ...user(0), accountNumber } as SourceUser["user"];
    expect(problems({ user: nameless })).toEqual(["accountNumber"]);
  },
);

it("a misspelt key beside the user is refused, and the message says which key is meant", () => {
  const misspelt = { user: user(0), verison: 3, rule: {}, colour: "red" } as SourceUser;
  expect(readContent(misspelt, {})).toMatchObject([
    { path: "verison", code: "unknown_key", parameters: { similar: "version" } },
    { path: "rule", code: "unknown_key", parameters: { similar: "rules" } },
    { path: "colour", message: "is not known here: there are user, rules, version" },
  ]);
});

it("the content of a user has one hash, with a field in custom or at the top level", () => {
  const flat = { ...user(0), region: "R1" };
  const inCustom = user(0, { custom: { region: "R1" } });
  const ofClass = { toJSON: () => inCustom, accountNumber: "ACC-0" } as never;
  const [one, two, three] = [flat, inCustom, ofClass].map((given) => contentOf({ user: given }));
  expect(two?.userHash).toBe(one?.userHash);
  expect(three?.userHash).toBe(one?.userHash);
  expect(two?.user).toEqual(flat);
});

it("the content of a user does not change if the source changes its objects afterwards", () => {
  const row = { ...user(0), address: { ...user(0).address } };
  const content = keptContent(contentOf({ user: row, rules: fiveRules, version: 3 }));
  row.address.city = "Oyonnax";
  expect(content).toMatchObject({ user: user(0), accountNumber: "ACC-0", version: 3 });
  expect(content.rules.map(({ toSend }) => toSend.body)).toEqual(
    contentOf({ user: user(0), rules: fiveRules }).rules.map(({ toSend }) => toSend.body),
  );
  expect(content.rules.map(({ hash }) => hash)).toEqual(
    contentOf({ user: user(0), rules: fiveRules }).rules.map(({ hash }) => hash),
  );
});

it("a user of the source can be restored from its content, even with an empty rule", () => {
  const rules = {
    ...fiveRules,
    competences: competences.none(),
  };
  const content = contentOf({ user: user(0), rules, version: 3 });
  const again = sourceUserOf(keptContent(content));
  expect(again).toMatchObject({ user: user(0), version: 3 });
  expect(contentOf(again)).toEqual(content);
});
