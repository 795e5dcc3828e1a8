import { inspect } from "node:util";
import { parse } from "csv-parse/sync";
import { expect, it, onTestFinished, vi } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import type { SyncOptions } from "../../../src/sync/index.ts";
import { eachTestItsWorld, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

const { sync } = on;
const about = (accountNumber: string) => (request: { method: string; body: unknown }) =>
  request.method === "POST" && (request.body as UserInput).accountNumber === accountNumber;

function imperfectRun(more: Partial<SyncOptions<UserInput>> = {}) {
  on.world.fake.fail({
    on: about("ACC-1"),
    as: { status: 422, body: { message: '=HYPERLINK("x")', errors: [{ field: "email" }] } },
    times: 9,
  });
  const child = user(2, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-1" });
  const formula = user(3, { accountNumber: "+1; 2", email: "x" });
  return sync([user(0), user(1), child, formula, user(4), user(4, { phone: "1" })], more);
}

it("the rows of the next run's report show a held user again, with the day of the refusal", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  await imperfectRun();
  const [row] = await (await imperfectRun()).explain();
  expect(row).toMatchObject({
    accountNumber: "ACC-1",
    problem: "held",
    since: expect.stringContaining(new Date().toISOString().slice(0, 10)),
  });
  expect(row?.reason).toContain("was refused before");
});

it.each([
  [{ errors: { email: "is taken" } }, "email: is taken"],
  [
    { message: "No.", errors: { email: ["is taken", "is odd"], lastname: "is odd" } },
    "No.; email: is taken; email: is odd; lastname: is odd",
  ],
  [
    { code: 400, errors: { children: { address: { children: { city: { errors: ["is unknown"] } } } } } },
    "city: is unknown",
  ],
  [{ violations: [{ propertyPath: "email", message: "is taken", code: "x-1" }] }, "email: is taken"],
  [{ email: ["is taken"] }, "email: is taken"],
  [["is taken"], "is taken"],
  [{ raison: "déjà pris" }, '{"raison":"déjà pris"}'],
  [{}, undefined],
])(
  "if Oplead refuses a user with the body %j, the row of the report quotes the words of this body",
  async (body, words) => {
    on.world.fake.fail({ on: about("ACC-0"), as: { status: 422, body: body as never }, times: 9 });
    const [row] = await (await sync([user(0)])).explain();
    expect(row).toMatchObject({ accountNumber: "ACC-0", problem: "held", status: 422 });
    expect(row?.opleadAnswer).toBe(words);
  },
);

it("the CSV of a report is plain and English by default, with formulas disarmed", async () => {
  const csv = await (await imperfectRun()).render("csv");
  const rows: Record<string, string>[] = parse(csv, { columns: true });
  expect(Object.keys(rows[0] ?? {}).slice(0, 4)).toEqual(["row", "account number", "problem", "step"]);
  expect(rows).toHaveLength(5);
  expect(rows[0]).toMatchObject({ row: "3", problem: "refused", "Oplead's answer": `'=HYPERLINK("x")` });
  expect(rows[2]?.["account number"]).toBe("'+1; 2");
});

it("the French CSV of a report has semicolons, a byte order mark and French headers, reasons and advice", async () => {
  const csv = await (await imperfectRun()).render("csv", { language: "fr" });
  expect(csv.charCodeAt(0)).toBe(0xfeff);
  const rows: Record<string, string>[] = parse(csv, { columns: true, delimiter: ";", bom: true });
  expect(rows.map(({ ligne, problème }) => [ligne, problème])).toEqual([
    ["3", "refusé"],
    ["3", "non envoyé"],
    ["5", "non valide"],
    ["6", "doublon"],
    ["7", "doublon"],
  ]);
  expect(rows[1]?.motif).toBe("ACC-1 est refusé par Oplead\u202f: 1 personne l’attend (ACC-2).");
  expect(rows[2]?.motif).toBe("adresse e-mail n’est pas une adresse e-mail");
  for (const { conseil } of rows) expect(conseil).toMatch(/\w.*\.$/);
});

it("the CSV of a report refuses unknown options and names each", async () => {
  const report = await sync([user(0)]);
  await expect(report.render("csv", { langage: "fr", labels: 1 } as never)).rejects.toThrow(
    /langage[\s\S]*labels|labels[\s\S]*langage/,
  );
});

it("a report as text names the row of each user if rowOf gives it, as the plan does", async () => {
  const rowOf = ({ login }: UserInput) => Number(login.replace(/\D/g, "")) + 10;
  const source = [user(0), user(3, { email: "x" }), user(4), user(4, { phone: "1" })];
  const plan = await on.plan(source, { rowOf });
  for (const text of [await plan.render("text"), await (await sync(source, { rowOf })).render("text")]) {
    expect(text).toContain("\n  ACC-3 (row 13)  e-mail is not an e-mail address");
    expect(text).toContain("\n  ACC-4  Rows 14 and 14 have");
  }
  expect(await (await imperfectRun({ rowOf })).render("text")).toContain(
    "\n  ACC-1 (row 11)  e-mail: refused 422, held",
  );
});

it("a report holds no personal data, and Oplead's words only in the rows and the CSV", async () => {
  const body = {
    message: "Zoé Martin-1 exists",
    errors: [{ field: "email", message: "person-1@dealers.example is taken" }],
  };
  on.world.fake.fail({ on: about("ACC-1"), as: { status: 422, body }, times: 9 });
  const report = await sync(users(2));
  const shown = [
    await report.render("text"),
    await report.render("markdown"),
    JSON.stringify(report),
    inspect(report, { depth: 9, showHidden: true }),
  ];
  for (const text of shown) expect(text).not.toMatch(/Martin|dealers\.example/);
  expect(among(report.findings, "failed")[0]?.error.body).toEqual(body);
  expect(await report.render("csv")).toContain("Zoé Martin-1 exists; email: person-1@dealers.example is taken");
});
