import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { memoryLedger, moveUsers, type SyncPlan } from "../../../src/sync/index.ts";
import { LedgerSnapshot } from "../../../src/sync/plan/ledger-snapshot.ts";
import { type SourceRow, SourceRows } from "../../../src/sync/plan/source-users.ts";
import { findTwins } from "../../../src/sync/plan/twins.ts";
import { setEntry } from "../../support/entries.ts";
import { failureOf } from "../../support/failure.ts";
import { entriesOf } from "../../support/ledger-contract.ts";
import { eachTestItsWorld, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const KEY = "a secret of the tests, long enough";
const quiet = { guard: { maxChanged: 1, maxNew: 1, maxMoved: 1 } };

const pairsOf = ({ findings }: Pick<SyncPlan, "findings">) =>
  among(findings, "twin").map(({ of, accountNumber, by, inSource }) => ({ of, accountNumber, by, inSource }));

const renumbered = (number: number, more: Partial<UserInput> = {}) =>
  user(number, { accountNumber: `NEW-${number}`, ...more });

const as = (number: number, person: number) => user(person, { accountNumber: `ACC-${number}` });

it("people whose numbers were exchanged are twins, and are sent only if newUsers names them", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(9));
  on.world.newRequests();
  const source = [user(0), as(1, 2), as(2, 1), as(3, 4), as(4, 5), as(5, 3), ...users(9).slice(6)];
  const report = await on.sync(source);
  expect(pairsOf(report)).toEqual(
    [2, 1, 4, 5, 3].map((of, at) => ({
      of: `ACC-${of}`,
      accountNumber: `ACC-${at + 1}`,
      by: "exchange",
      inSource: true,
    })),
  );
  expect(report).toMatchObject({ status: "partial", exitCode: 5, counts: { twin: 5, updated: 0 } });
  expect(on.world.newRequests()).toBe(0);
  const [row] = await report.explain();
  expect(row?.reason).toContain("login and the e-mail address of ACC-2");
  expect(row?.advice).toMatch(/give each its own number again .*newUsers: \["ACC-1"\]/);
  const numbers = [1, 2, 3, 4, 5].map((number) => `ACC-${number}`);
  expect(await on.plan(source, { advanced: { newUsers: numbers } })).toMatchObject({ counts: { changed: 5, twin: 0 } });
});

it("a login that alone is exchanged, or that goes on to a third user, is sent", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(5));
  const [a, b] = [user(0), user(1)];
  const swapped = [
    { ...a, login: b.login },
    { ...b, login: a.login },
    as(2, 3),
    user(3, { login: "x", email: "x@x.fr" }),
  ];
  expect(await on.plan([...swapped, user(4)], quiet)).toMatchObject({ counts: { changed: 4, twin: 0 } });
});

it("a new user with a known user's login or e-mail address is not sent until it is moved or in newUsers", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(5));
  on.world.newRequests();
  const source = [
    user(0),
    user(1, { phone: "1" }),
    user(2),
    renumbered(3, { email: "x@x.example" }),
    renumbered(4, { login: "other" }),
    user(7),
  ];
  const report = await on.sync(source);
  expect(report).toMatchObject({
    status: "partial",
    exitCode: 5,
    counts: { created: 1, updated: 1, twin: 2 },
    problems: { twin: { new: 2, known: 0 } },
    refusals: [],
  });
  expect(among(report.findings, "twin")).toMatchObject([
    { record: 3, accountNumber: "NEW-3", of: "ACC-3", by: "login", inSource: false },
    { record: 4, accountNumber: "NEW-4", of: "ACC-4", by: "email", inSource: false },
  ]);
  // They may be the twins.
  expect(among(report.findings, "leaver")).toMatchObject([{ state: "perhaps" }, { state: "perhaps" }]);
  const [row] = (await report.explain()).filter(({ code }) => code === "possible_twin");
  expect(row).toMatchObject({ row: 5, problem: "twin", accountNumber: "NEW-3" });
  expect(row?.advice).toContain("npx oplead-sdk ledger move ACC-3 NEW-3.");
  expect(row?.advice).toContain('add a line to the config: newUsers: ["NEW-3"]');
  const [french] = (await report.explain({ language: "fr" })).filter(({ code }) => code === "possible_twin");
  expect(french?.advice).toContain('ajoutez une ligne à la configuration\u202f: newUsers: ["NEW-3"]');
  expect(await report.render("text")).toContain('newUsers: ["NEW-4"]');
  expect(await report.render("html")).toContain("Perhaps known already");
  // One for the changed head, a PUT and a POST for the new user.
  expect(on.world.newRequests()).toBe(3);
  expect(await on.sync(source, { ignoreKnown: true })).toMatchObject({ exitCode: 0, counts: { twin: 2 } });

  await moveUsers(on.ledger, [["ACC-3", "NEW-3"]]);
  expect(among((await on.plan(source, { advanced: { newUsers: ["NEW-4"] } })).findings, "twin")).toEqual([]);
  await moveUsers(on.ledger, [["ACC-4", "NEW-4"]]);
  expect(await on.sync(source)).toMatchObject({ counts: { created: 0, updated: 2, twin: 0 } });
  expect(on.world.fake.users).toHaveLength(6);
});

