/** A deployment: SIGTERM while users are under way. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { employeeOf, type Line, linesInto, openWorld, until, type World } from "../support/world.js";

let world: World;
beforeAll(async () => {
  world = await openWorld({ names: ["stopped"], role: "web" });
});
afterAll(() => world.close());

test("On SIGTERM a worker finishes the users under way, and ends by itself.", async () => {
  const { fake, deliver, tenant } = world.network("stopped");
  fake.delay({ ms: 300 });
  for (const number of ["D-1", "D-2"]) await deliver(employeeOf(number));
  const main = join(import.meta.dirname, "../../dist/src/main.js");
  const worker = spawn(process.execPath, [main, "worker"], {
    env: { ...process.env, ...world.environment, HOST: "127.0.0.1", PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Line[] = [];
  worker.stdout.pipe(linesInto(lines));
  await until("both users are under way", () => fake.requests.length >= 2);
  worker.kill("SIGTERM");
  expect(await once(worker, "exit")).toEqual([0, null]);
  expect(fake.users).toHaveLength(2);
  expect(await tenant.queue.status()).toMatchObject({ waiting: 0, active: 0, delayed: 0, completed: 2 });
});
