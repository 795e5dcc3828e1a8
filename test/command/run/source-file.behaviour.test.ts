import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  approvalIn,
  configWith,
  dealersCsv,
  onPlatform,
  openPlatform,
  oplead,
  projectWith,
} from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const BAD = dealersCsv(6).replaceAll(";30", ";300");

it("yesterday's file, planned and applied, undoes the sync of a bad file, and the audit names it", async () => {
  const platform = await openPlatform();
  const { env, fake } = platform;
  const folder = await projectWith("guard: { minUsers: 2 },", dealersCsv(6), { "old.csv": dealersCsv(6) });
  const run = (...args: string[]) => oplead(folder, args, { env });
  const radii = () => new Set(fake.users.map(({ id }) => JSON.stringify(fake.rules(String(id))?.maxDistance)));
  const first = await run("sync");
  expect((await run(...approvalIn(first.stderr))).code).toBe(0);
  const before = radii();
  writeFileSync(join(folder, "dealers.csv"), BAD);
  const { hash: bad } = JSON.parse((await run("plan", "--json")).stdout);
  expect((await run("apply", "--approve", bad)).code).toBe(0);
  expect(radii()).not.toEqual(before);

  const planned = await run("plan", "--source", "old.csv", "--out", "plan.json");
  expect(planned.stdout).toContain("This reads old.csv in place of the source");
  const { hash, selection } = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
  expect(selection.sourceFile).toBe("old.csv");
  const refused = await run("sync", "--source", "old.csv");
  expect(refused.code).toBe(3);
  expect(approvalIn(refused.stderr)).toEqual(["sync", "--approve", hash, "--source", "old.csv"]);
  expect((await run("apply", "plan.json", "--approve", hash)).code).toBe(0);
  expect(radii()).toEqual(before);

  const lines = readFileSync(join(folder, "oplead-audit.jsonl"), "utf8").trim().split("\n");
  const named = lines.map((line) => JSON.parse(line)).filter(({ sourceFile }) => sourceFile !== undefined);
  expect(named.map(({ event, status, sourceFile }) => [event, status, sourceFile])).toEqual([
    ["run_ended", "refused", "old.csv"],
    ["run_planned", undefined, "old.csv"],
    ["run_ended", "complete", "old.csv"],
  ]);
  const listed = await run("history", named[1].run);
  expect(listed.stdout).toContain("  read old.csv in place of the source");
  const french = await run("history", named[1].run, "--language", "fr");
  expect(french.stdout).toContain("  a lu old.csv à la place de la source");

  expect(JSON.parse((await run("plan", "--json")).stdout).counts.changed).toBe(6);
});

it("with --source a config's source is not read, and the path is relative to the current folder", async () => {
  const { env, writes } = await openPlatform();
  const config = configWith("guard: false,");
  const failing = "source: async function* () { throw new Error('the database is down'); },";
  const folder = await folderWith({
    "without.mjs": config.replace('source: csvSource("dealers.csv"),', ""),
    "failing.mjs": config.replace('source: csvSource("dealers.csv"),', failing),
    "sub/old.csv": dealersCsv(3),
  });
  expect((await oplead(folder, "sync --config failing.mjs", { env })).code).toBe(1);
  expect((await oplead(folder, "sync --config without.mjs", { env })).code).toBe(1);
  expect(writes()).toBe(0);
  for (const file of ["failing.mjs", "without.mjs"]) {
    expect(
      (await oplead(join(folder, "sub"), ["sync", "--config", `../${file}`, "--source", "old.csv"], { env })).code,
    ).toBe(0);
  }
  expect(writes()).toBe(9);
});

it("a file for which map throws is refused with its columns, and a PDF is refused too", async () => {
  const { run } = await onPlatform(
    folderWith({
      "oplead.config.mjs": configWith().replace("map: (row) => ({", "map: (row) => ({ version: row.ref.length,"),
      "old.csv": "Référence;Nom\nDLR-1;Petit\n",
      "old.pdf": "%PDF",
    }),
  );
  const english = await run("plan --source old.csv");
  expect(english.code).toBe(1);
  expect(english.stderr).toMatch(
    /old\.csv: map threw for every record, first TypeError at .*It has "Référence", "Nom"/,
  );
  expect(english.stderr).not.toContain("Petit");
  const french = await run("plan --source old.csv --language fr");
  expect(french.stderr).toMatch(/old\.csv\s: map a échoué pour chaque enregistrement.*«\sRéférence\s», «\sNom\s»/);
  const other = await run("plan --source old.pdf");
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("the ending of the name does not say") });
});

it("retry does not send users that failed in a run with --source, and that run says how to send them", async () => {
  const { fake, run } = await onPlatform(
    projectWith("guard: false,", dealersCsv(2), { "old.csv": dealersCsv(2).replaceAll(";30", ";40") }),
  );
  expect((await run("sync")).code).toBe(0);
  const fault = fake.fail({ on: "setRules", as: { status: 503 }, times: 100 });
  const failed = await run("sync --source old.csv");
  fault.remove();
  expect(failed.stderr).toContain("To send again what failed, give the same command again.");
  expect((await run("retry")).stdout).toContain("Nothing to send again.");
});
