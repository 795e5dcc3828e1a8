import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fileLedger, moveUsers, syncUsers } from "../../../src/sync/index.ts";
import { seededRandom } from "../../../src/testing/arguments.ts";
import { builtProgram } from "../../support/built.ts";
import { entriesOf } from "../../support/ledger-contract.ts";
import { moved, moves } from "../../support/moving.ts";
import { openWorld, users } from "../../support/sync-users.ts";

const COUNT = 500;
const KILLS = 12;

test("if a process that makes 500 moves is killed twelve times, each user exists once in the end, under its new number, and nothing is left to send", {
  timeout: 600_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), "oplead-moves-"));
  const path = join(directory, "ledger");
  const world = await openWorld({ uniqueAccountNumbers: false });
  onTestFinished(() => world.close());
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const oplead = world.connect();
  const first = fileLedger(path);
  await syncUsers(oplead, { source: users(COUNT), map: (user) => ({ user }), ledger: first, guard: false });
  await first.close();

  const random = seededRandom(7);
  const program = await builtProgram(new URL("../../support/moving-child.ts", import.meta.url));
  const progress: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const stdio: ("ignore" | "inherit" | "ipc")[] = ["ignore", "inherit", "inherit", "ipc"];
    const child: ChildProcess = spawn(process.execPath, [program, world.url, path, String(COUNT)], { stdio });
    const ended = once(child, "exit");
    await once(child, "message");
    await new Promise((resolve) => setTimeout(resolve, random() * 60));
    child.kill("SIGKILL");
    expect((await ended)[1]).toBe("SIGKILL");
    const ledger = fileLedger(path);
    const known = (await entriesOf(ledger)).flatMap(([name, { id }]) =>
      id === undefined ? [] : [[name, id] as const],
    );
    await ledger.close();
    expect(known).toHaveLength(COUNT);
    expect(new Set(known.map(([, id]) => id)).size).toBe(COUNT);
    progress.push(known.filter(([name]) => name.startsWith("NEW-")).length);
  }
  console.log(`Users under new numbers after each kill: ${progress.join(" ")}`);
  expect(progress.filter((done) => done > 0 && done < COUNT).length).toBeGreaterThan(0);

  await using ledger = fileLedger(path);
  expect(await moveUsers(ledger, moves(COUNT))).toMatchObject({ unknown: [], occupied: [] });
  const run = () => syncUsers(oplead, { source: moved(COUNT), map: (user) => ({ user }), ledger, guard: false });
  expect(await run()).toMatchObject({ status: "complete", missing: [] });
  expect(world.fake.duplicates()).toEqual([]);
  expect(world.fake.users.map(({ accountNumber }) => accountNumber).sort()).toEqual(
    moves(COUNT)
      .map(([, to]) => to)
      .sort(),
  );
  world.newRequests();
  expect(await run()).toMatchObject({ counts: { unchanged: COUNT } });
  expect(world.newRequests()).toBe(0);
});
