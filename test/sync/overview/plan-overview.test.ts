import { expect, it } from "vitest";
import { issueAt } from "../../../src/core/issues.ts";
import { tellRecord } from "../../../src/locales/en/core.ts";
import { among } from "../../../src/sync/findings.ts";
import { planOverview } from "../../../src/sync/overview/plan-overview.ts";
import { asMarkdown, asText } from "../../../src/sync/overview/render.ts";
import { planPage } from "../../../src/sync/pages/plan-page.ts";
import { savedPlan } from "../../../src/sync/saved-plan.ts";
import type { PlanFacts } from "../../../src/sync/types/plan.ts";
import { fullPlan } from "../../support/full-plan.ts";
import { textOf } from "../../support/page-text.ts";

const empty: PlanFacts = {
  ...fullPlan,
  testMode: false,
  selection: { resend: false, only: undefined, limit: undefined, newUsers: undefined },
  counts: {
    ...{
      records: 0,
      new: 0,
      changed: 0,
      retried: 0,
      refreshed: 0,
      unchanged: 0,
      held: 0,
      invalid: 0,
      duplicate: 0,
      twin: 0,
      waiting: 0,
      stale: 0,
    },
    ...{ ignored: 0, missing: 0 },
  },
  estimate: { requests: 0, durationMs: 0 },
  ...{ changes: [], findings: [], refusals: [], warnings: [], moves: [] },
};
const unindent = (page: string) => page.slice(1).replace(/^ {4}/gm, "");
const planText = (plan: PlanFacts) => asText(planOverview(plan));
const planMarkdown = (plan: PlanFacts) => asMarkdown(planOverview(plan));

it("a plan as text lists everything to do and everything to look at", () => {
  expect(planText(fullPlan)).toBe(
    unindent(`
    1 to create, 1 to change, 1 to send again, 1 to move, 2 gone · refused by the guard
    Plan Abc123: 1,234 records (test mode)

    This plan is refused:
      The source gave no user, and the ledger has 12.

      1  new
      1  changed: phone 2 and e-mail 1
      1  sent again, because an earlier attempt had no known outcome
      1  moves to a new account number
      4  held: refused before, and not changed since
      7  waiting for a parent that is not in Oplead
      5  invalid
      6  with an account number that several records have
      1  perhaps known already: not sent
      1  suspicious
      2  missing from the source (no user is removed): 1 due
      8  older than what Oplead has
      9  left out
      3  unchanged
      rules to set: radius 2
      needs 12 requests (2 min at the client's rate)
      sends again what Oplead has according to the ledger
      sends only 2 named users
      sends at most 1 user
      really new, as was said: ACC-0

    New:
      + ACC-0  radius

    Changed:
      ~ ACC-1  moved from OLD-1; phone; sent once more, because an attempt had no known outcome
      ~ ACC-2  phone, e-mail and radius

    Moved:
      OLD-1 → ACC-1

    Held:
      ACC-3  user: refused 422 since 2026-01-09. Correct the fields that Oplead names, in the source; the user is sent again after it has changed. If the platform names them otherwise: npx oplead-sdk probe.

    Invalid:
      ACC-4  e-mail has white space around it; is not what key gives for this record
      row 17  is not what key gives for this record
      record 7  is not what key gives for this record
      Correct the record in the source, or in map.

    Several records each:
      ACC-5  Rows 9 and 9 have the same account number and different content. Keep the row that is right, and remove or correct the others.

    Perhaps known already:
      ACC-10  It has the e-mail address of ACC-1, which Oplead has: perhaps it is the same person, who would be created a second time. If it is the same person, take one of the two rows out of the source. If they are two people, add a line to the config: newUsers: ["ACC-10"]

    Waiting:
      ACC-3  is refused by Oplead: 1 person waits for it (ACC-6). Correct this one; who waits for it is sent after it.

    Not moved:
      OLD-9 → NEW-9  The ledger has no Oplead ID of the old account number: not moved.

    Suspicious data:
      ACC-1  login has white space around it. Check the field in the source, and correct it if it is wrong.

    Leavers:
      - ACC-9 (ID 9)  due: missing since 2026-01-09, 9 days. Ask your Oplead platform administrator to deal with the user in Oplead, then tick it off: npx oplead-sdk leavers done.
      - ACC-8 (ID 8)  grace: missing since 2026-01-09. Nothing to do yet. A user that comes back to the source leaves this list.

    Warnings:
      Oplead lists no profiles, so the profiles of users were not checked.`),
  );
});

it("the text of a plan with nothing to do has two lines", () => {
  expect(planText(empty)).toBe("Plan Abc123: no records\n  needs no requests");
});

it("a plan tells how long it takes at the client's rate, if there is one", () => {
  const timeOf = (durationMs: number | undefined) =>
    planText({ ...empty, estimate: { requests: 2, durationMs } })
      .split("\n")
      .at(-1);
  expect(timeOf(2_000)).toBe("  needs 2 requests (2 s at the client's rate)");
  expect(timeOf(undefined)).toBe("  needs 2 requests");
});

