import { inspect } from "node:util";
import { expect, it } from "vitest";
import { failedReport, SyncGuardError } from "../../../src/sync/index.ts";
import { eachTestItsWorld, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("the report of a refused plan has its findings, its hash and the records that cannot be sent", async () => {
  const source = [...users(101), user(200, { email: "x" })];
  const error = await on.sync(source).catch((thrown: unknown) => thrown as SyncGuardError);
  expect(error).toBeInstanceOf(SyncGuardError);
  const report = failedReport(error as SyncGuardError);
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({
    status: "refused",
    exitCode: 3,
    hash: (error as SyncGuardError).hash,
    reason: { code: "sync_refused", findings: [{ code: "first_run", parameters: { added: 101 } }] },
  });
  expect(await report.render("text")).toMatch(/^Sync refused: nothing was sent, 20\d\d-.*\n/);
  expect(await report.render("text")).toContain(
    "\nWhy:\n  The ledger knows no user that Oplead has, and 101 users would be sent",
  );
  expect(await report.render("markdown")).toContain("**Why:** The ledger knows no user");
  const lines = (await report.render("csv", { language: "fr" })).split("\r\n");
  expect(lines[1]).toMatch(
    /^;;exécution refusée;;;"?Le registre ne connaît aucun utilisateur d’Oplead, et 101 utilisateurs/,
  );
  expect(lines[2]).toMatch(/^103;ACC-200;non valide;;adresse e-mail;/);
  expect(await report.render("csv")).toContain(',,run refused,,,"The ledger knows no user');
  expect(`${inspect(report)}${JSON.stringify(report)}${await report.render("text")}`).not.toMatch(
    /Martin|dealers\.example/,
  );
});

it("the report of a wrong source or wrong options explains error and issues in both languages", async () => {
  const source = () => {
    throw new Error("secret");
  };
  const error = await on.plan(source).catch((thrown: unknown) => thrown);
  const report = failedReport(error as SyncGuardError);
  expect(report).toMatchObject({ status: "failed", exitCode: 1, hash: undefined, reason: { code: "source_failed" } });
  expect(await report.render("csv", { language: "fr" })).toContain(
    ";;exécution en échec;;;La source n’a pas pu être lue. Voir le journal de l’exécution.;",
  );
  const options = await on.plan([], { concurrency: 0 }).catch((thrown: unknown) => thrown as SyncGuardError);
  expect(await failedReport(options as SyncGuardError).render("csv", { language: "fr" })).toContain(
    "Les options sont incorrectes. concurrency doit être un nombre entier",
  );
  expect(await failedReport(options as SyncGuardError).render("csv")).toContain(
    "The options are wrong. concurrency must be a whole number",
  );
  expect(await failedReport(options as SyncGuardError).render("text")).toMatch(
    /\nWhy:\n {2}The options are wrong\.\n {2}concurrency must be a whole number/,
  );
  const own = await failedReport({ code: "plan_file", message: "There is no plan." }).render("csv", { language: "fr" });
  expect(own).toContain("Rien n’a été envoyé. Voir le journal de l’exécution.");
  expect(own).not.toContain("There is");
  expect(await report.render("csv")).toContain("Repair the source and start the run again.");
  expect(`${await report.render("text")}${await report.render("markdown")}`).not.toContain("secret");
});

it("the report of an error that is not this package's has the name of the error and not its message", () => {
  const error = Object.assign(new TypeError("Martin"), { code: "23505" });
  expect(failedReport(error).reason).toMatchObject({ code: "unexpected", message: "TypeError" });
  expect(failedReport(undefined).reason.message).toBe("no error was given");
});

it("the report of a failure that the caller describes has its code, message and status, and no formula", async () => {
  const report = failedReport({ code: "stale_plan", message: "=1+1" }, "refused");
  expect(report).toMatchObject({ status: "refused", exitCode: 3, reason: { code: "stale_plan", message: "=1+1" } });
  expect(await report.render("csv")).toContain("'=1+1");
  await expect(report.render("csv", { delimitr: ";" } as never)).rejects.toThrow(/delimitr/);
});
