/** Oplead answers 503 for a while. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { employeeOf, openWorld, runbook, until, type World } from "../support/world.js";

let world: World;
beforeAll(async () => {
  world = await openWorld({ names: ["outage"] });
});
afterAll(() => world.close());

test("While Oplead answers 503 deliveries are accepted, the cause is told once, and all users arrive afterwards.", async () => {
  const { fake, deliver } = world.network("outage");
  const outage = fake.fail({ as: { status: 503, headers: { "x-request-id": "oplead-17" } }, times: 1_000 });
  const numbers = ["O-1", "O-2", "O-3", "O-4"];
  for (const number of numbers) expect((await deliver(employeeOf(number))).status).toBe(202);

  const paused = await until("the worker pauses", () => world.lines.find(({ event }) => event === "worker_paused"));
  expect(paused).toMatchObject({ level: 50, tenant: "outage", code: "server_error" });
  const retried = world.lines.filter(({ event }) => event === "request_retried");
  expect(retried[0]).toMatchObject({ level: 40, code: "server_error", status: 503, requestId: "oplead-17" });
  const failed = world.spans.find(({ name }) => name === "oplead upsertUser");
  expect(failed?.attributes).toMatchObject({ "error.type": "server_error", tenant: "outage" });
  expect(await world.metrics()).toMatch(/oplead_requests_total\{tenant="outage",operation="updateUser",result="503"/);
  expect(await runbook("server_error")).toContain("supportReport");
  // Nothing is wrong with this service: no restart would help.
  expect((await fetch(`${world.url}/health/ready`)).status).toBe(200);

  outage.remove();
  for (const number of numbers) await until(`${number} arrives`, () => fake.user(number));
  await until("the end of the pause is told", () => world.lines.find(({ event }) => event === "worker_resumed"));
  expect(world.lines.filter(({ event }) => event === "worker_paused")).toHaveLength(1);
  expect(fake.duplicates()).toEqual([]);
});
