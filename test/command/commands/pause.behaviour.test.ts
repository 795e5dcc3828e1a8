import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dealersCsv, openPlatform, oplead, projectWith } from "../../support/command.ts";

async function opened(lines = "") {
  const platform = await openPlatform();
  const folder = await projectWith(`guard: false, audit: "./audit.jsonl", ${lines}`);
  const { OPLEAD_BASE_URL = "" } = platform.env;
  const env = { ...platform.env, OPLEAD_BASE_URL, OPLEAD_OPERATOR: "Ana", TZ: "UTC" };
  const run = (...args: string[]) => oplead(folder, args, { env });
  const ended = () => {
    const lines = readFileSync(join(folder, "audit.jsonl"), "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "run_ended");
  };
  return { ...platform, folder, env, run, ended };
}

it("during a pause sync, apply and retry send nothing, exit with 0, and say who paused and why", async () => {
  const { run, ended, writes, folder } = await opened();
  const set = await run("pause", "--until", "2d", "--reason", "HR export is wrong");
  expect(set).toMatchObject({ code: 0, stderr: "" });
  expect(set.stdout).toMatch(
    /^Runs are paused until \d{4}-\d\d-\d\d \d\d:\d\d UTC, for 48 h\. Webhooks and workers go on\./,
  );
  // The empty file, the reason for this pause, makes no run fail.
  writeFileSync(join(folder, "dealers.csv"), "");
  const night = await run("sync", "--report", "report.json", "--html", "report.html");
  expect(night.code).toBe(0);
  expect(night.stdout).toMatch(
    /Paused:\s+Runs are paused until .* UTC, by Ana \(HR export is wrong\) since .* UTC\. .*pause --off/,
  );
  expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toMatchObject({
    status: "paused",
    exitCode: 0,
  });
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("HR export is wrong");
  expect((await run("apply", "--approve", "aaaaaaaaaaaa", "--json")).code).toBe(0);
  expect((await run("retry", "DLR-0", "--language", "fr")).stdout).toContain("Les exécutions sont en pause jusqu’au");
  expect((await run("sync", "--source", "none.csv")).code).toBe(0);
  expect(writes()).toBe(0);
  expect(ended().map(({ origin, status, exitCode, code }) => [origin, status, exitCode, code])).toEqual(
    ["sync", "apply", "retry", "sync"].map((origin) => [origin, "paused", 0, "runs_paused"]),
  );

  expect(await run("status", "--check")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^OPLEAD WARNING - paused: until .* by Ana.*HR export is wrong.*; paused \(exit 0, runs_paused\)/,
    ),
  });
  const status = await run("status", "--max-age", "26h");
  expect(status).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^paused: +until .*, by Ana \(HR export is wrong\) since .*\n/),
  });
  expect(JSON.parse((await run("status", "--json")).stdout).pause).toMatchObject({ by: "Ana (HR export is wrong)" });
  expect((await run("doctor")).stdout).toMatch(
    /Pause: +runs are paused until .* UTC, by Ana \(HR export is wrong\) since|Pause: runs are paused until/,
  );
  expect((await run("doctor", "--language", "fr")).stdout).toContain("les exécutions sont en pause jusqu’au");

  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3));
  expect((await run("pause", "--off")).stdout).toMatch(
    /^The pause is over: until .*, by Ana \(HR export is wrong\) since .*\. The next run sends again\./,
  );
  expect((await run("pause", "--off")).stdout).toBe("Runs are not paused.\n");
  expect((await run("sync")).code).toBe(0);
  expect(writes()).toBeGreaterThan(0);
});

it("a stored pause that is damaged keeps runs from sending until it is set anew or ended", async () => {
  const { run, folder, fake } = await opened();
  writeFileSync(join(folder, "oplead-ledger.pause"), "until tomorrow\n");
  const night = await run("sync");
  expect(night).toMatchObject({ code: 1, stderr: expect.stringContaining("The pause of the runs is damaged") });
  expect(await run("status")).toMatchObject({ code: 1, stderr: expect.stringContaining("damaged") });
  expect(await run("doctor")).toMatchObject({ code: 1, stdout: expect.stringContaining("damaged") });
  expect(fake.users).toEqual([]);
  expect((await run("pause", "--off")).code).toBe(0);
  expect((await run("sync")).code).toBe(0);
});

it.each([
  [[], "Say until when"],
  [["--off", "--until", "2d"], "Say until when"],
  [["--reason", "why"], "Say until when"],
  [["--until", "tomorrow"], "It must be a length of time (2d, 36h, 90m)"],
  [["--until", "31d"], "must be at most 30 days ahead"],
  [["--until", "2020-01-31 08:00"], "must be later than now"],
])(
  "the command pause with the arguments %j is refused with the reason, and pauses nothing",
  async (args, reason) => {
    const { run, folder } = await opened();
    expect(await run("pause", ...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
    expect(existsSync(join(folder, "oplead-ledger.pause"))).toBe(false);
  },
  60_000,
);
