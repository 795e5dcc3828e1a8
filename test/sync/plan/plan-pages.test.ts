import { expect, it } from "vitest";
import { planMarkdown, planText } from "../../../src/sync/plan/plan-text.ts";
import type { PlanFacts } from "../../../src/sync/types/plan.ts";

const DAY = Date.UTC(2026, 0, 9);
const at = (record: number, accountNumber: string) => ({ record, row: undefined, accountNumber });

/** One of everything that a plan may hold. */
const full: PlanFacts = {
  hash: "Abc123",
  testMode: true,
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
  refusals: [{ code: "mass_change", message: "Too many." }],
  warnings: ["Look twice."],
};

const empty: PlanFacts = {
  ...full,
  testMode: false,
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
const perSecond = { requests: 10, perMs: 1_000 };

it("A plan as text says all that is to be done, and what to look at", () => {
  expect(planText(full, perSecond)).toBe(
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
      needs 12 requests (2 min at 10 per second)

    Refused by the guard:
      Too many.

    New:
      ACC-0

    Changed:
      ACC-1  phone
      ACC-2  phone, email, rule maxDistance

    Invalid:
      ACC-4  email is wrong; is odd
      row 17  is empty
      record 6  is empty

    Several records each:
      ACC-5  record 7, row 9

    Held:
      ACC-3  user: rejected since 2026-01-09

    Waiting:
      ACC-6  its parent ACC-3 is held

    Missing:
      ACC-8
      ACC-9  since 2026-01-09

    Suspicious data:
      ACC-1  login is shared

    Warnings:
      Look twice.`),
  );
});

it("A plan without anything to do is two lines", () => {
  expect(planText(empty, perSecond)).toBe("Plan Abc123: no records\n  needs no requests");
});

it("The time that a plan takes is told at the client's rate, if there is one", () => {
  const timeOf = (durationMs: number | undefined, rate: Parameters<typeof planText>[1]) =>
    planText({ ...empty, estimate: { requests: 2, durationMs } }, rate)
      .split("\n")
      .at(-1);
  expect(timeOf(2_000, perSecond)).toBe("  needs 2 requests (2 s at 10 per second)");
  expect(timeOf(999, perSecond)).toBe("  needs 2 requests (less than 1 s at 10 per second)");
  expect(timeOf(2_000, { requests: 1_000, perMs: 60_000 })).toBe("  needs 2 requests (2 s at 1,000 per 1 min)");
  expect(timeOf(undefined, perSecond)).toBe("  needs 2 requests (less than 1 s at 10 per second)");
  expect(timeOf(undefined, false)).toBe("  needs 2 requests");
});

it("A plan as Markdown has a table of each list", () => {
  expect(planMarkdown(full)).toBe(
    unindent(`
    ### Oplead plan \`Abc123\`

    1,234 records, 12 requests needed. Test mode: applying it is a rehearsal.

    **Refused by the guard:** Too many.

    | users |  |
    | --- | --- |
    | 1 | new |
    | 2 | changed |
    | 3 | unchanged |
    | 4 | held: refused before, and not changed since |
    | 7 | waiting for a parent that is not in Oplead |
    | 5 | invalid |
    | 6 | with an account number that several records have |
    | 8 | older than what Oplead has |
    | 9 | left out |
    | 10 | missing from the source (no user is removed) |

    <details><summary>Changes (3)</summary>

    | user | what | sent |
    | --- | --- | --- |
    | ACC-0 | new | the whole user, rule maxDistance |
    | ACC-1 | changed | phone |
    | ACC-2 | changed | phone, email, rule maxDistance |

    </details>

    <details><summary>Invalid (3)</summary>

    | record | problems |
    | --- | --- |
    | ACC-4 | email is wrong; is odd |
    | row 17 | is empty |
    | record 6 | is empty |

    </details>

    <details><summary>Held (1)</summary>

    | user | step | code | since |
    | --- | --- | --- | --- |
    | ACC-3 | user | rejected | 2026-01-09 |

    </details>

    <details><summary>Missing (2)</summary>

    | user |
    | --- |
    | ACC-8 |
    | ACC-9 |

    </details>

    <details><summary>Warnings (1)</summary>

    | warning |
    | --- |
    | Look twice. |

    </details>
    `),
  );
});

it("A plan without anything to do has no tables", () => {
  expect(planMarkdown(empty)).toBe("### Oplead plan `Abc123`\n\nno records, no requests needed.\n\n");
});
