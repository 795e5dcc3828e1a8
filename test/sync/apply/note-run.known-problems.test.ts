import { describe, expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { Problems } from "../../../src/sync/apply/note-run.ts";
import type { SyncOptions } from "../../../src/sync/index.ts";
import { at } from "../../support/full-report.ts";
import { user, users } from "../../support/sync-users.ts";
import { creationOf, eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

const BAD = user(9, { email: "x" });
const night = (source: UserInput[], more: Partial<SyncOptions<UserInput>> = {}) =>
  on.sync(source, { ignoreKnown: true, ...more });
const outage = () => on.world.fake.fail({ on: ({ method }) => method !== "GET", as: { status: 503 }, share: 1 });

describe("the exit code of a run", () => {
  it("the exit code is 5 if everything that can be sent was sent, but some records cannot be sent", async () => {
    expect(await on.sync([...users(2), BAD])).toMatchObject({ status: "partial", exitCode: 5 });
    expect(await on.sync([...users(2), BAD])).toMatchObject({ status: "partial", exitCode: 5, requests: 0 });
    expect((await on.sync([...users(2), user(3), user(3, { phone: "1" })])).exitCode).toBe(5);
  });

  it("the exit code is 4 if some users arrived and some failed", async () => {
    on.world.fake.fail({ on: creationOf("ACC-2"), as: { status: 422 }, share: 1 });
    expect(await on.sync([...users(3), BAD])).toMatchObject({ exitCode: 4, counts: { created: 2, failed: 1 } });
  });

  it("the exit code is 1 if there were users to send and none arrived, even if other users are unchanged", async () => {
    await on.sync(users(5));
    outage();
    const changed = [...users(3), user(3, { phone: "1" }), user(4, { phone: "1" }), BAD];
    const report = await on.sync(changed, {}, { retry: false });
    expect(report).toMatchObject({ status: "partial", exitCode: 1, counts: { unchanged: 3, failed: 2 } });
  });
});

describe("known problems", () => {
  it("a report counts the problems that the last run had as well, and those that are new", async () => {
    const source = [...users(2), BAD];
    expect(await on.sync(source)).toMatchObject({ newProblems: 1, knownProblems: 0 });
    const second = await on.sync([...source, user(7), user(7, { phone: "1" })]);
    expect(second).toMatchObject({ newProblems: 1, knownProblems: 1 });
    expect(second.problems).toEqual({ duplicate: { new: 1, known: 0 }, invalid: { new: 0, known: 1 } });
    expect(await second.render("text")).toContain("2 problems, 1 of them new since the last run");
    expect(JSON.parse(JSON.stringify(second))).toMatchObject({ newProblems: 1, knownProblems: 1, exitCode: 5 });
    expect(await on.sync([...users(2), user(9, { login: "" })])).toMatchObject({ newProblems: 1, knownProblems: 0 });
  });

  it("ignoreKnown keeps a known record out of the exit code, but not a second night of an outage", async () => {
    const source = [...users(5), BAD];
    expect((await night(source)).exitCode).toBe(5);
    expect((await night(source)).exitCode).toBe(0);
    const rule = outage();
    const changed = [...users(4), user(4, { phone: "1" }), BAD];
    for (const _night of [1, 2]) {
      expect(await on.sync(changed, { ignoreKnown: true }, { retry: false })).toMatchObject({ exitCode: 1 });
    }
    rule.remove();
    expect(await night(changed)).toMatchObject({ exitCode: 0, counts: { updated: 1 } });
  });

  it("a record without an account number is recognised by its content, wherever it is in the source", async () => {
    const nameless = { ...user(1), accountNumber: undefined } as unknown as UserInput;
    await night([user(0), nameless]);
    expect(await night([nameless, user(0)])).toMatchObject({ exitCode: 0, knownProblems: 1 });
    expect(await night([user(0), { ...nameless, phone: "1" }])).toMatchObject({ exitCode: 5, newProblems: 1 });
  });

  it("a run in test mode or of some users compares its problems with the known ones, and keeps these", async () => {
    await night([...users(2), BAD]);
    const before = (await on.ledger.getInfo())?.problems;
    expect(before).toMatch(/^[0-9a-z]{6}$/);
    expect(await night([user(8, { email: "x" })], { limit: 1 })).toMatchObject({ newProblems: 1, knownProblems: 0 });
    await on.sync([user(8, { email: "x" })], {}, { testMode: true });
    expect((await on.ledger.getInfo())?.problems).toBe(before);
  });

  it("10,000 problems are remembered in less than 64 kB, and further problems count as new", () => {
    const found = Array.from({ length: 12_000 }, (_, record) => {
      return { kind: "invalid" as const, ...at(record, `ACC-${record}`), issues: [] };
    });
    const first = new Problems(found, []);
    expect(String(first)).toMatch(/^[0-9a-z]{60000}$/);
    const second = new Problems(found, [], String(first));
    expect(found.filter((one) => second.isNew(one)).length).toBeGreaterThan(1_990);
  });
});
