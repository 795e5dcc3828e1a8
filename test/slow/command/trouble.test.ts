import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configWith, dealersCsv, onPlatform, openPlatform, oplead, said } from "../../support/command.ts";
import { installedFolder, ORDINARY_USER, onlyReadable, project } from "./project.ts";

it("a reader that closes the pipe early ends neither plan nor sync with an error", async () => {
  const { fake, run } = await onPlatform(project(300, "guard: { minUsers: 300 },"));
  const plan = await run("plan --json", {
    shell: "$OPLEAD | head -c 10; echo; echo $PIPESTATUS",
  });
  expect(plan.stdout.trim().split("\n").at(-1)).toBe("0");
  const sync = await run("sync --json", {
    shell: "$OPLEAD 2>&1 | head -n 1 >/dev/null; echo $PIPESTATUS",
  });
  expect(sync.stdout.trim()).toBe("0");
  expect(fake.users).toHaveLength(300);
  const again = await run("plan --json", {
    shell: "$OPLEAD | head -c 1 >/dev/null; echo $PIPESTATUS",
  });
  expect(again.stdout.trim()).toBe("0");
});

it("a result larger than a pipe arrives whole at a slow reader", async () => {
  const { run } = await onPlatform(project(2000));
  const { stdout } = await run("plan --json", { shell: "$OPLEAD 2>/dev/null | (sleep 1; cat)" });
  expect(stdout.length).toBeGreaterThan(200_000);
  expect(JSON.parse(stdout).changes).toHaveLength(2000);
});

it("a full disk behind stdout gives exit code 1 with the reason, and behind stderr it stops nothing", async () => {
  const { fake, run } = await onPlatform(project());
  const out = await run("plan", { shell: "$OPLEAD >/dev/full" });
  expect(out.code).toBe(1);
  expect(out.stderr).toContain("ENOSPC: the disk is full");
  const err = await run("sync", { shell: "$OPLEAD 2>/dev/full" });
  expect(err.code).toBe(0);
  expect(fake.users).toHaveLength(3);
});

it("an audit file that cannot be opened stops a run before it sends, and a full disk soon after", async () => {
  const { env, writes, run } = await onPlatform(project(40, 'audit: "/nowhere/audit.jsonl",'));
  const before = await run("sync --json");
  expect(before.code).toBe(1);
  expect(JSON.parse(before.stdout).error).toMatchObject({ code: "audit_unavailable" });
  expect(writes()).toBe(0);

  const full = await project(200, 'audit: "/dev/full", guard: { minUsers: 200 },', "maxConcurrency: 2,");
  const during = await oplead(full, "sync", { env });
  expect(during.code).toBe(1);
  expect(during.stderr).toContain("The audit file /dev/full cannot be written (ENOSPC)");
  expect(writes()).toBeLessThan(60);
});

it("a report or a plan that cannot be written gives an error with its path", async () => {
  const { run } = await onPlatform(project());
  const plan = await run("plan --out /nowhere/plan.json");
  expect(plan).toMatchObject({ code: 1 });
  expect(plan.stderr).toContain("could not be written to /nowhere/plan.json (ENOENT)");
  const report = await run("sync --report /nowhere/r.csv --json");
  expect(report).toMatchObject({ code: 1 });
  expect(report.stderr).toContain("The run is done, but its report could not be written to /nowhere/r.csv (ENOENT)");
  expect(JSON.parse(report.stdout)).toMatchObject({ status: "complete", counts: { created: 3 } });
});

it("a run in a folder without write permission gives an error that says so, and sends nothing", async () => {
  const { writes, folder, run } = await onPlatform(project());
  await onlyReadable(folder);
  const sync = await run("sync --json", { uid: ORDINARY_USER });
  expect(sync.code).toBe(1);
  expect(JSON.parse(sync.stdout).error.code).toBe("audit_unavailable");
  expect(sync.stderr).toMatch(/EACCES|permission denied/i);
  const saved = await run("plan --target fake --out plan.json", { uid: ORDINARY_USER });
  expect(saved.code).toBe(1);
  expect(saved.stderr).toContain("could not be written to plan.json (EACCES)");
  const init = await oplead(folder, "init", { uid: ORDINARY_USER });
  expect(init.code).toBe(1);
  expect(writes()).toBe(0);
});

it("the second of two runs names the process that has the ledger open, and does not disturb the first", async () => {
  const { fake, run } = await onPlatform(project(60, "", "maxConcurrency: 2,"));
  fake.delay({ ms: 30 });

  let pid: number | undefined;
  const first = run("sync", {
    onStart: async (child) => {
      pid = child.pid;
      await said(child, "of 60 users");
      const second = await run("sync --json");
      expect(second.code).toBe(1);
      const { error } = JSON.parse(second.stdout);
      expect(error.code).toBe("ledger_unavailable");
      expect(error.message).toContain(`process ${pid}: oplead sync, run 2`);
      const doctor = await run("doctor");
      expect(doctor.stdout).toContain(`process ${pid}`);
    },
  });
  expect(await first).toMatchObject({ code: 0 });
  expect(fake.duplicates()).toEqual([]);
  expect(fake.users).toHaveLength(60);
});

it("the command works in a folder with a non-ASCII name, with CRLF in the config, the CSV file and .env", async () => {
  const { fake, env } = await openPlatform();
  const folder = await installedFolder({
    "été à Nîmes/oplead.config.mjs": configWith()
      .replaceAll("\n", "\r\n")
      .replace("dealers.csv", "concessionnaires été.csv"),
    "été à Nîmes/concessionnaires été.csv": dealersCsv(3),
    "été à Nîmes/.env": `OPLEAD_TOKEN=${env.OPLEAD_TOKEN}\r\nOPLEAD_BASE_URL=${env.OPLEAD_BASE_URL}\r\n`,
  });
  const ended = await oplead(folder, ["sync", "--config", "été à Nîmes/oplead.config.mjs"]);
  expect(ended).toMatchObject({ code: 0 });
  expect(fake.users).toHaveLength(3);
  expect(existsSync(join(folder, "été à Nîmes/oplead-ledger"))).toBe(true);
  expect(readFileSync(join(folder, "été à Nîmes/oplead-audit.jsonl"), "utf8")).toContain("DLR-2");
});

it("the command names a package that the config imports and that is not installed", async () => {
  const folder = await installedFolder({ "oplead.config.mjs": 'import "not-installed-here";\nexport default {};' });
  const { code, stderr } = await oplead(folder, "plan");
  expect(code).toBe(1);
  expect(stderr).toContain("Cannot find package 'not-installed-here'");
});

it("--token-stdin takes the token from a pipe, and no output holds it", async () => {
  const { fake, env, folder, run } = await onPlatform(project(), { token: "piped-token-1234" });
  const { OPLEAD_TOKEN: _, ...rest } = env;
  const ended = await run("sync --token-stdin --json", { env: rest, input: "piped-token-1234\n" });
  expect(ended.code).toBe(0);
  expect(fake.users).toHaveLength(3);
  expect(ended.stdout + ended.stderr + readFileSync(join(folder, "oplead-audit.jsonl"), "utf8")).not.toContain(
    "piped-token",
  );
  const empty = await run("sync --token-stdin --json", { env: rest });
  expect(empty.code).toBe(1);
  expect(JSON.parse(empty.stdout).error.message).toContain("standard input is empty");
});
