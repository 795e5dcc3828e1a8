import type { ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type AuditLine, type AuditQuery, readAudit } from "../../../src/parts.ts";
import { configWith, dealersCsv, openPlatform, oplead, projectWith } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const hashIn = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout).error.hash;

async function open(config = "") {
  const platform = await openPlatform();
  const env = { ...platform.env, OPLEAD_OPERATOR: "eve" };
  const folder = await projectWith(config);
  const file = join(folder, "oplead-audit.jsonl");
  return {
    ...{ ...platform, folder, file },
    run: (...args: string[]) => oplead(folder, [...args, "--json"], { env }),
    lines: (query?: AuditQuery) => [...readAudit(file, query)],
  };
}

const shown = (lines: readonly AuditLine[]) =>
  lines.map((line) => ("accountNumber" in line ? line.outcome : "status" in line ? line.status : line.event));

it("a run writes audit lines for beginning, plan, users and end, all with its report's run id", async () => {
  const { run, lines, env } = await open();
  const report = JSON.parse((await run("sync")).stdout);
  const all = lines();
  expect(shown(all)).toEqual(["run_started", "run_planned", "created", "created", "created", "complete"]);
  expect(new Set(all.map((line) => line.run))).toEqual(new Set([report.runId]));
  expect(new Set(all.map((line) => line.origin))).toEqual(new Set(["sync"]));
  expect(all[0]).toMatchObject({
    ...{ version: 2, operator: "eve", host: hostname(), packageVersion: expect.stringMatching(/^\d/) },
    platform: { baseUrl: env.OPLEAD_BASE_URL },
  });
  expect(all[1]).toMatchObject({ plan: report.hash, changes: 3, approvedBy: [], findings: [] });
  expect(all.at(-1)).toMatchObject({ exitCode: 0, counts: { created: 3 }, requests: report.requests, testMode: false });
});

it("the audit has a first and a last line for runs that changed nothing, were refused or failed", async () => {
  const { run, lines, folder } = await open("guard: { minUsers: 2, maxChanged: 0 },");
  const refused = await run("sync");
  const codes = [
    refused.code,
    (await run("sync", "--test")).code,
    (await run("sync", "--approve", hashIn(refused))).code,
  ];
  codes.push((await run("sync")).code, (await run("retry")).code);
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3).replaceAll("Étienne", "Durand"));
  codes.push((await run("sync")).code);
  writeFileSync(join(folder, "oplead.config.mjs"), configWith('source: (() => { throw new Error("x"); }),'));
  codes.push((await run("sync")).code);
  expect(codes).toEqual([3, 0, 0, 0, 0, 3, 1]);
  const ends = lines({ runs: true }).filter((line) => line.event === "run_ended");
  expect(lines({ runs: true }).filter((line) => line.event === "run_started")).toHaveLength(7);
  const planned = lines().flatMap((line) => (line.event === "run_planned" ? [line.approvedBy.join()] : []));
  expect(planned).toContain("--approve");
  expect(
    ends.map(({ origin, status, exitCode, code, testMode, findings }) => [
      origin,
      status,
      exitCode,
      code,
      testMode,
      findings,
    ]),
  ).toEqual([
    ["sync", "refused", 3, "sync_refused", false, ["first_run"]],
    ["test", "complete", 0, undefined, true, ["first_run"]],
    ["sync", "complete", 0, undefined, false, ["first_run"]],
    ["sync", "complete", 0, undefined, false, []],
    ["retry", "complete", 0, undefined, false, []],
    ["sync", "refused", 3, "sync_refused", false, ["mass_change"]],
    ["sync", "failed", 1, "source_failed", false, []],
  ]);
});

it("records that cannot be sent have an audit line too, with their problems and without their values", async () => {
  const { run, lines, file, folder } = await open("checks: false,");
  const more =
    "\r\nDLR-9;;nobody@dealers.example;01000;30\r\nDLR-8;A;a@x.example;01000;1\r\nDLR-8;B;b@x.example;01000;1";
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(1, more.slice(2)));
  expect((await run("sync")).code).toBe(5);
  const users = lines().filter((line) => line.event === "user");
  expect(Object.fromEntries(users.map(({ accountNumber, outcome }) => [accountNumber, outcome]))).toEqual({
    ...{ "DLR-0": "created", "DLR-8": "duplicate", "DLR-9": "invalid" },
  });
  expect(users.find(({ outcome }) => outcome === "invalid")?.issues?.map(({ path }) => path)).toContain("lastname");
  expect(readFileSync(file, "utf8")).not.toContain("dealers.example");
});

it("the next run writes the end of killed runs into the audit, and the users that they had sent", async () => {
  const platform = await openPlatform();
  platform.fake.delay({ ms: 5 });
  const folder = await folderWith({
    "oplead.config.mjs": configWith("", "maxConcurrency: 4,"),
    "dealers.csv": dealersCsv(60),
  });
  const sync = (onStart?: (child: ChildProcess) => void) =>
    oplead(folder, "sync --json", { env: platform.env, ...(onStart && { onStart }) });
  for (let kill = 1; kill <= 3; kill += 1) {
    const before = platform.fake.requests.length;
    const { signal } = await sync(async (child) => {
      // Or the command has ended.
      while (platform.fake.requests.length < before + 25 && child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      child.kill("SIGKILL");
    });
    expect(signal).toBe("SIGKILL");
  }
  expect((await sync()).code).toBe(0);
  expect(platform.fake.users).toHaveLength(60);

  const all = [...readAudit(join(folder, "oplead-audit.jsonl"))];
  const ends = all.filter((line) => line.event === "run_ended").map(({ status }) => status);
  expect(ends).toEqual(["killed", "killed", "killed", "complete"]);
  const users = all.filter((line) => line.event === "user");
  expect(new Set(users.map(({ accountNumber }) => accountNumber)).size).toBe(60);
  const created = users.filter(({ outcome }) => outcome === "created").map(({ accountNumber }) => accountNumber);
  expect(new Set(created).size).toBe(created.length);
  const started = new Set(all.filter((line) => line.event === "run_started").map(({ run }) => run));
  expect(users.every(({ run = "" }) => started.has(run))).toBe(true);
});

it("a user that a killed run sent is reported as sent, not as created, without an earlier line", async () => {
  const { folder, file, run, lines } = await open("guard: false,");
  expect((await run("sync")).code).toBe(0);
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3).replaceAll("dealers.example", "other.example"));
  expect((await run("sync")).code).toBe(0);
  expect(lines()[1]).toMatchObject({ event: "run_planned", approvedBy: ["guard: false"] });
  // As if earlier lines had been removed, and this run killed before it wrote any.
  const last = lines().findLast(({ event }) => event === "run_started")?.run;
  const kept = lines().filter((line) => line.run === last && ["run_started", "run_planned"].includes(line.event));
  writeFileSync(file, kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
  expect((await run("sync")).code).toBe(0);
  const killed = lines().flatMap((line) => (line.event === "user" && line.killed ? [line] : []));
  expect(killed.map(({ accountNumber, outcome }) => [accountNumber, outcome])).toEqual([
    ["DLR-0", "sent"],
    ["DLR-1", "sent"],
    ["DLR-2", "sent"],
  ]);
  const why = await oplead(folder, "why DLR-0 --no-plan");
  expect(why.stdout).toContain("sent (written by the next run)");
});
