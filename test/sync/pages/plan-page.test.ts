import fc from "fast-check";
import { expect, it } from "vitest";
import { locate } from "../../../src/coverage/france.ts";
import { policyFinding } from "../../../src/coverage/index.ts";
import { tellNotCounted } from "../../../src/locales/en/not-counted.ts";
import { tellGuard } from "../../../src/locales/en/sync.ts";
import { planPage } from "../../../src/sync/pages/plan-page.ts";
import { savedPlan } from "../../../src/sync/saved-plan.ts";
import type { SavedChange, SavedPlan } from "../../../src/sync/types/plan.ts";
import { fullPlan } from "../../support/full-plan.ts";
import { textOf } from "../../support/page-text.ts";

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

const areas = [
  {
    ...{ kind: "lost", certain: true, country: "FR", county: "29", name: "Finistère", zipCodes: ["29200", "29000"] },
    ...{ places: 2, inhabitants: 84_000, kinds: ["Voitures"] },
  },
  {
    ...{ kind: "gained", certain: false, country: "FR", county: "01", name: "Ain", zipCodes: ["01000"] },
    ...{ places: 1, inhabitants: undefined, kinds: [] },
  },
  {
    ...{ kind: "gained", certain: true, country: "FR", county: "974", name: "La Réunion", zipCodes: ["97400"] },
    ...{ places: 1, inhabitants: undefined, kinds: [] },
  },
] as const;
const causes = [{ accountNumber: "BREST", effects: [{ kind: "left" as const }], postcodes: 1 }];
const uncovered = policyFinding({
  ...{
    policy: "cover",
    problem: "uncovered",
    country: "FR",
    zipCodes: ["29200"],
    counties: ["Finistère"],
    limit: 1,
    causes,
  },
});
const withAreas = plan([{ fields: ["email"] }], { areas, refusals: [uncovered], moves: [] });

it("planPage begins with what the guard says, its limits, and the command that sends the plan", async () => {
  const refused = await planPage(full);
  expect(refused).toContain("<h1>This plan is refused</h1>");
  expect(refused).toContain("The source gave no user, and the ledger has 12.");
  expect(refused).toContain("12 of 12; the limit is 2");
  expect(refused).toContain("npx oplead-sdk sync --approve Abc123 --resend --only ACC-1 ACC-2 --limit 1");
  const passes = await planPage(plan([{ fields: ["email"] }], { refusals: [] }), {
    command: "npx oplead-sdk apply plan.json",
  });
  expect(passes).toContain("<h1>Nothing to approve: the next run sends this plan</h1>");
  expect(passes).toContain('<code class="command">npx oplead-sdk apply plan.json</code>');
  expect(await planPage(plan([], { refusals: [], moves: [] }))).toContain("<h1>Nothing to send</h1>");
});

it("planPage says what the plan does, for which company, who made it, when, from what, and what to do", async () => {
  const notCounted = tellNotCounted("users_without_rules", { users: ["RESEAU"], userCount: 1 });
  const made = { company: "Garages Martin", at: "2026-11-29T05:00:12.000Z", by: "zoe", from: "rh.xlsx" };
  const of = (more: object) => planPage(savedPlan({ ...fullPlan, made, ...more }, full.changes), { language: "fr" });
  const passes = await of({ refusals: [], warnings: [notCounted] });
  expect(passes).toContain("<h1>Rien à approuver\u202f: la prochaine exécution enverra ce plan</h1>");
  expect(passes).toContain(
    '<p class="verdict">1 création, 1 mise à jour, 1 à renvoyer, 1 changement de numéro, 2 départs</p>',
  );
  expect(textOf(passes)).toMatch(
    /Garages Martin\. Fait le 29\/11\/2026 à \d\d:\d\d \S+ par zoe à partir de rh\.xlsx\./,
  );
  expect(passes.match(/utilisateur sans règle n’est pas compté/g)).toHaveLength(1);
  expect(textOf(passes)).toMatch(/Code du plan\s: Abc123\. L’envoi demande 12 requêtes, 2 min\./);
  const refused = await of({});
  expect(refused).toContain("<h1>Ce plan est refusé</h1>");
});

