import { expect, it, vi } from "vitest";
import { memoryLedger } from "../../../src/sync/index.ts";
import { KeptApproval } from "../../../src/sync/plan/approval.ts";
import type { Change } from "../../../src/sync/plan/judge.ts";
import { contentOf } from "../../support/entries.ts";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const changeOf = (number: number, lastname = "Martin") =>
  ({
    content: contentOf({ user: user(number, { lastname }), rules: { maxDistance: 30 } }),
    planned: { kind: "new" },
  }) as unknown as Change;

it("an approval of very many users stores fewer bits for each, and is not kept if 10 bits are too many", async () => {
  const ledger = memoryLedger();
  const facts = { plan: "Abc123Abc123", at: 5, mark: { runs: 100_000, lastRunId: crypto.randomUUID() } };
  const changes = Array.from({ length: 40_000 }, (_, number) => changeOf(number));
  const keep = (users: number) => KeptApproval.keep(ledger, changes.slice(0, users), facts);
  for (const users of [20_000, 30_000]) {
    expect(await keep(users)).toBe(true);
    expect((await ledger.readNote("approval"))?.length).toBeLessThan(60_000);
    const approval = await KeptApproval.read(ledger, 6);
    expect(approval).toMatchObject({ ...facts, users });
    expect(changes.slice(0, users).every(({ content }) => approval?.covers(content))).toBe(true);
    const others = changes.slice(users).filter(({ content }) => approval?.covers(content));
    expect(others.length).toBeLessThan((40_000 - users) / 500);
  }
  expect(await keep(40_000)).toBe(false);
  expect(await ledger.readNote("approval")).toBeUndefined();
});

it("an approved run is made although the ledger cannot store the approval, and the log says so", async () => {
  const down = () => Promise.reject(new Error("the note is too long"));
  on.ledger = { ...memoryLedger(), writeNote: down };
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, warn, error() {} };
  const plan = await on.plan([user(0), user(1)], { guard: { minUsers: 1 } }, { logger });
  expect(plan.refusals.map(({ code }) => code)).toEqual(["first_run"]);
  const report = await plan.apply({ approve: plan.hash });
  expect(report.counts.created).toBe(2);
  const fields = warn.mock.calls.map(([, { event, code, plan: hash }]) => [event, code, hash]);
  expect(fields).toContainEqual(["approval_not_kept", "ledger_unavailable", plan.hash]);
});

it("a damaged note of an approval is read as no approval", async () => {
  for (const text of ["", "null", "{", '{"plan":"a"}', '{"plan":"a","at":"5","users":1,"bits":14,"packed":""}']) {
    const ledger = memoryLedger();
    await ledger.writeNote("approval", undefined, text);
    expect(await KeptApproval.read(ledger, 5)).toBeUndefined();
  }
});
