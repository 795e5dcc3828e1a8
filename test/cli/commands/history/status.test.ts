import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prometheusText } from "../../../../src/cli/commands/history/prometheus.ts";
import { auditFile, fileLedger } from "../../../../src/sync/index.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../../../support/command.ts";
import { folderWith } from "../../../support/folder.ts";

it("status tells the last run, problems by kind, leavers and entries while a run has the ledger, and fails if no night ended in time", async () => {
  const platform = await openPlatform();
  const folder = await folderWith({
    "oplead.config.mjs": configWith(),
    "dealers.csv": dealersCsv(3, "DLR-9;;x@dealers.example;01000;30"),
  });
  const run = (...args: string[]) => oplead(folder, args, { env: platform.env });
  expect((await run("sync", "--first-run")).code).toBe(5);
  const ledger = fileLedger(join(folder, "oplead-ledger"));
  await ledger.getInfo();
  const file = join(folder, "oplead.prom");
  const french = await run("status", "--language", "fr");
  expect(french.stdout).toMatch(/^dernière exécution\s: partielle \(code 5\), /);
  expect(french.stdout).toMatch(/^ {2}non valide\s: nouveaux 1, connus 0$/m);
  expect((await run("history", "--language", "fr")).stdout).toMatch(/partielle \(code 5\): créé\s: 3, modifié\s: 0,/);
  const { stdout, code } = await run("status", "--max-age", "26h", "--prometheus", file);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^last run: partial \(exit 5\), [\d.]+ s ago, sync \d{8}T\d{6}Z-\w+\nlast complete: none\n/);
  expect(stdout).toContain(
    "open problems: 1 new, 0 known\n  invalid: 1 new, 0 known\nleavers due: 0\nledger entries: 3\n",
  );
  expect(readFileSync(file, "utf8")).toContain('oplead_open_problems_by_kind{kind="invalid",age="new"} 1\n');
  expect([statSync(file).mode & 0o777, readdirSync(folder).filter((name) => name.endsWith(".tmp"))]).toEqual([
    0o644,
    [],
  ]);
  await ledger.close();

  const old = auditFile({ file: join(folder, "old.jsonl") }, { now: () => Date.now() - 3 * 86_400_000 });
  const nothing = { testMode: false, counts: {}, requests: 0, durationMs: 0, findings: [] };
  old.write({ event: "run_ended", run: "1", status: "complete", exitCode: 0, ...nothing });
  const late = await oplead(folder, ["status", "--max-age", "2d", "--json", "--config", "old.mjs"], {
    env: platform.env,
    shell: `sed 's/^  source/  audit: "old.jsonl", source/' oplead.config.mjs > old.mjs; $OPLEAD`,
  });
  expect([late.code, JSON.parse(late.stdout).tooOld, late.stderr]).toEqual([
    1,
    true,
    "Error: No night has ended within 48 h.\n",
  ]);
}, 60_000);

it("the figures for Prometheus name every part once, leave out what is not known, and say if the queue cannot be asked", () => {
  const run = {
    run: "1",
    origin: "sync",
    status: "complete",
    exitCode: 0,
    requests: 1,
    durationMs: 1_500,
    ageMs: 1,
  } as const;
  const last = { ...run, code: undefined, beganAt: "1970-01-01T00:00:00.000Z", endedAt: "1970-01-01T00:00:02.000Z" };
  const status = {
    last,
    lastNight: last,
    lastComplete: undefined,
    open: [],
    newProblems: 1,
    knownProblems: 0,
    tooOld: false,
  };
  const queue = { waiting: 2, active: 1, delayed: 0, failed: 0, completed: 9, inbox: 3, oldestWaitingAt: 2_500 };
  const text = prometheusText({ time: "", ...status, leaversDue: 4, entries: undefined }, queue);
  const names = [...text.matchAll(/^# TYPE (\S+) gauge$/gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(text.split("\n").filter((line) => !line.startsWith("#"))).toEqual([
    "oplead_last_run_timestamp_seconds 2",
    "oplead_last_run_exit_code 0",
    'oplead_last_run_status{status="complete"} 1',
    "oplead_last_run_duration_seconds 1.5",
    "oplead_last_night_timestamp_seconds 2",
    "oplead_open_runs 0",
    'oplead_open_problems{age="new"} 1',
    'oplead_open_problems{age="known"} 0',
    "oplead_leavers_due 4",
    ...["waiting", "active", "delayed", "failed"].map(
      (state) => `oplead_queue_jobs{state="${state}"} ${queue[state as "waiting"]}`,
    ),
    "oplead_queue_users 3",
    "oplead_queue_oldest_job_timestamp_seconds 2.5",
    "oplead_queue_up 1",
    "",
  ]);
  expect(
    prometheusText({ time: "", ...status, leaversDue: 4, entries: undefined }, { error: { code: "x" } }),
  ).toContain("oplead_queue_up 0\n");
});
