import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hasRedis } from "../../support/redis-server.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const demo = ["--import", "tsx", "examples/cluster/demo.ts"];

describe("npm run demo:cluster", () => {
  it.skipIf(!hasRedis)(
    "npm run demo:cluster ends every process on Ctrl-C, with exit code 1",
    async () => {
      const child = spawn(process.execPath, [...demo, "--users", "2000"], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
      });
      // By then all processes run.
      for await (const chunk of child.stdout) if (/^ *\d+ s /m.test(String(chunk))) break;
      const started = descendants(child.pid as number);
      expect(started.filter(({ command }) => command.includes("redis-server"))).toHaveLength(1);
      expect(started.filter(({ command }) => command.includes(" worker "))).toHaveLength(3);
      expect(started.filter(({ command }) => command.includes(" serve "))).toHaveLength(2);
      child.kill("SIGINT");
      expect((await once(child, "exit"))[0]).toBe(1);
      expect(running().filter(({ pid }) => started.some((one) => one.pid === pid))).toEqual([]);
    },
    120_000,
  );

  it("npm run demo:cluster names the missing package if there is no redis-server", async () => {
    const child = spawn(process.execPath, demo, { cwd: root, env: { ...process.env, PATH: "/nowhere" } });
    let text = "";
    child.stderr.on("data", (chunk) => {
      text += chunk;
    });
    expect((await once(child, "close"))[0]).toBe(1);
    expect(text).toContain("apt-get install redis-server");
  });
});

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

// Without zombies.
function running(): Running[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], { encoding: "utf8" }).trim().split("\n");
  return lines.flatMap((line) => {
    const [, pid = "", parent = "", state = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return state.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

function descendants(pid: number): Running[] {
  const all = running();
  const under = (parent: number): Running[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...under(one.pid)]);
  return under(pid);
}
