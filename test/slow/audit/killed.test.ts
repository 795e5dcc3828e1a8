import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AuditLine, UserLine } from "../../../src/parts.ts";
import { seededRandom } from "../../../src/testing/arguments.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const USERS = 150;
const KILLS = 8;

it("after nine kills every audit line is whole, and each accepted user has exactly one", async () => {
  const { fake, env } = await openPlatform();
  fake.delay({ ms: 3 });
  const folder = await folderWith({
    "oplead.config.mjs": configWith("guard: false, checks: false,", "maxConcurrency: 4,"),
    "dealers.csv": dealersCsv(USERS),
  });
  const random = seededRandom(40);
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const path = join(folder, "oplead-audit.jsonl");
  const lines = (): AuditLine[] =>
    readFileSync(path, { encoding: "utf8", flag: "a+" })
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  const startedRuns = (): string[] => lines().flatMap((line) => (line.event === "run_started" ? line.run : []));
  const taken = new Map<string, Set<string>>();
  const attempt = async (kill?: number, requests = Math.ceil(random() * 25)): Promise<void> => {
    const [known, before] = [startedRuns().length, fake.requests.length];
    const { signal, code } = await oplead(folder, "sync --json", {
      env,
      onStart: async (child) => {
        if (kill === undefined) return;
        if (kill % 4 === 0) await pause(random() * 400);
        else {
          while (fake.requests.length < before + requests && child.exitCode === null) await pause(1);
        }
        child.kill("SIGKILL");
      },
    });
    expect(kill === undefined ? code : signal).toBe(kill === undefined ? 0 : "SIGKILL");
    await pause(10);
    await fake.settled();
    const byId = new Map(fake.users.map(({ id, accountNumber }) => [`${id}`, accountNumber]));
    const accounts = fake.requests.slice(before).flatMap(({ acted, body, path }) => {
      const { accountNumber = byId.get(path.split("/")[3] ?? "") } = (body ?? {}) as { accountNumber?: string };
      return acted ? (accountNumber ?? []) : [];
    });
    const run = startedRuns()[known];
    if (run === undefined) expect(accounts).toEqual([]);
    else taken.set(run, new Set(accounts));
  };
  for (let kill = 0; kill < KILLS; kill += 1) await attempt(kill);
  // A kill between a user's entry and its line is too short to be met, so the last line is taken away.
  await attempt(1, 40);
  const text = readFileSync(path, "utf8").trimEnd();
  const last = text.slice(text.lastIndexOf("\n") + 1);
  expect(JSON.parse(last)).toMatchObject({ event: "user", run: startedRuns().at(-1) });
  truncateSync(path, Buffer.byteLength(text) - Buffer.byteLength(last));
  await attempt();

  const all = lines();
  const users = all.filter((line): line is UserLine => line.event === "user");
  const runs = [...taken.keys()];
  expect(runs.length).toBeGreaterThan(KILLS / 2);
  const ends = all.flatMap((line) => (line.event === "run_ended" ? [[line.run, line.status]] : []));
  expect(new Map(ends as [string, string][])).toEqual(
    new Map(runs.map((run, i) => [run, i < runs.length - 1 ? "killed" : "complete"])),
  );
  expect(ends).toHaveLength(runs.length);
  // No line for a write that did not happen, and no line twice.
  expect(users.filter(({ run = "", accountNumber }) => !taken.get(run)?.has(accountNumber))).toEqual([]);
  expect(new Set(users.map(({ run, accountNumber }) => `${run} ${accountNumber}`)).size).toBe(users.length);
  const created = users.filter(({ outcome }) => outcome === "created");
  expect(new Set(created.map(({ accountNumber }) => accountNumber)).size).toBe(created.length);
  const ids = users.flatMap(({ requestIds }) => requestIds);
  expect(new Set(ids).size).toBe(ids.length);
  // If the answer was lost with the process, the line is of a later run that sent the user again.
  const lost = [...taken].flatMap(([run, accounts]) => {
    const later = new Set<string | undefined>(runs.slice(runs.indexOf(run)));
    const told = new Set(users.flatMap((line) => (later.has(line.run) ? line.accountNumber : [])));
    return [...accounts].filter((account) => !told.has(account)).map((account) => `${run} ${account}`);
  });
  expect(lost).toEqual([]);
  expect(new Set(users.map(({ accountNumber }) => accountNumber)).size).toBe(USERS);
  const { accountNumber: unwritten } = JSON.parse(last);
  expect(users.filter(({ accountNumber }) => accountNumber === unwritten)).toMatchObject([{ killed: true }]);
  expect(fake.users).toHaveLength(USERS);
});
