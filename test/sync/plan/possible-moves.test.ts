import { describe, expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { memoryLedger, moveUsers, SyncGuardError } from "../../../src/sync/index.ts";
import { seededRandom } from "../../../src/testing/random.ts";
import { setEntry } from "../../support/entries.ts";
import { failureOf } from "../../support/failure.ts";
import { entriesOf } from "../../support/ledger-contract.ts";
import { sized } from "../../support/long-form.ts";
import { user, users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const KEY = "a secret of the tests, long enough";
const quiet = { guard: { maxChanged: 1, maxNew: 1, maxMoved: 1 } };

const pairsOf = (findings: readonly { readonly code: string; readonly parameters: unknown }[]) =>
  findings.flatMap(({ code, parameters }) =>
    code === "possible_move" ? (parameters as { pairs: { from: string; to: string; by: string }[] }).pairs : [],
  );

/** The user under another number, with other values too. */
const renumbered = (number: number, more: Partial<UserInput> = {}): UserInput =>
  user(number, { accountNumber: `NEW-${number}`, ...more });

describe("new users that may be known ones", () => {
  it("a new user with the login or the address of a missing one refuses the plan, and each answer lets the next one pass", async () => {
    on.ledger = memoryLedger({ ledgerKey: KEY });
    await on.sync(users(5));
    on.world.newRequests();
    const source = [
      user(0),
      user(1),
      user(2),
      renumbered(3, { email: "x@x.example" }),
      renumbered(4, { login: "other" }),
    ];
    const error = await failureOf(on.sync(source));
    expect(error).toBeInstanceOf(SyncGuardError);
    expect(pairsOf((error as SyncGuardError).findings)).toEqual([
      { from: "ACC-3", to: "NEW-3", by: "login" },
      { from: "ACC-4", to: "NEW-4", by: "email" },
    ]);
    expect(error.message).toContain("npx oplead ledger move ACC-3 NEW-3; npx oplead ledger move ACC-4 NEW-4");
    expect(error.message).toContain('add a line to the config: newUsers: ["NEW-3","NEW-4"]');
    expect(on.world.newRequests()).toBe(0);

    await moveUsers(on.ledger, [["ACC-3", "NEW-3"]]);
    expect((await on.plan(source, { newUsers: ["NEW-4"] })).refusals).toEqual([]);
    await moveUsers(on.ledger, [["ACC-4", "NEW-4"]]);
    expect(await on.sync(source)).toMatchObject({ counts: { created: 0, updated: 2, unchanged: 3 } });
    expect(on.world.fake.users).toHaveLength(5);
  });

  it("users that a run leaves out do not refuse it, and an approval of the plan sends them all", async () => {
    on.ledger = memoryLedger({ ledgerKey: KEY });
    await on.sync(users(3));
    const source = [user(0), user(1), renumbered(2), user(9)];
    const plan = await on.plan(source);
    expect(await plan.apply({ only: ["ACC-9"] })).toMatchObject({ counts: { created: 1 } });
    expect(await failureOf(plan.apply({ only: ["NEW-2"] }))).toMatchObject({ code: "sync_refused" });
    const again = await on.plan(source);
    expect((await again.apply({ approve: again.hash })).refusals).toMatchObject([{ code: "possible_move" }]);
  });

  it("a colleague in the source has the value: a pair, unless the colleague gives it up; an address that two share already is none", async () => {
    on.ledger = memoryLedger({ ledgerKey: KEY });
    await on.sync(users(4));
    const email = "person-1@dealers.example";
    const taken = await on.plan([...users(4), user(8, { email })]);
    expect(pairsOf(taken.refusals)).toEqual([{ from: "ACC-1", to: "ACC-8", by: "email" }]);
    const [zero, , ...others] = users(4);
    const given = await on.plan([
      zero as UserInput,
      user(1, { email: "new@dealers.example" }),
      ...others,
      user(8, { email }),
    ]);
    expect(given.refusals).toEqual([]);
    await setEntry(on.ledger, "ACC-2", {
      ...(await on.ledger.get("ACC-2")),
      rules: {},
      at: 1,
      identity: { email: (await on.ledger.get("ACC-1"))?.identity?.email },
    });
    expect(pairsOf((await on.plan([...users(4), user(8, { email })])).refusals)).toEqual([]);
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

  it("after a merger the plan names exactly the people who got new numbers, and no false pair of a random company", async () => {
    const [size, moved, added] = [sized(2_000, 20_000), 500, 30];
    const random = seededRandom(11);
    const names = ["martin", "durand", "petit", "roux", "leroy", "moreau", "simon", "laurent"];
    const company = Array.from({ length: size + added }, (_, number) => {
      const name = `${names[Math.floor(random() * 8)]}.${names[Math.floor(random() * 8)]}`;
      return user(number, { lastname: name, login: `${name}${number}`, email: `${name}.${number}@dealers.example` });
    });
    on.ledger = memoryLedger({ ledgerKey: KEY });
    const before = company.slice(0, size);
    // What a run would leave in the ledger, without 20,000 requests.
    const fingerprints = await on.ledger.fingerprints();
    const { marked } = await import("../../../src/reconcile/content/marks.ts");
    const { hashOf } = await import("../../../src/base/hash/hash.ts");
    for (const [at, one] of before.entries()) {
      await setEntry(on.ledger, `ACC-${at}`, {
        id: `${at}`,
        user: hashOf(one),
        ...marked(one, `${at}`, fingerprints),
        rules: {},
        at: 1,
      });
    }
    const isMoved = (at: number): boolean => at >= size - moved && at < size;
    const after = company.map((one, at) => (isMoved(at) ? { ...one, accountNumber: `M-${at}` } : one));
    const { refusals, counts } = await on.plan(after, { checks: false });
    expect(counts).toMatchObject({ new: moved + added, missing: moved });
    const expected = Array.from({ length: moved }, (_, at) => `ACC-${size - moved + at} M-${size - moved + at}`);
    expect(
      pairsOf(refusals)
        .map(({ from, to }) => `${from} ${to}`)
        .sort(),
    ).toEqual(expected.sort());
  }, 120_000);
});
