import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { onPlatform, oplead } from "../../support/command.ts";
import { project } from "./project.ts";

// util-linux; both streams arrive on stdout.
const inTerminal = (command: string) => `script --quiet --return --command "${command}" /dev/null`;

function hasScript() {
  try {
    execFileSync("script", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasScript())("the command on a terminal", () => {
  it("sync shows a moving bar, restores the cursor, and writes the report after it", async () => {
    const { env, fake, run } = await onPlatform(project(60));
    fake.delay({ ms: 20 });

    const { code, stdout } = await run("sync", {
      env: { ...env, TERM: "xterm" },
      shell: inTerminal("$OPLEAD"),
    });
    expect(code).toBe(0);
    expect(stdout).toContain("60 of 60 users");
    expect(stdout.match(/\d+ of 60 users/g)?.length).toBeGreaterThan(2);
    expect(stdout.lastIndexOf("\u001b[?25h")).toBeGreaterThan(stdout.lastIndexOf("\u001b[?25l"));
    expect(stdout.indexOf("Sync complete")).toBeGreaterThan(stdout.lastIndexOf("60 of 60"));
  });

  it("Ctrl-C ends a run in good order, restores the cursor and lists the users that are left", async () => {
    const { env, fake, folder, run } = await onPlatform(project(60, "", "maxConcurrency: 4,"));
    fake.delay({ ms: 40 });

    const keys = `{ until [ -e now ]; do sleep 0.02; done; printf '\\003'; sleep 2; }`;
    const { code, stdout } = await run("sync", {
      env: { ...env, TERM: "xterm" },
      shell: `set -o pipefail; ${keys} | ${inTerminal("$OPLEAD")}`,
      onStart: async () => {
        while (fake.requests.length < 8) await new Promise((resolve) => setTimeout(resolve, 10));
        writeFileSync(join(folder, "now"), "");
      },
    });
    expect(code).toBe(130);
    expect(stdout).toContain("Finishing the requests in flight. Ctrl-C again stops at once.");
    expect(stdout.lastIndexOf("\u001b[?25h")).toBeGreaterThan(stdout.lastIndexOf("\u001b[?25l"));
    expect(stdout).toMatch(/Interrupted with \d+ users left\. Run the same command again to continue\./);
    expect(fake.users.length).toBeLessThan(60);
  });

  it("without a terminal the command writes plain lines without control characters", async () => {
    const { run } = await onPlatform(project(60));
    const { stdout, stderr } = await run("sync");
    expect(stderr).toMatch(/^60 of 60 users$/m);
    expect(stdout + stderr).not.toContain("\u001b");
  });

  it("the command colours errors on a terminal, and not with NO_COLOR, TERM=dumb or in a pipe", async () => {
    const folder = await project();
    const shell = inTerminal("$OPLEAD");
    const shown = async (env: Record<string, string>) => (await oplead(folder, "plan x.json", { env, shell })).stdout;
    expect(await shown({ TERM: "xterm" })).toContain("\u001b[31mError:");
    expect(await shown({ TERM: "xterm", NO_COLOR: "1" })).not.toContain("\u001b");
    expect(await shown({ TERM: "dumb" })).not.toContain("\u001b");
    expect((await oplead(folder, "plan x.json")).stderr).toBe("Error: There is no plan x.json.\n[plan_file]\n");
  });

  it("apply without a saved plan shows the plan and asks, and any answer but yes sends nothing", async () => {
    const { fake, run } = await onPlatform(project());
    const shell = inTerminal("$OPLEAD");
    const no = await run("apply", { shell, input: "y\n" });
    expect(no.stdout).toContain('Type "yes"');
    expect(no.stdout).toContain("Nothing was sent.");
    expect(no.code).toBe(1);
    expect(fake.users).toHaveLength(0);
    const yes = await run("apply", { shell, input: "yes\n" });
    expect(yes.code).toBe(0);
    expect(fake.users).toHaveLength(3);
  });
});
