/** The token is revoked, and replaced in its file. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { employeeOf, openWorld, runbook, until, type World } from "../support/world.js";

let world: World;
beforeAll(async () => {
  world = await openWorld({ names: ["revoked", "fine", "vault"] });
});
afterAll(() => world.close());

test("A revoked token stops its tenant alone, loses no attempt, and the new one takes effect without a restart.", async () => {
  const { fake, deliver, setToken } = world.network("revoked");
  await setToken("revoked-token");
  for (const number of ["R-1", "R-2"]) expect((await deliver(employeeOf(number))).status).toBe(202);
  const paused = await until("the worker pauses", () => world.lines.find(({ event }) => event === "worker_paused"));
  expect(paused).toMatchObject({ level: 50, tenant: "revoked", code: "unauthorized" });
  const user = world.spans.find(({ name }) => name === "oplead user");
  expect(user?.attributes).toMatchObject({ "error.type": "unauthorized", tenant: "revoked" });
  const metrics = await world.metrics();
  expect(metrics).toMatch(/oplead_requests_total\{tenant="revoked",operation="updateUser",result="401"/);
  expect(metrics).toMatch(/oplead_users_total\{tenant="revoked",outcome="failed",code="unauthorized"/);
  expect(await runbook("unauthorized")).toContain("token");

  const other = world.network("fine");
  await other.deliver(employeeOf("R-3"));
  await until("the other tenant's user arrives", () => other.fake.user("R-3"));

  await setToken("token-of-revoked");
  for (const number of ["R-1", "R-2"]) await until(`${number} arrives`, () => fake.user(number));
  const { failed } = await world.network("revoked").tenant.queue.status();
  expect([failed, JSON.stringify(world.lines).includes("revoked-token")]).toEqual([0, false]);
});

test("A token that cannot be read is told from a wrong one.", async () => {
  const { fake, settings, deliver, setToken } = world.network("vault");
  await rm(settings.tokenFile);
  await deliver(employeeOf("R-4"));
  const paused = await until("the worker pauses", () =>
    world.lines.find(({ event, tenant }) => event === "worker_paused" && tenant === "vault"),
  );
  expect(paused).toMatchObject({ level: 50, code: "token_unavailable" });
  expect(fake.requests).toEqual([]);
  expect(await runbook("token_unavailable")).toContain("vault");

  await setToken("token-of-vault");
  await until("the user arrives", () => fake.user("R-4"));
});
