import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dealersCsv, onPlatform, projectWith } from "../../support/command.ts";

const FILES = ["r.csv", "r.md", "r.json", "r.txt"];
const REPORTS = FILES.flatMap((file) => ["--report", file]);

it("each run writes every report file anew, even if the guard refuses the plan or the source fails", async () => {
  const { writes, folder, run } = await onPlatform(projectWith("guard: { minUsers: 2 },", dealersCsv(6)));
  const night = async (...more: string[]) => {
    const { code } = await run(["sync", ...REPORTS, ...more]);
    const [csv = "", markdown = "", json = "", text = ""] = FILES.map((file) =>
      readFileSync(join(folder, file), "utf8"),
    );
    return { code, csv, markdown, report: JSON.parse(json), text };
  };
  const first = await night();
  expect(first).toMatchObject({ code: 3, report: { status: "refused" } });
  expect(await night("--approve", first.report.hash)).toMatchObject({ code: 0, report: { status: "complete" } });
  const sent = writes();

  writeFileSync(join(folder, "dealers.csv"), dealersCsv(6).replaceAll("Étienne", "42"));
  const refused = await night();
  expect(refused).toMatchObject({ code: 3, report: { status: "refused", exitCode: 3 } });
  expect(refused.report.reason).toMatchObject({ code: "sync_refused", findings: [{ code: "mass_change" }] });
  expect(refused.csv).toContain("100% of 6 users would change");
  expect(refused.markdown).toContain("sync refused");
  expect(refused.text).toMatch(/^Sync refused/);

  rmSync(join(folder, "dealers.csv"));
  const failed = await night();
  expect(failed).toMatchObject({ code: 1, report: { status: "failed", reason: { code: "source_failed" } } });
  expect(failed.csv).toContain("run failed");
  expect(failed.text).toMatch(/^Sync failed/);

  writeFileSync(join(folder, "oplead.config.mjs"), "export default {");
  expect(await night()).toMatchObject({ code: 1, report: { status: "failed" } });
  expect(writes()).toBe(sent);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
