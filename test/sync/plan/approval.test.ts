import { expect, it } from "vitest";
import { TimeSlice } from "../../../src/base/time/time-slice.ts";
import { memoryLedger } from "../../../src/sync/index.ts";
import { KeptApproval } from "../../../src/sync/plan/approval.ts";
import type { Change } from "../../../src/sync/plan/judge.ts";
import { contentOf } from "../../support/entries.ts";
import { user } from "../../support/sync-users.ts";

const USERS = 20_000;
const changeOf = (number: number, lastname = "Martin") =>
  ({
    content: contentOf({ user: user(number, { lastname }), rules: { maxDistance: 30 } }),
    planned: { kind: "new" },
  }) as unknown as Change;

it("the approval of 20,000 users takes less than 55,000 bytes, holds for each of them, and for hardly another", async () => {
  const ledger = memoryLedger();
  const changes = Array.from({ length: USERS }, (_, number) => changeOf(number));
  await KeptApproval.keep(ledger, changes, { plan: "Abc123Abc123", at: 5, mark: undefined }, new TimeSlice());
  expect((await ledger.readNote("approval"))?.length).toBeLessThan(55_000);
  const approval = await KeptApproval.read(ledger, 6);
  expect(approval).toMatchObject({ plan: "Abc123Abc123", at: 5, users: USERS, mark: undefined });
  expect(changes.every(({ content }) => approval?.covers(content))).toBe(true);
  const others = Array.from({ length: USERS }, (_, number) => changeOf(number, "Durand").content);
  expect(others.filter((content) => approval?.covers(content)).length).toBeLessThan(10);
});

it("what is no approval is none", async () => {
  for (const text of ["", "null", "{", '{"plan":"a"}', '{"plan":"a","at":"5","users":1,"packed":""}']) {
    const ledger = memoryLedger();
    await ledger.writeNote("approval", undefined, text);
    expect(await KeptApproval.read(ledger, 5)).toBeUndefined();
  }
});
