import type { ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hashOf } from "../../../src/base/hash/hash.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const USERS = 40;
const CONFIG = configWith(
  'ledgerKey: "a secret of the tests, long enough", remember: true, guard: false, concurrency: 4,',
);

it("an undo that is killed in its middle and given again leaves Oplead as it was before the run, and sends next to nothing twice", async () => {
  const { fake, env } = await openPlatform();
  const folder = await folderWith({ "oplead.config.mjs": CONFIG, "dealers.csv": dealersCsv(USERS) });
  const state = () => hashOf(fake.users.map((one) => [one, fake.rules(String(one.id))]));
  const json = async (...words: string[]) => JSON.parse((await oplead(folder, [...words, "--json"], { env })).stdout);
  await json("sync");
  const before = state();
  const file = join(folder, "dealers.csv");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("Étienne", "Wrong").replaceAll(";30", ";90"));
  const { runId } = await json("sync");
  expect(state()).not.toBe(before);

  const plan = await json("undo", runId);
  expect(plan.counts.changed).toBe(USERS);
  let victim: ChildProcess | undefined;
  let left = USERS;
  const kill = fake.fail({
    on: () => {
      left -= 1;
      if (left === 0) victim?.kill("SIGKILL");
      return false;
    },
    as: "reset",
  });
  const begun = fake.requests.length;
  const killed = await oplead(folder, ["undo", runId, "--approve", plan.hash], {
    env,
    onStart: (child) => {
      victim = child;
    },
  });
  kill.remove();
  expect(killed.signal).toBe("SIGKILL");
  expect(state()).not.toBe(before);

  const rest = await json("undo", runId);
  expect(rest.counts.changed).toBeGreaterThan(0);
  expect(rest.counts.changed).toBeLessThan(USERS);
  const ended = await oplead(folder, ["undo", runId, "--approve", rest.hash], { env });
  expect(ended.code).toBe(0);
  expect(state()).toBe(before);
  expect(fake.users).toHaveLength(USERS);
  const writes = fake.requests.slice(begun).filter(({ method }) => method !== "GET").length;
  // A user and its rule each; and again what was under way when the process was killed.
  expect(writes).toBeGreaterThanOrEqual(2 * USERS);
  expect(writes).toBeLessThanOrEqual(2 * USERS + 2 * 4);

  const asked = fake.requests.length;
  expect((await json("undo", runId)).changes).toEqual([]);
  expect(fake.requests.slice(asked)).toEqual([]);
}, 120_000);
