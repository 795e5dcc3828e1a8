import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, onPlatform, oplead, projectWith } from "../support/command.ts";
import { folderWith } from "../support/folder.ts";

const project = (csv: string) => projectWith("", csv);
const pageIn = (folder: string, file: string) => readFileSync(join(folder, file), "utf8");

it("the option --html writes a page of a plan with the command that sends it, as for a saved plan", async () => {
  const { writes, folder, run } = await onPlatform(project(dealersCsv(3)));
  const words = ["plan", "--out", "plan.json", "--html", "plan.html"];
  expect(await run(words)).toMatchObject({ code: 0 });
  const page = pageIn(folder, "plan.html");
  expect(page).toContain("npx oplead-sdk apply plan.json");
  expect(page).toContain("DLR-2");
  expect(await run("plan plan.json --html shown.html")).toMatchObject({ code: 0 });
  expect(page).toMatch(/Made \d{4}-[^<]* from dealers\.csv\./);
  expect(pageIn(folder, "shown.html")).toBe(page);
  const wrong = await run("plan --html no/folder/plan.html");
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("no/folder/plan.html") });
  expect(writes()).toBe(0);
});

it("the option --html writes the page of a run, in the chosen language", async () => {
  const { folder, run } = await onPlatform(project(dealersCsv(3)));
  const words = ["sync", "--html", "report.html", "--language", "fr"];
  expect(await run(words)).toMatchObject({ code: 0 });
  expect(pageIn(folder, "report.html")).toContain("Tous les utilisateurs sont à jour dans Oplead.");
});

it("a refused sync says briefly what it would do, why it is refused and how to approve it", async () => {
  const { env, folder, run } = await onPlatform(project(dealersCsv(150)));
  const alert = 'notify: [(message) => console.error("ALERT", message.text.replaceAll("\\n", " | "))],';
  writeFileSync(join(folder, "oplead.config.mjs"), configWith(alert));
  const { code, stderr } = await run("sync --html report.html");
  expect(code).toBe(3);
  expect(stderr).toMatch(/The plan was refused\. Nothing was sent\.\n {2}150 to create\n {2}The ledger knows no user/);
  expect(stderr).toMatch(/\nIf these reasons are expected, approve it:\nnpx oplead-sdk sync --approve \w+\n$/);
  expect(stderr.replace(/^ALERT.*\n/m, "").split("\n").length).toBeLessThan(15);
  expect(stderr).toMatch(
    /^ALERT 150 to create\. \| The ledger .* \| Plan: \w+ \| Files: \/.*report\.html \| More: npx/m,
  );
  const page = pageIn(folder, "report.html");
  expect(page).toContain("This plan is refused");
  expect(page).toMatch(/npx oplead-sdk sync --approve \w+/);
  const lost = await folderWith({ "oplead.config.mjs": configWith() });
  expect(await oplead(lost, "sync --html report.html", { env })).toMatchObject({ code: 1 });
  expect(pageIn(lost, "report.html")).toContain("Nothing was sent: the run could not be carried out");
});