it("planPage shows the segments that come closest to a limit, and how many users the plan leaves out", async () => {
  const limits = [
    { option: "maxChanged" as const, users: 2, most: 20, among: 100 },
    { option: "maxChanged" as const, users: 9, most: 4, among: 20, segment: "Nord <b>" },
  ];
  const selection = { resend: false, only: undefined, limit: 2, newUsers: undefined };
  const page = await planPage(plan([{}, {}, {}], { limits, selection }));
  expect(page).toContain("2 of 100; the limit is 20");
  expect(page).toMatch(/<bdi>Nord &lt;b&gt;<\/bdi> <span class="note">9 of 20; the limit is 4/);
  expect(page).toContain("It sends 2 of 3 users; 1 is left out.");
  const all = await planPage(plan([{}, {}, {}], { selection: { ...selection, limit: 3 } }));
  expect(all).not.toContain("left out");
});

it("planPage shows gains and losses of areas and findings of policies in a table and on a map", async () => {
  const page = await planPage(withAreas, { locate });
  expect(page).toContain('<td>Finistère</td><td><span class="tag bad">loses its users</span></td>');
  expect(page).toContain("<summary>2</summary>29000 29200</details>");
  expect(page).toMatch(/<td class="number" data-title="Inhabitants">84,000<\/td><td [^>]*>Voitures<\/td>/);
  expect(page).toContain("1 postcode is outside this map.");
  const dots = (layer: string) =>
    page
      .slice(page.indexOf('class="map"'))
      .match(new RegExp(`<path class="dot ${layer}" d="(M[^"]*)"`))?.[1]
      ?.split("M").length;
  // One more than the dots: the part before the first M is empty. What is lost is not marked a second time.
  expect([dots("lost"), dots("gained"), dots("policy")]).toEqual([3, 2, undefined]);
  const ofPolicy = await planPage(plan([{}], { refusals: [uncovered], moves: [] }), { locate });
  // Brest is in the west.
  expect(ofPolicy).toMatch(/<path class="dot policy" d="M5\d \d+h0"/);
  expect(page).toContain("Caused by 1 change");
  expect(page.split("This plan leaves 1 postcode of Finistère")).toHaveLength(2);
  const bare = await planPage(withAreas);
  expect(bare).not.toContain('<svg class="map"');
  expect(bare).toContain("Finistère");
  expect(await planPage(plan([{}], { areas: [] }))).toContain("Every lead has a user after this plan");
  expect(await planPage(plan([{}]))).not.toContain("areas-title");
});

it("planPage puts many small groups into one list, in which each entry says what is sent", async () => {
  const page = await planPage(plan(Array.from({ length: 60 }, (_, index) => ({ fields: [`custom${index}`] }))));
  expect(page.match(/data-kind="changed"/g)).toHaveLength(13);
  expect(page).toContain("other combinations");
  expect(page).toContain('<li data-fields=" custom59 "><b>DLR-59</b> <small>row 61 · custom59</small></li>');
});

it("planPage lists what is not sent, with reason and advice, and offers segments as a filter", async () => {
  const page = await planPage(plan([{ segment: "Nord" }, { segment: "Sud" }]));
  expect(page).toContain("ACC-3 is refused by Oplead");
  expect(page).toContain("Correct this one; who waits for it is sent after it.");
  for (const kind of ["held", "invalid", "duplicate", "suspicious", "leaver", "waiting", "moved", "not_moved"])
    expect(page).toContain(`data-kind="${kind}"`);
  expect(page).toContain('<option value="Nord">');
  expect(page).toContain('data-segment="Sud"');
});

it("planPage shows no account number that is an e-mail address", async () => {
  const facts = {
    ...fullPlan,
    changes: [{ ...fullPlan.changes[0], accountNumber: "zoe@dealers.example", hash: "h" }],
  };
  const page = await planPage(savedPlan(facts as never, facts.changes as never), { language: "fr" });
  expect(page).not.toContain("zoe@");
  expect(page).toContain("[masqué]");
});

it("no name in a plan can become an element, an attribute or a script of its page", async () => {
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
  const [cause] = causes as [(typeof causes)[number]];
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
          refusals: [
            tellGuard("move_occupied", { count: 1, examples: [name] }),
            policyFinding({
              policy: name,
              text: name,
              zipCodes: [name],
              country: name,
              causes: [{ ...cause, accountNumber: name }],
            }),
          ],
          areas: [{ ...areas[0], country: name, name, zipCodes: [name], kinds: [name] }],
          limits: [{ option: "maxNew", users: 1, most: 2, among: 3, segment: name }],
        },
      ),
      { command: `oplead ${name}`, locate },
    );
  const harmless = skeleton(await pageOf("x"));
  await fc.assert(
    fc.asyncProperty(nasty, async (name) => {
      expect(skeleton(await pageOf(name))).toEqual(harmless);
    }),
    { numRuns: 40 },
  );
});