it("the guard refuses more than 50 twins that are over 5 % of the users; an approval sends the others", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  const loose = { guard: { maxChanged: 1, maxNew: 1, maxMoved: 1 } };
  await on.sync(users(60), loose);
  on.world.newRequests();
  const source = (twins: number) => [...users(60).map((one, at) => (at < 60 - twins ? one : renumbered(at))), user(99)];
  expect((await on.plan(source(50), loose)).refusals).toEqual([]);
  const plan = await on.plan(source(51), loose);
  expect(plan.refusals).toMatchObject([{ code: "mass_twins", parameters: { count: 51, population: 60 } }]);
  expect(await failureOf(plan.apply())).toMatchObject({ code: "sync_refused" });
  expect(await plan.apply({ only: ["ACC-99"] })).toMatchObject({ counts: { created: 1, twin: 51 } });
  expect(on.world.newRequests()).toBe(2);
  const again = await on.plan(source(51), loose);
  expect(await again.apply({ approve: again.hash })).toMatchObject({ counts: { created: 0, twin: 51 } });
  expect(on.world.newRequests()).toBe(0);
});

it("a new user is no twin if the known user gives the value up or two known users share it", async () => {
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(4));
  const email = "person-1@dealers.example";
  const taken = await on.plan([...users(4), user(8, { email })]);
  expect(pairsOf(taken)).toEqual([{ of: "ACC-1", accountNumber: "ACC-8", by: "email", inSource: true }]);
  const [zero, , ...others] = users(4);
  const given = await on.plan([
    zero as UserInput,
    user(1, { email: "new@dealers.example" }),
    ...others,
    user(8, { email }),
  ]);
  expect(given).toMatchObject({ counts: { twin: 0 }, refusals: [] });
  await setEntry(on.ledger, "ACC-2", {
    ...(await on.ledger.get("ACC-2")),
    rules: {},
    at: 1,
    identity: { email: (await on.ledger.get("ACC-1"))?.identity?.email },
  });
  expect(pairsOf(await on.plan([...users(4), user(8, { email })]))).toEqual([]);
});

it("a plan with missing and new users warns if the ledger has no fingerprints of those who are missing", async () => {
  await on.sync(users(9));
  for (const [accountNumber, entry] of await entriesOf(on.ledger)) {
    await setEntry(on.ledger, accountNumber, { ...entry, key: undefined, fields: undefined, identity: undefined });
  }
  const source = [...users(5), renumbered(6), renumbered(7), renumbered(8)];
  const { warnings, refusals } = await on.plan(source, quiet);
  expect(warnings).toMatchObject([{ code: "perhaps_moved", parameters: { missing: 4, added: 3 } }]);
  expect(warnings[0]?.message).toContain(
    "4 users are missing and 3 are new: if they are the same people, move them first",
  );
  expect(refusals).toEqual([]);
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(users(9), { resend: true });
  expect((await on.plan(source, quiet)).warnings).toEqual([]);
});

it("the search for twins looks up each known user with a shared e-mail address once", async () => {
  const COUNT = 300;
  on.ledger = memoryLedger({ ledgerKey: KEY });
  await on.sync(
    Array.from({ length: COUNT }, (_, number) => user(number, { email: "shared@dealers.example" })),
    { guard: false },
  );
  const snapshot = await LedgerSnapshot.read(on.ledger, { caller: "test", signal: undefined });
  let looks = 0;
  class Rows extends SourceRows {
    override get(accountNumber: string) {
      looks += 1;
      return super.get(accountNumber);
    }
  }
  const rows = new Rows(snapshot);
  for (let number = COUNT; number < 2 * COUNT; number += 1) {
    const content = { user: user(number, { email: "shared@dealers.example" }) };
    rows.set({ accountNumber: `NEW-${number}`, state: { content } } as SourceRow);
  }
  const how = { isFull: true, isFirstNight: false };
  expect((await findTwins(rows, snapshot, [], how, { caller: "test", signal: undefined })).twins.size).toBe(0);
  expect(looks).toBe(COUNT);
});
