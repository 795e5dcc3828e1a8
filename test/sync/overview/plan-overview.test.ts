import { expect, it } from "vitest";
import { asMarkdown, asText } from "../../../src/sync/overview/overview.ts";
import { planOverview } from "../../../src/sync/overview/plan-overview.ts";
import { guardFinding, warning } from "../../../src/sync/told.ts";
import type { PlanFacts } from "../../../src/sync/types/plan.ts";
import { headings } from "../../support/headings.ts";

const DAY = "2026-01-09T02:00:00.000Z";
const at = (record: number, accountNumber: string) => ({ record, row: undefined, accountNumber });

/** One of everything that a plan may hold. */
const full: PlanFacts = {
  hash: "Abc123",
  testMode: true,
  platform: { baseUrl: "https://api.oplead.com", name: undefined },
  selection: { resend: true, only: ["ACC-1", "ACC-2"], limit: 1 },
  counts: {
    ...{ records: 1_234, new: 1, changed: 2, unchanged: 3, held: 4, invalid: 5, duplicates: 6, waiting: 7, stale: 8 },
    ...{ ignored: 9, missing: 10 },
  },
  estimate: { requests: 12, durationMs: 120_000 },
  changes: [
    { ...at(0, "ACC-0"), kind: "new", id: undefined, fields: ["email"], rules: ["maxDistance"], after: undefined },
    { ...at(1, "ACC-1"), kind: "changed", id: "1", fields: ["phone"], rules: [], after: undefined },
    { ...at(2, "ACC-2"), kind: "changed", id: "2", fields: ["phone", "email"], rules: ["maxDistance"], after: "ACC-1" },
  ],
  held: [{ ...at(3, "ACC-3"), step: "user", code: "rejected", status: 422, since: DAY }],
  invalid: [
    {
      ...at(4, "ACC-4"),
      issues: [
        { path: "email", message: "is wrong" },
        { path: "", message: "is odd" },
      ],
    },
    { record: 5, row: 17, accountNumber: undefined, issues: [{ path: "", message: "is empty" }] },
    { record: 6, row: undefined, accountNumber: undefined, issues: [{ path: "", message: "is empty" }] },
  ],
  duplicates: [{ accountNumber: "ACC-5", records: [7, 8], rows: [undefined, 9] }],
  waiting: [{ ...at(9, "ACC-6"), parent: "ACC-3", because: "held" }],
  suspicious: [{ ...at(1, "ACC-1"), issues: [{ path: "login", message: "is shared" }] }],
  stale: ["ACC-7"],
  missing: [
    { accountNumber: "ACC-8", id: "8", since: undefined },
    { accountNumber: "ACC-9", id: "9", since: DAY },
  ],
  refusals: [guardFinding("empty_source", { population: 12 })],
  warnings: [warning("no_profiles")],
};

const empty: PlanFacts = {
  ...full,
  testMode: false,
  selection: { resend: false, only: undefined, limit: undefined },
  counts: {
    ...{ records: 0, new: 0, changed: 0, unchanged: 0, held: 0, invalid: 0, duplicates: 0, waiting: 0, stale: 0 },
    ...{ ignored: 0, missing: 0 },
  },
  estimate: { requests: 0, durationMs: 0 },
  ...{ changes: [], held: [], invalid: [], duplicates: [], waiting: [], suspicious: [], stale: [], missing: [] },
  ...{ refusals: [], warnings: [] },
};
/** A page without the indentation that it has in this file. */
const unindent = (page: string): string => page.slice(1).replace(/^ {4}/gm, "");
const planText = (plan: PlanFacts): string => asText(planOverview(plan));
const planMarkdown = (plan: PlanFacts): string => asMarkdown(planOverview(plan));

it("A plan as text lists everything to do and everything to look at", () => {
  expect(planText(full)).toBe(
    unindent(`
    Plan Abc123: 1,234 records (test mode: a rehearsal)
       1  new
       2  changed: phone 2, email 1
       3  unchanged
       4  held: refused before, and not changed since
       7  waiting for a parent that is not in Oplead
       5  invalid
       6  with an account number that several records have
       8  older than what Oplead has
       9  left out
      10  missing from the source (no user is removed)
      rules to set: maxDistance 2
      needs 12 requests (2 min at the client's rate)
      sends again what Oplead has according to the ledger
      sends only 2 named users
      sends at most 1 user

    Refused by the guard:
      The source gave no user, and the ledger has 12.

    New:
      ACC-0  rule maxDistance

    Changed:
      ACC-1  phone
      ACC-2  phone, email, rule maxDistance

    Waiting:
      ACC-6  its parent ACC-3 is held

    Held:
      ACC-3  user: rejected 422 since 2026-01-09. Correct the fields that Oplead names, in the source; the user is sent again after it has changed.

    Invalid:
      ACC-4  email is wrong; is odd
      row 17  is empty
      record 6  is empty

    Several records each:
      ACC-5  record 7, row 9

    Missing:
      ACC-8
      ACC-9  since 2026-01-09

    Suspicious data:
      ACC-1  login is shared

    Warnings:
      Oplead lists no profiles, so the profiles of users were not checked.`),
  );
});

it("A plan as text without anything to do has two lines", () => {
  expect(planText(empty)).toBe("Plan Abc123: no records\n  needs no requests");
});

it("A plan tells how long it takes at the client's rate, if there is one", () => {
  const timeOf = (durationMs: number | undefined) =>
    planText({ ...empty, estimate: { requests: 2, durationMs } })
      .split("\n")
      .at(-1);
  expect(timeOf(2_000)).toBe("  needs 2 requests (2 s at the client's rate)");
  expect(timeOf(undefined)).toBe("  needs 2 requests");
});

it("A plan as Markdown begins with what is urgent, and has a table for each list", () => {
  expect(planMarkdown(full)).toContain(
    unindent(`
    ### Oplead plan Abc123: 1,234 records (test mode: a rehearsal)

    - rules to set: maxDistance 2
    - needs 12 requests (2 min at the client's rate)
    - sends again what Oplead has according to the ledger
    - sends only 2 named users
    - sends at most 1 user

    **Refused by the guard:** The source gave no user, and the ledger has 12.

    | users |  |
    | --- | --- |
    | 1 | new |
    | 2 | changed: phone 2, email 1 |
    `),
  );
  expect(planMarkdown(full)).toContain(
    unindent(`
    <details><summary>Changed (2)</summary>

    | user | sent |
    | --- | --- |
    | ACC-1 | phone |
    | ACC-2 | phone, email, rule maxDistance |

    </details>
    `),
  );
});

it("A plan as Markdown without anything to do has no tables", () => {
  expect(planMarkdown(empty)).toBe("### Oplead plan Abc123: no records\n\n- needs no requests\n");
});

it("The text and the Markdown of a plan have the same sections", () => {
  expect(headings(planText(full))).toEqual(headings(planMarkdown(full)));
  expect(headings(planText(full))).toHaveLength(10);
});
