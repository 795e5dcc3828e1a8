import { join } from "node:path";
import { expect, it } from "vitest";
import { openAudit, type RunEndedLine } from "../../../src/parts.ts";
import { fileLedger } from "../../../src/sync/index.ts";
import { configWith, dealersCsv, openPlatform, oplead, projectWith } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const ended = {
  ...({ event: "run_ended", exitCode: 0, testMode: false } as const),
  ...{ counts: {}, requests: 0, durationMs: 0, findings: [] },
};

it("status shows run, problems, leavers and entries while a process uses the ledger, and --max-age", async () => {
  const platform = await openPlatform();
  const folder = await projectWith("", dealersCsv(3, "DLR-9;;x@dealers.example;01000;30"));
  const run = (...args: string[]) => oplead(folder, args, { env: platform.env });
  expect((await run("sync")).code).toBe(5);
  const ledger = fileLedger(join(folder, "oplead-ledger"));
  await ledger.getInfo();
  const french = await run("status", "--language", "fr");
  expect(french.stdout).toMatch(/^dernière exécution\s: +partielle \(code 5\), /);
  expect(french.stdout).toMatch(/^ {2}non valide\s: 1 nouveau, 0 déjà connu$/m);
  expect((await run("history", "--language", "fr")).stdout).toMatch(
    / {2}partielle \(code 5\) {2}créé\s: 3, non valide\s: 1 {2}\d+ requêtes {2}/,
  );
  const { stdout, code } = await run("status", "--max-age", "26h");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^last run: +partial \(exit 5\), [\d.]+ s ago, sync \d{8}T\d{6}Z-\w+, 3 created, 1 invalid\nlast full send: +the same\n/,
  );
  expect(stdout).toContain(
    "open problems:  1 new, 0 known\n  invalid: 1 new, 0 known\n    DLR-9\nleavers due:    0\nledger entries: 3 after the last run\n",
  );
  await ledger.close();
  const early = openAudit({ file: join(folder, "oplead-audit.jsonl") }, { now: () => Date.now() + 86_400_000 });
  early.write({ ...ended, run: "2", status: "complete" });
  expect((await run("status")).stdout).toMatch(/^last run: +complete \(exit 0\), later than this clock, /);

  const old = openAudit({ file: join(folder, "old.jsonl") }, { now: () => Date.now() - 3 * 86_400_000 });
  old.write({ ...ended, run: "1", status: "complete" });
  const late = await oplead(folder, "status --max-age 2d --json --config old.mjs", {
    env: platform.env,
    shell: `sed 's/^  source/  audit: "old.jsonl", source/' oplead.config.mjs > old.mjs; $OPLEAD`,
  });
  expect([late.code, JSON.parse(late.stdout).tooOld, late.stderr]).toEqual([
    1,
    true,
    "Error: No night has ended within 48 h.\n",
  ]);
});

it("status --check writes one line, and exits with 0, 1, 2 or 3 as monitoring expects", async () => {
  const file = "oplead-audit.jsonl";
  const folder = await folderWith({ "oplead.config.mjs": configWith(), "none.mjs": configWith("audit: false,") });
  const audit = openAudit(join(folder, file), { now: () => Date.now() - 3_600_000 });
  const check = async (...args: string[]) => {
    const { code, stdout } = await oplead(folder, ["status", "--check", ...args]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    return [code, stdout.trimEnd()];
  };
  expect(await check()).toEqual([2, "OPLEAD CRITICAL - No night has ended within 26 h."]);
  const end = (run: string, status: RunEndedLine["status"], exitCode: number, counts = {}, part?: true) =>
    audit.write({
      event: "run_ended",
      run,
      status,
      exitCode,
      counts,
      part,
      testMode: false,
      requests: 0,
      durationMs: 0,
      findings: [],
    });
  end("1", "complete", 0, { created: 3 });
  expect(await check()).toEqual([0, "OPLEAD OK - complete (exit 0), 1 h ago, sync 1, 3 created"]);
  expect(await check("--max-age", "30m")).toEqual([
    2,
    "OPLEAD CRITICAL - No night has ended within 30 min. complete (exit 0), 1 h ago, sync 1, 3 created",
  ]);
  expect((await oplead(folder, "status --max-age 26h")).code).toBe(0);
  end("2", "partial", 5, { invalid: 1 });
  expect((await check())[0]).toBe(1);
  expect((await oplead(folder, "status --max-age 26h")).code).toBe(0);
  for (const [status, exitCode] of [
    ["refused", 3],
    ["failed", 1],
    ["aborted", 130],
  ] as const) {
    end(status, status, exitCode);
    expect(await check()).toEqual([
      2,
      expect.stringContaining(`OPLEAD CRITICAL - ${status} (exit ${exitCode}), 1 h ago`),
    ]);
    const { code, stderr } = await oplead(folder, "status --max-age 26h");
    expect([code, stderr]).toEqual([1, expect.stringContaining("The last night did not do its work")]);
  }
  end("3", "complete", 0, { created: 1 }, true);
  expect((await check())[0]).toBe(2);
  expect(await check("--config", "none.mjs")).toEqual([3, expect.stringMatching(/^OPLEAD UNKNOWN - .*no audit file/)]);
  expect((await check("--config", "missing.mjs"))[0]).toBe(3);
  expect((await check("--language", "fr"))[1]).toMatch(/^OPLEAD CRITICAL - /);
  await audit.close();
});
