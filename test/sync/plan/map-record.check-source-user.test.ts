import { expect, it } from "vitest";
import { among } from "../../../src/sync/findings.ts";
import { checkSourceUser } from "../../../src/sync/index.ts";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("checkSourceUser finds the problems for which a run calls a record invalid, and no others", async () => {
  const sources = [
    { user: user(0) },
    { user: user(1, { email: "x" }) },
    { user: user(2), rules: { maxDistance: Number("30 km") } },
    { user: user(3), roles: {} } as never,
    { user: { ...user(4), accountNumber: "4711" } },
  ];
  const plan = await on.plan(sources as never, { map: (source) => source as never });
  expect(among(plan.findings, "invalid").map(({ issues }) => issues)).toEqual(
    sources.map((source) => checkSourceUser(source)).filter((issues) => issues.length > 0),
  );
  expect(plan.counts).toMatchObject({ new: 1, invalid: 4 });
  expect(checkSourceUser(sources[4] as never, { numericAccountNumbers: true })).toEqual([]);
});
