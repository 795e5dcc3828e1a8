import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { seededRandom } from "../../../src/testing/arguments.ts";
import { onPlatform, said } from "../../support/command.ts";
import { project } from "./project.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it.each([
  ["SIGINT", [], "to continue."],
  ["SIGTERM", ["--resend"], "with --resend it begins anew."],
] as const)(
  "after the first signal %s requests in flight finish, the report lists the rest, and the next run continues",
  async (signal, flags, advice) => {
    const { fake, run } = await onPlatform(project(60, "", "maxConcurrency: 4,"));
    fake.delay({ ms: 40 });

    const { code, stdout, stderr } = await run(["sync", "--json", ...flags], {
      onStart: async (child) => {
        await said(child, "of 60 users");
        child.kill(signal);
      },
    });
    expect(code).toBe(130);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ status: "aborted", failed: [] });
    expect(stderr).toContain("Finishing the requests in flight. Ctrl-C again stops at once.");
    expect(stderr).toContain(`${report.counts.created} of 60 users, ${report.skipped.length} skipped\n`);
    expect(stderr).toContain(`Interrupted with ${report.skipped.length} users left. Run the same command again`);
    expect(stderr).toContain(advice);
    expect(report.counts.created).toBe(fake.users.length);
    fake.reset();
    const counts = JSON.parse((await run("plan --json")).stdout).counts;
    expect(counts.unchanged).toBe(report.counts.created);
    expect(counts.new).toBe(report.skipped.length);
  },
);

it("the second signal ends the command at once, and the next run creates no user twice", async () => {
  const { fake, run } = await onPlatform(project(20));
  const slow = fake.delay({ on: "createUser", ms: 6000 });

  let signalled = 0;
  const { code } = await run("sync", {
    onStart: async (child) => {
      while (!fake.requests.some(({ method }) => method === "POST")) await wait(10);
      child.kill("SIGINT");
      await said(child, "Finishing");
      signalled = Date.now();
      child.kill("SIGINT");
    },
  });
  expect(code).toBe(130);
  expect(Date.now() - signalled).toBeLessThan(4000);
  slow.remove();
  await fake.settled();
  expect(await run("sync")).toMatchObject({ code: 0 });
  expect(fake.duplicates()).toEqual([]);
  expect(fake.users).toHaveLength(20);
});

it("the first signal during the reading of the source ends the command, and nothing was sent", async () => {
  const { writes, run } = await onPlatform(
    project(
      3,
      "targets: { slow: { source: async function* () { console.error('reading'); for (;;) { await new Promise((r) => setTimeout(r, 20)); yield { ref: 'X' }; } } } },",
    ),
  );
  const { code, stdout } = await run("sync --target slow --json", {
    onStart: async (child) => {
      await said(child, "reading");
      child.kill("SIGINT");
    },
  });
  expect(code).toBe(130);
  expect(JSON.parse(stdout).error.code).toBe("interrupted");
  expect(writes()).toBe(0);
});

it("signals at random moments lose no user and create none twice", async () => {
  const { fake, folder, run } = await onPlatform(project(150, "guard: { minUsers: 150 },", "maxConcurrency: 4,"));
  fake.delay({ ms: 5 });

  const random = seededRandom(7);
  const codes = new Set<number | null>();
  for (let round = 0; round < 12; round += 1) {
    const { code, stdout } = await run("sync --json", {
      onStart: async (child) => {
        // In the first rounds the signal comes while users are sent, in the others at any time.
        const before = fake.requests.length;
        while (round < 6 && fake.requests.length === before && child.exitCode === null) await wait(5);
        await wait(round < 6 ? random() * 80 : 150 + random() * 700);
        child.kill(round % 2 === 0 ? "SIGINT" : "SIGTERM");
      },
    });
    codes.add(code);
    if (stdout !== "") JSON.parse(stdout);
  }
  expect([...codes].every((code) => code === 0 || code === 130 || code === null)).toBe(true);
  expect(codes).toContain(130);
  const last = await run("sync");
  expect(last, `${last.stdout}\n${last.stderr}`).toMatchObject({ code: 0 });
  expect(fake.duplicates()).toEqual([]);
  expect(fake.users).toHaveLength(150);
  const lines = readFileSync(join(folder, "oplead-audit.jsonl"), "utf8").trim().split("\n");
  const arrived = lines
    .map((line) => JSON.parse(line))
    .filter(({ outcome }) => outcome === "created" || outcome === "updated");
  expect(new Set(arrived.map(({ accountNumber }) => accountNumber)).size).toBe(150);
});
