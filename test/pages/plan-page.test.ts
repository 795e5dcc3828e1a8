import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planPage } from "../../src/pages/index.ts";
import { savedPlan } from "../../src/sync/saved-plan.ts";
import { guardFinding } from "../../src/sync/told.ts";
import type { SavedChange, SavedPlan } from "../../src/sync/types/plan.ts";
import { englishLines } from "../support/english.ts";
import { fullPlan } from "../support/full-plan.ts";
import { textOf } from "../support/page-text.ts";

function plan(changes: Partial<SavedChange>[] = [], more: object = {}): SavedPlan {
  const all = changes.map((change, index) => ({
    ...{ record: index, row: index + 2, accountNumber: `DLR-${index}`, kind: "changed", id: String(index) },
    ...{ fields: [], rules: [], fieldsUnknown: false, doubted: false, movedFrom: undefined, after: undefined },
    ...{ hash: "h", ...change },
  }));
  return savedPlan({ ...fullPlan, ...more }, all as SavedChange[]);
}

const full = savedPlan(
  fullPlan,
  fullPlan.changes.map((change) => ({ ...change, hash: "h" })),
);

describe("planPage", () => {
  it("planPage begins with what the guard says, its limits, and the command that sends the plan", () => {
    const refused = planPage(full);
    expect(refused).toContain("The guard refuses this plan.");
    expect(refused).toContain("The source gave no user, and the ledger has 12.");
    expect(refused).toContain("12 of 12; the limit is 2");
    expect(refused).toContain("npx oplead apply --approve Abc123 --resend --only ACC-1 ACC-2 --new ACC-0 --limit 1");
    const passes = planPage(plan([{ fields: ["email"] }], { refusals: [] }), { command: "npx oplead apply plan.json" });
    expect(passes).toContain("The guard lets this plan through.");
    expect(passes).toContain('<code class="command">npx oplead apply plan.json</code>');
    expect(planPage(plan([], { refusals: [], moves: [] }))).toContain("Nothing would be sent.");
  });

  it("planPage groups changes by what is sent, the largest group first", () => {
    const changes = [{ fields: ["phone"] }, { fields: ["email", "login"] }, { fields: ["email", "login"] }];
    const page = planPage(plan(changes, { moves: [] }));
    const groups = [...page.matchAll(/<span class="count">(\d+)<\/span> (\w+)<\/b> <span class="what">([^<]*)/g)];
    expect(groups.slice(0, 2).map(([, ...parts]) => parts.join(" "))).toEqual([
      "2 users e-mail, login",
      "1 user phone",
    ]);
  });

  it("planPage puts many small groups into one list, in which each entry says what is sent", () => {
    const page = planPage(plan(Array.from({ length: 60 }, (_, index) => ({ fields: [`custom${index}`] }))));
    expect(page.match(/data-kind="changed"/g)).toHaveLength(31);
    expect(page).toContain("other combinations");
    expect(page).toContain('<li data-fields=" custom59 "><b>DLR-59</b> <small>row 61 · custom59</small></li>');
  });

  it("planPage lists what is not sent by its reason, with advice, and offers the segments of users as a filter", () => {
    const page = planPage(plan([{ segment: "Nord" }, { segment: "Sud" }]));
    expect(page).toContain("Its parent ACC-3 is not in Oplead.");
    expect(page).toContain("Correct the parent; the user is sent after it.");
    for (const kind of ["held", "invalid", "duplicate", "suspicious", "leaver", "waiting", "moved", "not_moved"])
      expect(page).toContain(`data-kind="${kind}"`);
    expect(page).toContain('<option value="Nord">');
    expect(page).toContain('data-segment="Sud"');
  });

  it("planPage shows no account number that is an e-mail address", () => {
    const facts = {
      ...fullPlan,
      changes: [{ ...fullPlan.changes[0], accountNumber: "zoe@dealers.example", hash: "h" }],
    };
    const page = planPage(savedPlan(facts as never, facts.changes as never), { language: "fr" });
    expect(page).not.toContain("zoe@");
    expect(page).toContain("[masqué]");
  });

  it("planPage refuses what is no plan, and options that it does not know", () => {
    expect(() => planPage({} as never)).toThrow(expect.objectContaining({ code: "invalid_input" }));
    expect(() => planPage(undefined as never)).toThrow(expect.objectContaining({ code: "invalid_input" }));
    expect(() => planPage(full, { lang: "fr" } as never)).toThrow(expect.objectContaining({ code: "invalid_options" }));
  });

  it("no name in a plan can become an element, an attribute or a script of its page", () => {
    const nasty = fc
      .array(
        fc.constantFrom(
          "</script>",
          "<img src=x onerror=a>",
          '"',
          "'",
          "&",
          "<!--",
          "\u202e",
          "\u2028",
          "x",
          " onclick=",
        ),
      )
      .map((parts) => parts.join(""));
    const skeleton = (page: string) =>
      page
        .replace(/<style>[\s\S]*?<\/style>|<script type="module">[\s\S]*?<\/script>/g, "")
        .replace(/"[^"]*"/g, '""')
        .match(/<[^>]*>/g);
    const pageOf = (name: string) =>
      planPage(
        plan(
          [
            {
              accountNumber: `a${name}`,
              fields: [`f${name}`],
              row: `r${name}`,
              segment: `s${name}`,
              movedFrom: `m${name}`,
            },
          ],
          {
            platform: { baseUrl: `https://x/${name}`, name: undefined },
            refusals: [guardFinding("move_occupied", { count: 1, examples: [name] })],
          },
        ),
        { command: `oplead ${name}` },
      );
    const harmless = skeleton(pageOf("x"));
    fc.assert(
      fc.property(nasty, (name) => {
        expect(skeleton(pageOf(name))).toEqual(harmless);
      }),
      { numRuns: 40 },
    );
  });

  it("a plan's page in French has no English sentence", () => {
    for (const testMode of [true, false]) {
      const page = planPage(plan([{ fieldsUnknown: true, doubted: true }], { testMode }), { language: "fr" });
      expect(page).toContain('<html lang="fr">');
      expect(englishLines(textOf(page))).toEqual([]);
    }
    expect(englishLines(textOf(planPage(full, { language: "fr" })))).toEqual([]);
  });
});
