import { expect, it } from "vitest";
import { onPlatform, said } from "../../support/command.ts";
import { project } from "./project.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it.each([
  ["SIGINT", [], "to continue."],
  ["SIGTERM", ["--resend"], "with --resend it begins anew."],
] as const)(
  "after the first signal %s requests in flight finish, and the next run sends the rest",
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
    expect(report).toMatchObject({ status: "aborted", counts: { failed: 0 } });
    expect(stderr).toContain("Finishing the requests in flight. Ctrl-C again stops at once.");
    expect(stderr).toContain(`${report.counts.created} of 60 users, ${report.findings.length} skipped\n`);
    expect(stderr).toContain(`Interrupted with ${report.findings.length} users left. Run the same command again`);
    expect(stderr).toContain(advice);
    expect(report.counts.created).toBe(fake.users.length);
    fake.reset();
    const counts = JSON.parse((await run("plan --json")).stdout).counts;
    expect(counts.unchanged).toBe(report.counts.created);
    expect(counts.new).toBe(report.findings.length);
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
