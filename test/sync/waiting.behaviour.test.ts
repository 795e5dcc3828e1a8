import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import { creationOf, eachTestItsWorld, head, user } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const top = head;
const below = (number: number, parent: string, more: Partial<UserInput> = {}) =>
  user(number, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: parent, ...more });

const chain = (broken: Partial<UserInput>) => [
  user(1, { ...top, ...broken }),
  user(2, { profile: { code: "PRF_REGION" }, parentUserIdentifier: "ACC-1" }),
  below(3, "ACC-2"),
  below(4, "ACC-2"),
];

const rowOf = ({ accountNumber = "" }: UserInput) => Number(accountNumber.slice("ACC-".length)) + 1;

const cells = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

it("the plan, its CSV and its page group waiting users under the one row that is wrong", async () => {
  const plan = await on.plan(chain({ email: "broken" }), { rowOf });
  const root = { record: 0, row: 2, accountNumber: "ACC-1", because: "invalid" };
  expect(among(plan.findings, "waiting").map((waiting) => waiting.root)).toEqual([root, root, root]);
  expect(await plan.render("text")).toContain(
    "\n  ACC-1 (row 2)  is invalid: 3 people wait for it (ACC-2, ACC-3, ACC-4). Correct",
  );
  const waiting = cells(await plan.render("csv")).filter(({ code }) => code === "parent_missing");
  expect(waiting).toMatchObject([{ row: "2", "account number": "ACC-1", problem: "skipped" }]);
  expect(waiting[0]?.reason).toBe("Row 2 (ACC-1) is invalid: 3 people wait for it (ACC-2, ACC-3, ACC-4).");
  const page = await plan.render("html", { language: "fr" });
  // Among the causes at the top, and in the list of what is not sent.
  expect(page.match(/Ligne 2 \(ACC-1\) n.{1,6}est pas valide/g)).toHaveLength(2);
  expect(await plan.render("html")).toMatch(
    /<span class="count">3<\/span> users<\/b> <span class="what">Row 2 \(ACC-1\) is invalid/,
  );
});

it("the reports of the run that refuses a parent and of the next one group waiting users under it", async () => {
  on.world.fake.fail({ on: creationOf("ACC-1"), as: { status: 422 }, times: 99 });
  for (const night of ["first", "second"]) {
    const report = await on.sync(chain({}), { rowOf });
    expect(among(report.findings, "skipped", "waiting"), night).toHaveLength(3);
    expect(among(report.findings, "waiting").map(({ root }) => root.accountNumber)).toEqual([
      "ACC-1",
      "ACC-1",
      "ACC-1",
    ]);
    const sentence = "is refused by Oplead: 3 people wait for it (ACC-2, ACC-3, ACC-4)";
    expect(await report.render("text")).toContain(`ACC-1 (row 2)  ${sentence}`);
    expect(cells(await report.render("csv")).filter(({ code }) => code === "parent_missing")).toMatchObject([
      { row: "2", "account number": "ACC-1", reason: `Row 2 (ACC-1) ${sentence}.` },
    ]);
    expect(await report.render("html")).toContain("Row 2 (ACC-1) is refused by Oplead");
  }
});

it("users that Oplead refuses because of a parent that the source lacks wait for it", async () => {
  const fifth = user(5, { profile: { code: "PRF_REGION" }, parentUserIdentifier: "ACC-1" });
  const [, ...source] = [...chain({}), fifth, user(6, top)];
  const first = await on.sync(source, { rowOf });
  expect(among(first.findings, "failed").map(({ accountNumber }) => accountNumber)).toEqual(["ACC-2", "ACC-5"]);
  expect(await first.render("text")).toContain(
    "ACC-1  is neither in the source nor in the ledger: 2 people wait for it (ACC-3, ACC-4)",
  );
  const plan = await on.plan(source, { rowOf });
  expect(plan.counts).toMatchObject({ held: 2, waiting: 2, new: 0 });
  expect(await plan.render("text")).toContain(
    "ACC-1  is neither in the source nor in the ledger: 4 people wait for it",
  );
  expect(await plan.render("text")).toContain("\n  4  waiting for a parent");
  expect(await plan.render("text")).not.toMatch(/held/i);
  expect(cells(await plan.render("csv"))).toMatchObject([
    { row: "", "account number": "ACC-1", code: "parent_missing", problem: "skipped" },
  ]);
  const whole = await on.sync([user(1, top), ...source], { rowOf });
  expect(whole).toMatchObject({ status: "complete", counts: { created: 5 } });
});

it("users below a user that a run leaves out wait for that user, and no text says that this user failed", async () => {
  const report = await on.sync(chain({}), { only: ["ACC-2", "ACC-3"] });
  const root = { accountNumber: "ACC-1", because: "not_sent" };
  expect(among(report.findings, "waiting")).toMatchObject([
    { accountNumber: "ACC-2", root },
    { accountNumber: "ACC-3", root },
  ]);
  expect(await report.render("text")).toContain("ACC-1  was not sent by this run: 2 people wait for it (ACC-2, ACC-3)");
});
