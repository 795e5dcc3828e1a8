import { spawn } from "node:child_process";
import { Redis } from "ioredis";
import { expect, onTestFinished } from "vitest";
import { redisLedger } from "../../src/redis/index.ts";
import { fileLedger, syncUsers } from "../../src/sync/index.ts";
import { seededRandom } from "../../src/testing/arguments.ts";
import { builtProgram } from "./built.ts";
import { folderWith } from "./folder.ts";
import type { Night } from "./night-child.ts";
import { fiveRules, openWorld, users } from "./sync-users.ts";

interface Kills {
  readonly kills: number;
  readonly users: number;
  readonly seed: number;
  readonly redisUrl?: string | undefined;
}

// Runs of a new state each are killed (SIGKILL) at random requests, with lost answers and failures. Then the last change
// is taken back, and Oplead must be right.
export async function expectNothingLost({ kills, users: count, seed, redisUrl }: Kills) {
  // The test shall see a user that was created twice.
  const world = await openWorld({ uniqueAccountNumbers: false });
  onTestFinished(() => world.close());
  const place = redisUrl === undefined ? `${await folderWith()}/ledger` : "killed:";
  const random = seededRandom(seed);
  let victim: Awaited<ReturnType<typeof spawnNight>> | undefined;
  let untilKill = Number.POSITIVE_INFINITY;
  const countDown = (): boolean => {
    untilKill -= 1;
    if (untilKill === 0) victim?.kill("SIGKILL");
    return false;
  };
  world.fake.fail({ on: countDown, as: "reset", times: Number.POSITIVE_INFINITY });
  const faults = [
    world.fake.fail({ as: "reset", when: "after", share: 0.05, seed }),
    world.fake.fail({ as: { status: 500 }, when: "after", share: 0.05, seed: seed + 1 }),
    world.fake.fail({ as: { status: 503 }, share: 0.05, seed: seed + 2 }),
  ];

  // Updates that are carried out and whose answers the victim does not live to see.
  world.fake.delay({ on: "updateUser", ms: 20, when: "after" });

  const start = (phone: string) => spawnNight({ baseUrl: world.url, place, count, phone, rules: fiveRules, redisUrl });
  let killed = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    // In the second half Oplead has all users.
    if (kill === kills / 2) await (await start(String(kill - 1))).ended;
    untilKill = 1 + Math.floor(random() * count);
    victim = await start(String(kill));
    killed += (await victim.ended) === "SIGKILL" ? 1 : 0;
    untilKill = Number.POSITIVE_INFINITY;
  }
  expect(killed).toBe(kills);

  const redis = redisUrl === undefined ? undefined : new Redis(redisUrl);
  onTestFinished(() => redis?.disconnect());
  const ledger = redis ? redisLedger(redis, { prefix: place }) : fileLedger(place);
  onTestFinished(() => ledger.close());
  const source = users(count).map((user) => ({ ...user, phone: String(kills - 2) }));
  const oplead = world.connect({ retry: { attempts: 8, baseMs: 1 } });
  const run = (hours: number) => {
    const now = () => Date.now() + hours * 3_600_000;
    return syncUsers(oplead, { source, map: (user) => ({ user, rules: fiveRules }), ledger, guard: false, now });
  };
  expect(await run(12)).toMatchObject({ status: "complete", findings: [] });
  expect(world.fake.duplicates()).toEqual([]);
  expect(world.fake.users).toHaveLength(count);
  for (const expected of source) {
    expect(world.fake.user(expected.accountNumber ?? "")).toMatchObject(expected);
    expect(Object.keys(world.fake.rules(expected.accountNumber ?? "") ?? {})).toHaveLength(5);
  }
  // It sends users whose answers were lost once more.
  for (const fault of faults) fault.remove();
  await run(24);
  expect(await run(36)).toMatchObject({ counts: { unchanged: count }, requests: 0 });
}

async function spawnNight(night: Night) {
  const program = await builtProgram(new URL("night-child.ts", import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(night)], { stdio: "inherit" });
  return {
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    ended: new Promise<string | null>((resolve) => child.on("exit", (_code, signal) => resolve(signal))),
  };
}
