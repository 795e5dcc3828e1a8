import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ClassicLevel } from "classic-level";
import { afterAll, describe, expect, inject, it } from "vitest";
import { hashOf } from "../../../src/base/hash/hash.ts";
import { writeChecked } from "../../../src/ledger/checked-value.ts";
import type { LedgerEntry } from "../../../src/ledger/ledger.ts";
import { readRules } from "../../../src/rules/read.ts";
import { builtProgram } from "../../support/built.ts";
import { marksOf } from "../../support/fingerprints.ts";
import { fiveRules, openWorld, user } from "../../support/sync-users.ts";

const USERS = 100_000;
const directory = mkdtempSync(join(tmpdir(), "oplead-sync-"));
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("planning at scale", () => {
  it.each(["users", "rules"])(
    "a run over 100,000 unchanged users sends nothing, takes less than 10 s, and does not block the event loop (%s)",
    async (kind) => {
      const path = join(directory, kind);
      await writeLedger(path, kind === "rules");
      const world = await openWorld();
      const child = await builtProgram(new URL("unchanged-child.ts", import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [child, world.url, path, String(USERS), kind]);
      const measured = JSON.parse(stdout) as Record<string, number>;
      console.log(`${USERS} unchanged, ${kind}: ${stdout.trim()}`);
      expect(measured).toMatchObject({ status: "complete", unchanged: USERS });
      expect(world.fake.requests).toEqual([]);
      // The processor's time: tests that run beside this one take their share of the clock.
      expect(measured.cpuMs).toBeLessThan(10_000);
      expect(measured.megabytes).toBeLessThan(300);
      // The promise is 50 ms. Threads that collect garbage beside the program count here as well.
      expect(measured.blockMs).toBeLessThan(100);
      expect(measured.heapPerUser).toBeLessThan(1000);
      // With the garbage that is not collected yet, and the pages of LevelDB.
      expect(measured.bytesPerUser).toBeLessThan(2000);
      await world.close();
    },
  );
});

it("planning an unchanged user takes less than four times as long as JSON.stringify and SHA-256", async () => {
  const { stdout } = await promisify(execFile)("node", ["unchanged-cost.mjs"], { cwd: inject("consumers") });
  console.log(`unchanged users: ${stdout.trim()}`);
  // About 2.8 on a machine with nothing else to do.
  expect(JSON.parse(stdout).ratio).toBeLessThan(4);
});

/** What a run over all of them would have left behind, without the run. */
async function writeLedger(path: string, withRules: boolean): Promise<void> {
  const rules = withRules ? Object.fromEntries(readRules(fiveRules).map(({ name, body }) => [name, hashOf(body)])) : {};
  const level = new ClassicLevel(path);
  for (let first = 0; first < USERS; first += 1000) {
    await level.batch(
      Array.from({ length: 1000 }, (_, index) => {
        const number = first + index;
        const content = user(number);
        const entry: LedgerEntry = {
          id: String(100_000 + number),
          user: hashOf(content),
          ...marksOf(content, String(100_000 + number)),
          rules,
          at: 1_700_000_000_000,
        };
        const key = `ACC-${number}`;
        return { type: "put" as const, key, value: writeChecked(key, entry) };
      }),
    );
  }
  await level.close();
}
