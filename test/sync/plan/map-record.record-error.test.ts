import { inspect } from "node:util";
import { expect, it } from "vitest";
import { isOpleadError } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { RecordError } from "../../../src/sync/index.ts";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const advice = "colonne Rôle : la valeur doit être « Vendeur »";
const throwing = (error: unknown) => ({
  map: () => {
    throw error;
  },
  key: () => "ACC-0",
});

it("the message of a RecordError is in the plan, in the report and in the French CSV, with its field", async () => {
  const plan = await on.plan([user(0)], throwing(new RecordError(advice, { field: "profile.code" })));
  expect(among(plan.findings, "invalid")).toMatchObject([
    { issues: [{ path: "profile.code", code: "record_error", message: advice }] },
  ]);
  expect(await plan.render("text")).toContain(`ACC-0  profile ${advice}`);
  const report = await plan.apply();
  expect(await report.render("text")).toContain(advice);
  expect(await report.render("csv", { language: "fr" })).toContain(`;profil;profil ${advice};`);
});

it("a RecordError without a field concerns the record as a whole, and is an OpleadError", () => {
  const error = new RecordError(advice);
  expect(error).toMatchObject({ code: "invalid_input", message: advice, issues: [{ path: "", message: advice }] });
  expect(isOpleadError(error)).toBe(true);
});

it("a RecordError refuses an empty message and options that it does not know", () => {
  const issuesOf = (make: () => unknown) => {
    try {
      return make();
    } catch (error) {
      return (error as RecordError).issues?.map(({ path, code }) => `${path} ${code}`);
    }
  };
  expect(issuesOf(() => new RecordError(" ", { filed: "x" } as never))).toEqual([
    "message not_text",
    "options.filed unknown_option",
  ]);
});

it("an error of map that is no RecordError has its message in rows and CSV, and is not printed", async () => {
  const report = await on.sync([user(0)], throwing(new TypeError("no profile for Zoé Martin")));
  expect((await report.explain())[0]?.reason).toMatch(/^map threw TypeError at .*: no profile for Zoé Martin$/);
  expect(await report.render("csv")).toContain("Zoé Martin");
  expect(
    (await report.render("text")) + (await report.render("markdown")) + JSON.stringify(report) + inspect(report),
  ).not.toContain("Zoé");
});
