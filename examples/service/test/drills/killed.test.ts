/** A worker is killed in the middle of a night. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Line, linesInto, openWorld, PERSON, runbook, until, type World } from "../support/world.js";

const USERS = 60;

let world: World;
beforeAll(async () => {
  world = await openWorld({ names: ["killed"], lockMs: 1_500 });
});
afterAll(() => world.close());

test("After kill -9 of a worker another one finishes the night, each user is there once, and the log says why it took longer.", async () => {
  const { fake, tenant, employ } = world.network("killed");
  const numbers = Array.from({ length: USERS }, (_, index) => `K-${String(index)}`);
  await employ(...numbers.map((number) => ({ ...PERSON, number, email: `${number}@dealers.example` })));
  fake.delay({ ms: 100 });

  // The process that is deployed, as it was built.
  const main = join(import.meta.dirname, "../../dist/src/main.js");
  const worker = spawn(process.execPath, [main, "worker"], {
    env: { ...process.env, ...world.environment, HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "debug" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Line[] = [];
  worker.stdout.pipe(linesInto(lines));
  await until("the worker listens", () => lines.some(({ msg }) => String(msg).startsWith("Server listening")));

  const night = world.service.night(tenant);
  await until("the worker works on users", () => lines.some(({ event }) => event === "request_ended"));
  worker.kill("SIGKILL");
  await once(worker, "exit");

  const report = await night;
  // A user that the killed worker created is there already when another worker asks.
  const { created, updated, unchanged } = report.counts;
  expect([report.status, created + updated + unchanged, fake.users.length]).toEqual(["complete", USERS, USERS]);
  expect(fake.duplicates()).toEqual([]);
  const told = world.lines.find(({ event }) => event === "job_stalled");
  expect(told).toMatchObject({ level: 40, tenant: "killed" });
  const users = world.spans.filter(({ name }) => name === "oplead user");
  expect(users.length).toBeGreaterThan(0);
  expect(await world.metrics()).toMatch(/oplead_users_total\{tenant="killed",outcome="created"/);
  expect(await runbook("job_stalled")).toContain("killed");
});
