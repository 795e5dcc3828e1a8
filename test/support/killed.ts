import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { fileLedger, syncUsers } from "../../src/sync/index.ts";
import { seededRandom } from "../../src/testing/arguments.ts";
import { builtProgram } from "./built.ts";
import { fiveRules, openWorld, users } from "./sync-users.ts";

// Runs are killed (SIGKILL) at random requests, with lost answers and failures. Then one ends, and Oplead must be right.
export async function expectNothingLost(options: { kills: number; users: number; seed: number }): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "oplead-killed-"));
  // The test shall see a user that was created twice.
  const world = await openWorld({ uniqueAccountNumbers: false });
  const random = seededRandom(options.seed);
  const path = join(directory, "ledger");
  let victim: ChildProcess | undefined;
  let untilKill = Number.POSITIVE_INFINITY;
  try {
    const countDown = (): boolean => {
      untilKill -= 1;
      if (untilKill === 0) victim?.kill("SIGKILL");
      return false;
    };
    world.fake.fail({ on: countDown, as: "reset", times: Number.POSITIVE_INFINITY });
    const faults = [
      world.fake.fail({ as: "reset", when: "after", share: 0.05, seed: options.seed }),
      world.fake.fail({ as: { status: 500 }, when: "after", share: 0.05, seed: options.seed + 1 }),
      world.fake.fail({ as: { status: 503 }, share: 0.05, seed: options.seed + 2 }),
    ];

    const requests = options.users * 7;
    let killed = 0;
    for (let kill = 0; kill < options.kills; kill += 1) {
      untilKill = 1 + Math.floor((random() * 1.2 * requests) / options.kills);
      victim = await spawnRun(world.url, path, options.users);
      killed += (await ended(victim)) === "SIGKILL" ? 1 : 0;
    }
    expect(killed).toBe(options.kills);

    untilKill = Number.POSITIVE_INFINITY;
    const ledger = fileLedger(path);
    const source = users(options.users);
    const oplead = world.connect({ retry: { attempts: 8, baseMs: 1, maxMs: 5 } });
    const run = () => syncUsers(oplead, { source, map: (user) => ({ user, rules: fiveRules }), ledger, guard: false });
    const report = await run();
    expect(report.failed).toEqual([]);
    expect(report.status).toBe("complete");
    expect(world.fake.duplicates()).toEqual([]);
    expect(world.fake.users).toHaveLength(options.users);
    for (const expected of source) {
      expect(world.fake.user(expected.accountNumber ?? "")).toMatchObject(expected);
      expect(Object.keys(world.fake.rules(expected.accountNumber ?? "") ?? {})).toHaveLength(5);
    }
    // It sends users whose answers were lost once more.
    for (const fault of faults) fault.remove();
    await run();
    world.newRequests();
    expect((await run()).counts.unchanged).toBe(options.users);
    expect(world.newRequests()).toBe(0);
    await ledger.close();
  } finally {
    victim?.kill("SIGKILL");
    await world.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function spawnRun(url: string, path: string, count: number): Promise<ChildProcess> {
  const program = await builtProgram(new URL("killed-child.ts", import.meta.url));
  return spawn(process.execPath, [program, url, path, String(count)], { stdio: "inherit" });
}

function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => child.on("exit", (_code, signal) => resolve(signal)));
}

export async function spawnNight(...args: readonly (string | number)[]) {
  const program = await builtProgram(new URL("night-child.ts", import.meta.url));
  const child = spawn(process.execPath, [program, ...args.map(String)], { stdio: "inherit" });
  return { kill: (signal: NodeJS.Signals) => void child.kill(signal), ended: ended(child) };
}
