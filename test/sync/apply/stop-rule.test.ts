import { expect, it } from "vitest";
import { users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const changed = () => users(40).map((same) => ({ ...same, phone: "1" }));

it.each([
  ["HTML pages with status 400", { gateway: 400 }],
  ["HTML pages with status 403", { gateway: 403 }],
  ["HTML pages with status 404", { gateway: 404 }],
  ["login screens with status 200", "html-200"],
] as const)("a run stops when a proxy answers in Oplead's place several times in a row: %s", async (_what, as) => {
  await on.sync(users(40));
  on.world.newRequests();
  const fault = on.world.fake.fail({ as, times: 9999 });
  const report = await on.sync(changed(), { concurrency: 1, checks: false }, { retry: false });
  expect(report).toMatchObject({ status: "stopped", stopReason: { code: "unexpected_response" } });
  expect(report.failures.every(({ held }) => !held)).toBe(true);
  fault.remove();
  expect(await on.sync(changed())).toMatchObject({ status: "complete", counts: { updated: 40, held: 0 } });
});

it("a single answer from a proxy does not stop a run, and its user is tried again at the end", async () => {
  await on.sync(users(40));
  on.world.fake.fail({ on: "updateUser", as: { gateway: 404 }, times: 1 });
  expect(await on.sync(changed(), {}, { retry: false })).toMatchObject({ status: "complete", counts: { updated: 40 } });
});
