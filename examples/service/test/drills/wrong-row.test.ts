/** A row of the table is wrong, night after night. */

import { among } from "oplead-sdk/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, runbook, type World } from "../support/world.js";

let world: World;
beforeAll(async () => {
  world = await openWorld({ names: ["rows"] });
});
afterAll(() => world.close());

test("A wrong row is named with its code and path, the others arrive, and the second night is green.", async () => {
  const { fake, tenant, employ } = world.network("rows");
  await employ(
    { number: "P-1", email: "p1@dealers.example" },
    { number: "P-2", email: "p2 at dealers.example" },
    { number: "P-3", email: "p3@dealers.example" },
  );
  const first = await world.service.night(tenant);
  expect([first.status, first.exitCode, fake.users.length]).toEqual(["partial", 5, 2]);
  expect(among(first.findings, "invalid")).toMatchObject([
    { accountNumber: "P-2", issues: [{ path: "email", code: "not_email" }] },
  ]);
  expect(world.lines.find(({ event }) => event === "run_ended")).toMatchObject({
    tenant: "rows",
    status: "partial",
    run: first.runId,
    created: 2,
    invalid: 1,
  });
  const run = world.spans.find(({ name }) => name === "oplead run");
  expect(run?.attributes).toMatchObject({
    "oplead.run_id": first.runId,
    "oplead.run_status": "partial",
    tenant: "rows",
  });
  const [stored] = await world.query("select problems from nights where tenant = $1", ["rows"]);
  expect(stored?.problems).toMatch(/;P-2;.*e-mail/);
  expect(await runbook("invalid_input")).toContain("source");

  const second = await world.service.night(tenant);
  expect([second.status, second.exitCode, second.knownProblems]).toEqual(["partial", 0, 1]);
});
