import { inspect } from "node:util";
import { expect, it } from "vitest";
import { issueFinder } from "../../src/core/validate.ts";
import type { UserInput } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import { planForm, printable, reportForm } from "../../src/sync/forms.ts";
import { fullPlan, savedForm } from "../support/full-plan.ts";
import { fullReport } from "../support/full-report.ts";
import { creationOf, eachTestItsWorld, fiveRules, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const ADDRESS = "person-7@dealers.example";

it("a plan and a report have, but do not print, an account number that is an e-mail address", async () => {
  const child = user(8, { accountNumber: "person-8@dealers.example", parentUserIdentifier: ADDRESS });
  const named = user(7, { accountNumber: ADDRESS, profile: { code: "PRF_NETWORK" }, parentUserIdentifier: undefined });
  on.world.fake.fail({ on: creationOf(ADDRESS), as: { status: 422 }, times: 9 });
  const twice = [
    user(9, { accountNumber: "person-9@dealers.example" }),
    user(9, { accountNumber: "person-9@dealers.example", phone: "1" }),
  ];
  const source = [named, child, ...twice, user(3, { accountNumber: "person-3@dealers.example", email: "x" })];
  const plan = await on.plan(source);
  expect(plan.changes.map(({ accountNumber }) => accountNumber)).toEqual([ADDRESS, "person-8@dealers.example"]);
  const report = await plan.apply();
  expect(among(report.findings, "failed")).toMatchObject([{ accountNumber: ADDRESS }]);
  const next = await on.plan(source);
  expect(among(next.findings, "held", "waiting")).toMatchObject([{ accountNumber: ADDRESS }, { parent: ADDRESS }]);
  for (const shown of [plan, report, next]) {
    for (const text of [
      JSON.stringify(shown),
      inspect(shown, { depth: 9 }),
      String(shown),
      await shown.render("text"),
    ]) {
      expect(text).not.toContain("@dealers.example");
    }
  }
  expect(JSON.stringify(plan)).toContain("[not shown]");
});

it("the JSON of a plan holds hashes and no content", async () => {
  const plan = await on.plan(users(2), { map: (one: UserInput) => ({ user: one, rules: fiveRules }) });
  const saved = JSON.parse(JSON.stringify(plan));
  expect(saved).toMatchObject({
    version: "6.0",
    platform: { baseUrl: on.world.url },
    hash: plan.hash,
    changes: [
      { accountNumber: "ACC-0", kind: "new", hash: expect.stringMatching(/^[A-Za-z0-9]{12}$/) },
      { accountNumber: "ACC-1", kind: "new", after: "ACC-0" },
    ],
  });
  expect(JSON.stringify(plan)).not.toMatch(/Martin|dealers\.example|\+336|rue de/);
});

it("a plan or report does not print a field that is not on the allow-list, at any depth", () => {
  const facts = { hash: "Abc123", secret: "Martin", changes: [{ accountNumber: "ACC-1", lastname: "Martin" }] };
  expect(printable(planForm, facts)).toEqual({ hash: "Abc123", changes: [{ accountNumber: "ACC-1" }] });
});

it("the printed JSON of a plan and of a report fits the schemas of planForm and reportForm", () => {
  const { checksum: _, ...plan } = savedForm(fullPlan);
  const printed = { ...printable(planForm, plan), checksum: "x" };
  expect(issueFinder(planForm.schema)(printed)).toEqual([]);
  expect(issueFinder(planForm.schema)(JSON.parse(JSON.stringify(printed)))).toEqual([]);
  expect(issueFinder(reportForm.schema)(JSON.parse(JSON.stringify(printable(reportForm, fullReport))))).toEqual([]);
});
