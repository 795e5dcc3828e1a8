import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { among, isProblem } from "../../src/sync/index.ts";
import { fullReport } from "../support/full-report.ts";
import { creationOf, eachTestItsWorld, user } from "../support/sync-world.ts";

const on = eachTestItsWorld();

const { findings } = fullReport;

it("among gives findings of some kinds in order, and isProblem those that keep a user out of Oplead", () => {
  expect(among(findings, "leaver", "held").map(({ accountNumber }) => accountNumber)).toEqual(["ACC-3", "ACC-8"]);
  const [held] = among(findings, "held");
  expect(held?.code).toBe("refused");
  const kinds = findings.filter((one) => !isProblem(one)).map(({ kind }) => kind);
  expect(kinds).toEqual(["unverifiable", "suspicious", "stale", "leaver"]);
});

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
