import { expect, it } from "vitest";
import { tellGuard } from "../../../src/locales/en/sync.ts";
import { isCovered } from "../../../src/sync/apply/permit.ts";
import type { GuardFinding } from "../../../src/sync/types/messages.ts";

const changed = (figures: object = {}): GuardFinding =>
  tellGuard("mass_change", { changed: 40, missing: 2, comparable: 100, limit: 0.2, ...figures });

it("an approved reason covers fewer users, and not more users, another segment or another limit", () => {
  const seen = [changed()];
  expect(isCovered(changed(), seen)).toBe(true);
  expect(isCovered(changed({ changed: 25, comparable: 90 }), seen)).toBe(true);
  expect(isCovered(changed({ changed: 41 }), seen)).toBe(false);
  expect(isCovered(changed({ missing: 3 }), seen)).toBe(false);
  expect(isCovered(changed({ segment: "Nord" }), seen)).toBe(false);
  expect(isCovered(changed({ limit: 0.1 }), seen)).toBe(false);
  expect(isCovered(tellGuard("mass_move", { moved: 1, comparable: 100, limit: 0.05 }), seen)).toBe(false);
  expect(isCovered(changed(), [])).toBe(false);
});

it("an approval of many twins covers as many or fewer, whichever they are, and not more", () => {
  const twins = (count: number, example = "A") =>
    tellGuard("mass_twins", { count, population: 900, examples: [example] });
  expect(isCovered(twins(60, "B"), [twins(61)])).toBe(true);
  expect(isCovered(twins(62), [twins(61)])).toBe(false);
});

it("an approval does not cover a ledger that has lost more entries since, or another copy of the ledger", () => {
  const seen = [tellGuard("ledger_shrunk", { now: 80, before: 100 })];
  expect(isCovered(tellGuard("ledger_shrunk", { now: 81, before: 100 }), seen)).toBe(true);
  expect(isCovered(tellGuard("ledger_shrunk", { now: 79, before: 100 }), seen)).toBe(false);
  const restored = (known: number) => tellGuard("ledger_restored", { known, ended: 9 });
  expect([isCovered(restored(8), [restored(8)]), isCovered(restored(7), [restored(8)])]).toEqual([true, false]);
});
