import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { among } from "../../src/sync/index.ts";
import { creationOf, eachTestItsWorld, user } from "../support/sync-world.ts";

const on = eachTestItsWorld();

it("a finding of a report has its error, and neither JSON nor inspect of a copied report shows it", async () => {
  on.world.fake.fail({ on: creationOf("ACC-1"), as: { status: 422, body: { detail: "secret words" } }, times: 9 });
  const map = (one: UserInput) => {
    if (one.accountNumber === "ACC-2") throw new Error("secret row");
    return { user: one };
  };
  const report = await on.sync([user(1), user(2)], { map, key: (one) => one.accountNumber });
  const [failed] = among(report.findings, "failed");
  const [invalid] = among(report.findings, "invalid");
  expect([failed?.isNew, invalid?.isNew]).toEqual([true, true]);
  expect(failed?.error.body).toEqual({ detail: "secret words" });
  expect(invalid?.error).toMatchObject({ message: "secret row" });
  const copy = { ...report, findings: report.findings.map((one) => ({ ...one })) };
  expect(`${JSON.stringify(copy)}${inspect(copy, { depth: 9 })}`).not.toContain("secret");
});
