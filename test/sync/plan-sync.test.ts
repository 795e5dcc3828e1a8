import { expect, it, vi } from "vitest";
import { locate } from "../../src/coverage/france.ts";
import { areaChanges } from "../../src/coverage/index.ts";
import { createOplead, type OpleadError } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import { memoryLedger, planSync, type SourceUser } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { messagesOf } from "../support/messages.ts";
import { eachTestItsWorld, fiveRules, head, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const { plan, sync } = on;

it("a plan says how every record will be handled, and planning writes nothing", async () => {
  await sync(users(8));
  on.world.fake.fail({ on: "updateUser", as: { status: 422, body: { field: "email" } }, times: 1 });
  await sync([user(1, { phone: "refused" })], { incremental: true });
  on.world.newRequests();

  const source = [
    user(0),
    user(1, { phone: "refused" }),
    user(2, { phone: "1", address: { ...user(2).address, city: "Oyonnax" } }),
    user(3, { email: "broken" }),
    user(4),
    user(4, { phone: "2" }),
    user(5),
    user(5),
    user(9),
  ];
  const map = (record: SourceUser["user"]) => {
    if (record.accountNumber === "ACC-9") return { user: record, rules: fiveRules };
    return record.accountNumber === "ACC-0" ? null : { user: record };
  };
  const result = await on.plan(source, { map });
  expect(result.counts).toEqual({
    records: 9,
    new: 1,
    changed: 1,
    retried: 0,
    refreshed: 0,
    unchanged: 1,
    held: 1,
    invalid: 1,
    duplicate: 1,
    twin: 0,
    stale: 0,
    ignored: 2,
    missing: 3,
    waiting: 0,
  });
  expect(result.changes).toEqual([
    {
      record: 2,
      row: undefined,
      accountNumber: "ACC-2",
      kind: "changed",
      id: "100003",
      fields: ["address", "phone"],
      fieldsUnknown: false,
      doubted: false,
      rules: [],
      after: undefined,
    },
    expect.objectContaining({ accountNumber: "ACC-9", kind: "new", rules: Object.keys(fiveRules) }),
  ]);
  expect(among(result.findings, "held")).toMatchObject([
    { accountNumber: "ACC-1", step: "user", code: "refused", status: 422 },
  ]);
  expect(among(result.findings, "invalid")).toEqual([
    {
      kind: "invalid",
      record: 3,
      row: undefined,
      accountNumber: "ACC-3",
      issues: [{ path: "email", code: "not_email", parameters: {}, message: "is not an e-mail address" }],
    },
  ]);
  expect(among(result.findings, "duplicate")).toMatchObject([
    { accountNumber: "ACC-4", places: [{ record: 4 }, { record: 5 }] },
  ]);
  expect(among(result.findings, "leaver").map(({ accountNumber }) => accountNumber)).toEqual([
    "ACC-0",
    "ACC-6",
    "ACC-7",
  ]);
  expect(result.estimate.requests).toBe(1 + 2 + 5);
  expect(on.world.newRequests()).toBe(0);
});

it("planning continues if map throws, and reports no missing users if a record has no account number", async () => {
  await sync(users(3));
  const onMissing = vi.fn();
  const map = async (record: SourceUser["user"]) => {
    if (record.accountNumber === "ACC-1") throw new RangeError("secret of a-person@dealers.example");
    return { user: record };
  };
  const result = await on.plan(users(3), { map, onMissing });
  expect(among(result.findings, "invalid")).toMatchObject([
    {
      record: 1,
      accountNumber: undefined,
      issues: [{ path: "", message: expect.stringMatching(/^map threw RangeError at plan-sync\.test\.ts:\d+:\d+$/) }],
    },
  ]);
  expect(messagesOf(result.warnings).join()).toContain("such leavers are listed as perhaps");
  expect((await result.apply()).status).toBe("partial");
  expect(onMissing).not.toHaveBeenCalled();
});

it("an invalid record lists all problems of the user and of its rules", async () => {
  const map = (record: object) => ({ user: { ...record, email: "" }, rules: { maxDistance: -1 } }) as never;
  const result = await on.plan([user(1)], { map });
  expect(among(result.findings, "invalid")[0]?.issues.map(({ path }) => path)).toEqual(["email", "maxDistance"]);
  const without = await plan([
    { ...user(1), accountNumber: undefined } as never,
    null as never,
    { ...user(2), custom: { big: 1n } },
  ]);
  const numeric = await plan([{ ...user(1), accountNumber: 1001 as never }]);
  expect(among(numeric.findings, "invalid")[0]?.issues).toMatchObject([
    { path: "accountNumber", message: "must be text" },
  ]);
  expect(among(without.findings, "invalid").map(({ issues }) => issues[0])).toMatchObject([
    { path: "accountNumber" },
    { path: "", message: "is required" },
    { message: "cannot be written as JSON" },
  ]);
});

it("the hash of a plan covers everything that would be sent and the missing users", async () => {
  await sync(users(3));
  const plans = [
    await plan(users(3)),
    await plan(users(2)),
    await plan([...users(2), user(2, { phone: "1" })]),
    await plan([...users(2), user(2, { phone: "2" })]),
    await on.plan(users(3), { map: (user) => ({ user, rules: { maxDistance: 1 } }) }),
    await on.plan(users(3), { map: (user) => ({ user, rules: { maxDistance: 2 } }) }),
  ];
  expect(new Set(plans.map(({ hash }) => hash)).size).toBe(plans.length);
});

it("planSync refuses all wrong and unknown options in one error", async () => {
  const wrong = {
    source: 1,
    map: undefined,
    ledger: {},
    guard: { maxChanged: 20, maxChangd: 0.5 },
    concurrency: 0,
    resendd: true,
  };
  const error = await planSync(on.world.connect(), wrong as never).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "invalid_options" });
  const paths = (error as OpleadError).issues?.map(({ path }) => path).sort();
  expect(paths).toEqual(
    [
      "concurrency",
      "guard.maxChanged",
      "guard.maxChangd",
      ...["close", "entries", "get", "readNote", "replace"].map((method) => `ledger.${method}`),
      "map",
      "resendd",
      "source",
    ].sort(),
  );
});

