import fc from "fast-check";
import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { memoryLedger, syncUsers } from "../../../src/sync/index.ts";
import { sized } from "../../support/long-form.ts";
import { openWorld, user } from "../../support/sync-users.ts";

type Fate = "fine" | "refused" | "broken" | "lost" | "invalid";

const person = fc.record({
  parent: fc.option(fc.nat(), { nil: undefined }),
  fate: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fate>("fine") },
    fc.constantFrom<Fate>("refused", "broken", "lost", "invalid"),
  ),
  weight: fc.double({ noNaN: true }),
});

// Any user may be the parent of any other.
const profiles = [{ code: "PRF_ANY", label: "Any" }];

it("a run applies, holds, skips or fails every user, parents first, for any hierarchy, order and failures", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(person, { minLength: 1, maxLength: 14 }),
      fc.boolean(),
      async (people, uniqueAccounts) => {
        const world = await openWorld({ profiles, uniqueAccountNumbers: uniqueAccounts });
        try {
          const fates = new Map(people.map(({ fate }, number) => [`ACC-${number}`, fate]));
          for (const [fate, as, when] of [
            ["refused", { status: 422 }, "before"],
            ["broken", { status: 500 }, "before"],
            ["lost", "reset", "after"],
          ] as const) {
            const isHit = ({ method, body }: { method: string; body: unknown }) =>
              method === "POST" && fates.get((body as UserInput).accountNumber ?? "") === fate;
            world.fake.fail({ on: isHit, as, when, times: fate === "lost" ? 3 : 999 });
          }
          const source = people
            .map(({ parent, fate, weight }, number) => ({
              weight,
              user: user(number, {
                profile: { code: "PRF_ANY" },
                parentUserIdentifier: parent === undefined || number === 0 ? undefined : `ACC-${parent % number}`,
                ...(fate === "invalid" && { email: "none" }),
              }),
            }))
            .sort((a, b) => a.weight - b.weight)
            .map(({ user }) => user);
          const ledger = memoryLedger();
          const stop = { failureShare: 1, connectionFailures: 999 };
          const oplead = world.connect({ retry: { attempts: 2, baseMs: 0, maxMs: 0 }, settleMs: 50 });
          const run = () => syncUsers(oplead, { source, map: (user) => ({ user }), ledger, stop, guard: false });

          const report = await run();
          const accountedFor = [
            ...world.fake.users.map(({ accountNumber }) => accountNumber),
            ...report.failed.map(({ accountNumber }) => accountNumber),
            ...report.skipped.map(({ accountNumber }) => accountNumber),
            ...report.invalid.map(({ accountNumber }) => accountNumber),
          ];
          expect(accountedFor.sort()).toEqual([...fates.keys()].sort());
          const { created, updated, failed, skipped, invalid } = report.counts;
          expect(created + updated + failed + skipped + invalid).toBe(people.length);
          expect(world.fake.duplicates()).toEqual([]);

          const order = world.fake.users.map(({ accountNumber }) => accountNumber);
          for (const { accountNumber, parentUserIdentifier } of world.fake.users) {
            if (typeof parentUserIdentifier !== "string") continue;
            expect(order.indexOf(parentUserIdentifier)).toBeGreaterThanOrEqual(0);
            expect(order.indexOf(parentUserIdentifier)).toBeLessThan(order.indexOf(accountNumber));
          }
          for (const { accountNumber, parent } of report.skipped) {
            expect(world.fake.user(accountNumber)).toBeUndefined();
            expect(world.fake.user(parent ?? "")).toBeUndefined();
          }

          const parents = new Map(source.map((user) => [user.accountNumber, user.parentUserIdentifier]));
          for (const { accountNumber } of report.failed) {
            const parent = parents.get(accountNumber);
            if (parent !== undefined) expect(world.fake.user(String(parent))).toBeDefined();
          }

          world.newRequests();
          const again = await run();
          const retried = report.failed.filter(({ held }) => !held).length;
          expect(again.counts.unchanged).toBe(created + updated);
          if (retried === 0) expect(world.newRequests()).toBe(0);
        } finally {
          await world.close();
        }
      },
    ),
    { numRuns: sized(5, 10) },
  );
});