it("a plan as Markdown begins with what is urgent, and has a table for each list", () => {
  expect(planMarkdown(fullPlan)).toContain(
    unindent(`
    ### Oplead plan Abc123: 1,234 records (test mode)

    1 to create, 1 to change, 1 to send again, 1 to move, 2 gone · refused by the guard

    - rules to set: radius 2
    - needs 12 requests (2 min at the client's rate)
    - sends again what Oplead has according to the ledger
    - sends only 2 named users
    - sends at most 1 user
    - really new, as was said: ACC-0

    **This plan is refused:** The source gave no user, and the ledger has 12.

    | users |  |
    | --- | --- |
    | 1 | new |
    | 1 | changed: phone 2 and e-mail 1 |
    | 1 | sent again, because an earlier attempt had no known outcome |
    `),
  );
  expect(planMarkdown(fullPlan)).toContain(
    unindent(`
    <details><summary>Changed (2)</summary>

    | user | sent |
    | --- | --- |
    | ACC-1 | moved from OLD-1; phone; sent once more, because an attempt had no known outcome |
    | ACC-2 | phone, e-mail and radius |

    </details>
    `),
  );
});

it("a plan with many changes groups them by what is sent, with examples, unless all asks for each", () => {
  const [, , change] = fullPlan.changes;
  const changes = Array.from({ length: 462 }, (_, index) => ({
    ...(change as PlanFacts["changes"][number]),
    ...{ record: index, row: index + 2, accountNumber: `ACC-${index}`, rules: [] },
    fields: index === 7 ? ["phone"] : ["email", "login"],
  }));
  const plan = { ...empty, changes };
  expect(planText(plan)).toContain(
    "\nChanged:\n  ~ 461 users: e-mail and login  for example ACC-0 (row 2), ACC-1 (row 3) and ACC-2 (row 4)\n  ~ ACC-7 (row 9): phone",
  );
  expect(planMarkdown(plan)).toContain(
    "<summary>Changed (462)</summary>\n\n| users | examples |\n| --- | --- |\n| 461 users: e-mail and login | for example",
  );
  const all = asText(planOverview(plan), { all: true });
  expect(all.match(/^ {2}~ ACC-\d+ \(row \d+\)/gm)).toHaveLength(462);
});

it("a plan with many suspicious records counts those it leaves out, and names a column's problem once", () => {
  const columns = { "address.zipCode": "CP", "address.city": "CP" };
  const issues = Object.keys(columns).map((path) => issueAt(path, tellRecord("white_space")));
  const suspicious = Array.from({ length: 12 }, (_, index) => {
    return { kind: "suspicious" as const, record: index, row: index + 2, accountNumber: `ACC-${index}`, issues };
  });
  const text = planText({ ...empty, findings: suspicious, columns });
  expect(text).toContain("\n  12  suspicious\n");
  expect(text).toContain("\n  ACC-9 (row 11)  CP has white space around it\n  … and 2 more\n  Check the field");
  expect(text.match(/white space/g)).toHaveLength(10);
});

it("a plan counts users refused for an unknown parent as waiting, in its text and on its page", async () => {
  const [held] = among(fullPlan.findings, "held");
  const root = { record: -1, row: undefined, accountNumber: "ACC-0", because: "unknown" as const };
  const plan = {
    ...empty,
    findings: [{ ...held, root }] as PlanFacts["findings"],
    counts: { ...empty.counts, held: 1 },
  };
  expect(planText(plan)).toContain("\n  1  waiting for a parent that is not in Oplead\n");
  expect(planText(plan)).not.toMatch(/held/i);
  const page = textOf(await planPage(savedPlan(plan, [])));
  expect(page).toMatch(/1\s+Waiting/);
  expect(page).not.toMatch(/Held/);
});

it("the text of a plan is made only for the changes and records that it shows", () => {
  let told = 0;
  const counting = <T extends object>(one: T) =>
    Object.defineProperty(one, "record", {
      get: () => {
        told += 1;
        return 0;
      },
    });
  const amount = 1_000;
  const many = Array.from({ length: amount }, (_, index) => index);
  const [, change] = fullPlan.changes;
  const changes = many.map((index) =>
    counting({ ...(change as typeof change & object), accountNumber: `ACC-${index}` }),
  );
  const issues = [issueAt("phone", tellRecord("white_space"))];
  const findings = many.map((index) => {
    return counting({ kind: "invalid" as const, record: 0, row: index, accountNumber: `BAD-${index}`, issues });
  });
  const plan = { ...empty, changes, findings };
  expect(planText(plan).split("\n").length).toBeGreaterThan(9);
  expect(told).toBeGreaterThan(9);
  expect(told).toBeLessThan(amount / 10);
});