it.each<[object, string]>([
  [{ only: ["ACC-1", ""] }, "only[1]"],
  [{ advanced: { newUsers: [" "] } }, "advanced.newUsers[0]"],
  [{ runId: "" }, "runId"],
  [{ advanced: { made: { by: "" } } }, "advanced.made.by"],
  [{ advanced: { sourceFile: "" } }, "advanced.sourceFile"],
])("planSync refuses %j, because an empty text names nothing", async (more, path) => {
  const oplead = createOplead({ token: "t" });
  const error = await failureOf(() =>
    planSync(oplead, { source: [], map: () => null, ledger: memoryLedger(), ...more }),
  );
  expect(error).toMatchObject({ code: "invalid_options", issues: [{ path, code: "empty" }] });
});

it("a user whose last attempt had no known outcome is planned and sent once more, and the plan says why", async () => {
  await on.sync(users(3));
  const entry = await on.ledger.get("ACC-1");
  if (entry) await setEntry(on.ledger, "ACC-1", { ...entry, intent: { at: entry.at - 3_600_000 } });
  const plan = await on.plan(users(3));
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-1", kind: "changed", fields: [], doubted: true }]);
  expect(plan.warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^1 user is sent again after the run of \d.*, which was interrupted or got no answer\.$/),
  ]);
  expect(await plan.render("text")).toContain("\n  ~ ACC-1  sent once more, because an attempt had no known outcome");
  on.world.newRequests();
  expect(await plan.apply()).toMatchObject({ status: "complete", counts: { updated: 1 } });
  expect(on.world.newRequests()).toBe(1);
  expect((await on.plan(users(3))).changes).toEqual([]);
});

it("a plan's hash consists of letters and digits, so that a command line does not take it for an option", async () => {
  const hashes = new Set<string>();
  for (let number = 0; number < 40; number += 1) {
    const { hash } = await plan([user(number, head)]);
    hashes.add(hash);
    expect(hash).toMatch(/^[A-Za-z0-9]{12}$/);
  }
  expect(hashes.size).toBe(40);
});

it("the page of a plan with coverage shows its areas on a map", async () => {
  const ain = { number: "01", label: "Ain", postCodeZips: ["01000", "01100"] };
  const universe = { countries: [{ code: "FR", label: "France", counties: [ain] }] };
  const mapOf = async (coverage: object) =>
    (await (await on.plan(users(1), { coverage: { universe, areas: areaChanges, ...coverage } })).render("html")).match(
      /<path class="dot gained" d="(M\d+ \d+h0)"/,
    );
  expect(await mapOf({ locate })).not.toBeNull();
  expect(await mapOf({})).toBeNull();
});
