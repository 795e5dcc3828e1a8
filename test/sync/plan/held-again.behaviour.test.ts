import { expect, it } from "vitest";
import { eachTestItsWorld, head, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const COUNT = 12;
// No parent, so no refusal is about one.
const users = (count: number) => Array.from({ length: count }, (_, number) => user(number, head));
const guard = { minUsers: 4 };
// Every refusal is held at once.
const client = { settleMs: 0 };
const refused = { as: { status: 422 }, times: 99 } as const;

it("the guard does not count refused users a second time when they are sent once more with the same content", async () => {
  const before = users(COUNT);
  await on.sync(before, {}, client);
  const refusing = on.world.fake.fail({ on: ({ method }) => method === "PUT", ...refused });
  const changed = before.map((one) => ({ ...one, phone: "2" }));
  expect((await on.sync(changed, {}, client)).counts).toMatchObject({ failed: COUNT });
  refusing.remove();
  const plan = await on.plan(changed, { guard, heldRetryAfterMs: 0 });
  expect(plan).toMatchObject({ refusals: [], counts: { changed: COUNT } });
  const others = before.map((one) => ({ ...one, phone: "3" }));
  expect((await on.plan(others, { guard, heldRetryAfterMs: 0 })).refusals).toMatchObject([{ code: "mass_change" }]);
  expect((await plan.apply()).counts).toMatchObject({ updated: COUNT });
});
