import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ClassicLevel } from "classic-level";
import { afterAll, expect, it } from "vitest";
import { hashOf } from "../../../src/core/hash.ts";
import { writeChecked } from "../../../src/ledger/file.ts";
import type { LedgerEntry } from "../../../src/ledger/ledger.ts";
import { readRules } from "../../../src/rules/rules.ts";
import { builtProgram } from "../../support/built.ts";
import { fingerprintsOfUser, TEST_KEY } from "../../support/fingerprints.ts";
import { fiveRules, openWorld, user } from "../../support/sync-users.ts";

// 100,000 users take two and a half times as long.
const USERS = 40_000;
const directory = mkdtempSync(join(tmpdir(), "oplead-sync-"));
afterAll(() => rm(directory, { recursive: true, force: true }));

it("a run over 40,000 unchanged users sends nothing, and takes less than 1.2 kB of heap for each", async () => {
  const path = join(directory, "rules");
  await writeLedger(path);
  const world = await openWorld();
  const child = await builtProgram(new URL("unchanged-child.ts", import.meta.url));
  const words = [child, world.url, path, String(USERS), TEST_KEY];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const measured = JSON.parse(stdout) as Record<string, number>;
  console.log(`${USERS} unchanged, with five rules: ${stdout.trim()}`);
  expect(measured).toMatchObject({ status: "complete", unchanged: USERS });
  expect(world.fake.requests).toEqual([]);
  // With uncollected garbage and pages of LevelDB. Measured: 180.
  expect(measured.megabytes).toBeLessThan(240);
  expect(measured.heapPerUser).toBeLessThan(1200);
  await world.close();
});

async function writeLedger(path: string) {
  const sent = readRules(fiveRules).map(({ name, body }) => ({ name, body, hash: hashOf(body) }));
  const rules = Object.fromEntries(sent.map(({ name, hash }) => [name, hash]));
  const acceptedRules = Object.fromEntries(sent.map(({ name, hash, body }) => [name, { hash, body }]));
  const level = new ClassicLevel(path);
  for (let first = 0; first < USERS; first += 1000) {
    await level.batch(
      Array.from({ length: 1000 }, (_, index) => {
        const number = first + index;
        const content = user(number);
        const hash = hashOf(content);
        const entry: LedgerEntry = {
          id: String(100_000 + number),
          user: hash,
          ...fingerprintsOfUser(content, String(100_000 + number)),
          rules,
          accepted: {
            user: hash,
            country: content.address?.country?.code,
            zipCode: content.address?.zipCode,
            rules: acceptedRules,
          },
          at: 1_700_000_000_000,
        };
        const key = `ACC-${number}`;
        return { type: "put" as const, key, value: writeChecked(key, entry) };
      }),
    );
  }
  await level.close();
}
