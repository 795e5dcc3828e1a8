import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hashOf } from "../../../src/base/hash/hash.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

it("an undo that opens a gap is shown as refused by the policies of the config and sent with its approval only, and why and diff show old and new values", async () => {
  const { fake, env, writes } = await openPlatform();
  const policy = 'requireCoverage({ where: { country: "FR", zipCodes: ["75001"] }, atLeast: 1 })';
  const lines = (policies: string) =>
    `import { requireCoverage } from "oplead-sdk/coverage";\n${configWith(`ledgerKey: "a secret of the tests, long enough", remember: true, ${policies}`)}`;
  const folder = await folderWith({ "oplead.config.mjs": lines("coverage: true,"), "dealers.csv": dealersCsv(2) });
  const run = (...words: string[]) => oplead(folder, words, { env });
  const state = () => hashOf(fake.users.map((one) => [one, fake.rules(String(one.id))]));
  expect((await run("sync", "--first-run")).code).toBe(0);
  const before = state();
  const moved = dealersCsv(2).replace("p0@dealers.example;01000;30", "p0@dealers.example;75001;90");
  writeFileSync(join(folder, "dealers.csv"), moved);

  const diff = await run("diff", "DLR-0", "--reveal");
  expect(diff.stdout).toContain('~ address.zipCode: "01000" → "75001"');
  expect(diff.stdout).toContain('~ rules.maxDistance: {"maxDistance":30} → {"maxDistance":90}');
  await run("plan", "--html", "plan.html");
  // The postcode is on the page all the same, as one of the area that gains a user.
  expect(readFileSync(join(folder, "plan.html"), "utf8")).not.toContain("address.zipCode: ");
  await run("plan", "--html", "plan.html", "--reveal");
  expect(readFileSync(join(folder, "plan.html"), "utf8")).toContain(
    "address.zipCode: &quot;01000&quot; → &quot;75001&quot;",
  );
  const { runId } = JSON.parse((await run("sync", "--json")).stdout);
  const why = await run("why", "DLR-0", "--reveal", "--no-plan");
  expect(why.stdout).toContain(`last change of address.zipCode: "01000" → "75001", by ${runId}`);
  expect((await run("why", "DLR-0", "--no-plan")).stdout).not.toContain("75001");
  const french = await run("why", "DLR-0", "--reveal", "--no-plan", "--language", "fr");
  expect(french.stdout).toMatch(/"01000" → "75001"/);

  // With coverage and without policies nothing is judged.
  const bare = await run("undo", runId, "--config", "oplead.config.mjs");
  expect(bare).toMatchObject({ code: 0, stdout: expect.stringContaining("1  changed") });
  expect(bare.stderr).toMatch(/npx oplead undo \S+ --approve \S+ --config oplead\.config\.mjs\n/);

  writeFileSync(join(folder, "oplead.config.mjs"), lines(`coverage: true, policies: [${policy}],`));
  const after = state();
  const written = writes();
  const shown = await run("undo", runId, "--out", "undo.json", "--html", "undo.html");
  expect(shown.code).toBe(0);
  expect(shown.stdout + shown.stderr).toMatch(/This plan leaves 1 postcode of Paris .* without a user/);
  expect(readFileSync(join(folder, "undo.html"), "utf8")).toContain("npx oplead apply undo.json");
  const { hash, refusals, changes } = JSON.parse((await run("undo", runId, "--json")).stdout);
  expect([refusals.length, changes.length]).toEqual([1, 1]);
  const wrong = await run("undo", runId, "--approve", "0".repeat(hash.length));
  expect(wrong.code).toBe(3);
  expect([writes(), state()]).toEqual([written, after]);

  expect((await run("undo", runId, "--approve", hash)).code).toBe(0);
  expect([writes() - written, state()]).toEqual([2, before]);
  const runs = JSON.parse((await run("history", "--json")).stdout);
  expect(JSON.stringify(runs)).toContain('"undo"');
  const elsewhere = await run("undo", "20200101T000000Z-000000");
  expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringContaining("for this platform")]);
}, 300_000);
