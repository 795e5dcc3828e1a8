import { expect, it } from "vitest";
import { hashOf } from "../../src/core/hash.ts";
import { among } from "../../src/sync/findings.ts";
import { memoryLedger, planSync, readSavedPlan } from "../../src/sync/index.ts";
import { linesOf } from "../../src/sync/render-methods.ts";
import type { Finding } from "../../src/sync/types/findings.ts";
import type { SavedChange } from "../../src/sync/types/plan.ts";
import { failureOf } from "../support/failure.ts";
import { fullPlan, savedForm } from "../support/full-plan.ts";
import { openWorld, users } from "../support/sync-users.ts";

async function planAndSaved(rename: (name: string) => string = (name) => name) {
  const world = await openWorld();
  const source = users(3).map((user) => ({ ...user, accountNumber: rename(user.accountNumber ?? "") }));
  const map = (user: (typeof source)[number]) => ({ user, rules: { maxDistance: 30 } });
  const plan = await planSync(world.connect(), { source, map, ledger: memoryLedger() });
  await world.close();
  return { plan, saved: readSavedPlan(JSON.parse(JSON.stringify(plan))) };
}

it("the HTML page and the JSON of a saved plan are those of the plan that was saved", async () => {
  const { plan, saved } = await planAndSaved();
  expect(await saved.render("html", { language: "fr" })).toBe(await plan.render("html", { language: "fr" }));
  expect(JSON.stringify(saved)).toBe(JSON.stringify(plan));
  expect(await failureOf(() => saved.render("html", { lang: "fr" } as never))).toMatchObject({
    code: "invalid_options",
  });
});

it("an account number in a Markdown plan can neither leave its cell nor become a link or HTML", async () => {
  const { saved } = await planAndSaved((name) => `${name}|<b>[a](b)`);
  const row = (await saved.render("markdown")).split("\n").find((line) => line.startsWith("| ACC-1"));
  expect(row).not.toMatch(/<|\[|\]\(/);
  expect(row?.match(/\|/g)).toHaveLength(3);
});

const FORM_1 = {
  ...{
    version: 1,
    hash: "Abc123Abc123",
    testMode: false,
    changes: [],
  },
  ...{ findings: [], refusals: [], warnings: ["Look twice."] },
  counts: { records: 0 },
  estimate: { requests: 0 },
};

it("a saved plan's lines together are its text, and a line may have a tone", async () => {
  const saved = savedForm(fullPlan);
  const lines = await linesOf(readSavedPlan(saved));
  expect(lines.map(({ text }) => text).join("\n")).toBe(await readSavedPlan(saved).render("text"));
  const toned = Object.fromEntries(lines.map(({ text, tone }) => [text.trim(), tone]));
  expect(toned).toMatchObject({
    "This plan is refused:": "bad",
    "Held:": "notable",
    "1  new": "good",
    "9  left out": undefined,
  });
});

it("leaverNotes must be a Map, and shows a note in the leaver's line of text and Markdown", async () => {
  const saved = readSavedPlan(savedForm(fullPlan));
  const leaverNotes = new Map([["ACC-9", "29 postcodes have no other user"]]);
  expect(await saved.render("text", { leaverNotes })).toMatch(/ACC-9 .*9 days\. 29 postcodes have no other user\. Ask/);
  expect(await saved.render("markdown", { leaverNotes })).toContain("9 days. 29 postcodes have no other user |");
  expect(await failureOf(() => saved.render("text", { leaverNotes: 5 as never }))).toMatchObject({
    code: "invalid_options",
    issues: [{ path: "leaverNotes", code: "not_map" }],
  });
});

it("a saved plan of an earlier major version is refused, with the advice to make it again", () => {
  expect(() => readSavedPlan(FORM_1)).toThrow(
    expect.objectContaining({
      code: "invalid_input",
      issues: [expect.objectContaining({ code: "other_form", parameters: { version: "1", current: "6.0" } })],
    }),
  );
});

it("a saved plan of a later minor version is read without the fields that are not known", async () => {
  const { saved } = await planAndSaved();
  const unknown = { kind: "later", accountNumber: "ACC-1" } as unknown as Finding;
  const { checksum: _, ...form } = { ...saved, version: "6.7", colour: "green", findings: [unknown] };
  const later = { ...form, checksum: hashOf(form) };
  expect(readSavedPlan(later)).toEqual(later);
  expect(await readSavedPlan(later).render("text")).toBe(await saved.render("text"));
});

it("a value that is not a saved plan is refused with an issue", () => {
  for (const value of [undefined, null, "plan", [], {}, { version: "6.0" }, JSON.stringify({ version: "6.0" })]) {
    expect(() => readSavedPlan(value)).toThrow(
      expect.objectContaining({
        code: "invalid_input",
        issues: [expect.objectContaining({ code: "not_saved_plan" })],
      }),
    );
  }
});

it("a saved plan is refused if anything that an approval covers was altered, even with a new checksum", () => {
  const { checksum: _, ...form } = savedForm(fullPlan);
  const [first] = form.refusals;
  const [leaver] = among(form.findings, "leaver");
  const [move] = form.moves;
  for (const altered of [
    { changes: [{ ...fullPlan.changes[0], hash: "Abc" }] },
    { refusals: [] },
    { refusals: [...form.refusals, { code: "mass_new", parameters: { added: 9 }, message: "Look." }] },
    { refusals: [{ ...first, parameters: { population: 9 } }, ...form.refusals.slice(1)] },
    { findings: form.findings.map((one) => (one === leaver ? { ...one, id: "another" } : one)) },
    { moves: [{ ...move, to: "another" }, ...form.moves.slice(1)] },
    { testMode: !form.testMode },
    { platform: { baseUrl: "https://other.example" } },
    { hash: "Abc123Abc123" },
  ]) {
    const other = { ...form, ...altered };
    expect(() => readSavedPlan({ ...other, checksum: hashOf(other) })).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ code: "altered_plan" })] }),
    );
  }
});

it("a wrong value in a saved plan is invalid_input with its path, in whichever field", async () => {
  const { checksum: _, ...form } = JSON.parse(JSON.stringify(savedForm(fullPlan)));
  for (const name of Object.keys(form)) {
    for (const value of [null, 7, "x", true, [7], [{}], {}]) {
      const altered = { ...form, [name]: value };
      try {
        await readSavedPlan({ ...altered, checksum: hashOf(altered) }).render("markdown");
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid_input" });
      }
    }
  }
  const altered = { ...form, findings: [{ ...form.findings[0], accountNumber: 7 }] };
  expect(() => readSavedPlan({ ...altered, checksum: hashOf(altered) })).toThrow(/findings\[0\]\.accountNumber/);
  const { checksum: __, ...changed } = savedForm(fullPlan, [
    { ...fullPlan.changes[0], hash: "Abc", ruleChanges: [null] } as unknown as SavedChange,
  ]);
  expect(() => readSavedPlan({ ...changed, checksum: hashOf(changed) })).toThrow(/changes\[0\]\.ruleChanges\[0\]/);
});

it("a warning without its parameters in a saved plan is shown with its own message, in French too", async () => {
  const { checksum: _, ...form } = savedForm(fullPlan);
  const warnings = [{ code: "on_missing_failed", parameters: {}, message: "onMissing threw." } as never];
  const altered = { ...form, warnings };
  const saved = readSavedPlan({ ...altered, checksum: hashOf(altered) });
  expect(await saved.render("text", { language: "fr" })).toContain("onMissing threw.");
  expect(await saved.render("html", { language: "fr" })).toContain("onMissing threw.");
});
