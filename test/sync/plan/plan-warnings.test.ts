import { expect, it } from "vitest";
import { digitsWarning, suspiciousWarning } from "../../../src/sync/plan/checks/check-data.ts";
import {
  damagedWarning,
  incomparableWarning,
  tooSoonWarning,
  unknownParentsWarning,
} from "../../../src/sync/plan/plan-warnings.ts";

const names = (count: number) => Array.from({ length: count }, (_, at) => `ACC-${at}`);
const HOUR = 3_600_000;

it("Damaged entries and incomparable versions each give one warning with the first five users", () => {
  for (const warning of [damagedWarning, incomparableWarning]) {
    expect(warning([])).toEqual([]);
    expect(warning(names(1))[0]).toContain("1 user ");
    expect(warning(names(5))[0]).toContain("(ACC-0, ACC-1, ACC-2, ACC-3, ACC-4)");
    expect(warning(names(6))[0]).toContain("(ACC-0, ACC-1, ACC-2, ACC-3, ACC-4, …)");
    expect(warning(["a@b.example"])[0]).not.toContain("@");
  }
});

it("Unknown parents give one warning with the first five of them", () => {
  const unknown = names(6).map((accountNumber) => ({ accountNumber, parent: "X" }));
  expect(unknownParentsWarning([])).toEqual([]);
  expect(unknownParentsWarning(unknown.slice(0, 5))[0]).toMatch(/ACC-4 → X\.$/);
  expect(unknownParentsWarning(unknown)[0]).toMatch(/ACC-4 → X, … \(6\)\.$/);
});

it("A run less than a day after the last one gets a warning if the client has no rate limit", () => {
  expect(tooSoonWarning(0, 24 * HOUR - 1, false)).toHaveLength(1);
  expect(tooSoonWarning(0, 24 * HOUR, false)).toEqual([]);
  expect(tooSoonWarning(5, 5, false)).toHaveLength(1);
  expect(tooSoonWarning(6, 5, false)).toEqual([]);
  expect(tooSoonWarning(undefined, 5, false)).toEqual([]);
  expect(tooSoonWarning(0, 5, { requests: 1, perMs: 1 })).toEqual([]);
});

it("Account numbers of digits give one warning, and suspicious records another with their paths", () => {
  const users = (...numbers: string[]) => numbers.map((accountNumber) => ({ accountNumber }));
  expect(digitsWarning(users("A1", "1A", ""))).toEqual([]);
  expect(digitsWarning(users("A1", "17", "18"))[0]).toContain(
    "2 new users with an account number of digits only, for example 17.",
  );
  expect(suspiciousWarning([])).toEqual([]);
  const issue = (path: string) => ({ path, message: "" });
  expect(suspiciousWarning([{ issues: [issue("login"), issue("email")] }, { issues: [issue("login")] }])).toEqual([
    expect.stringMatching(/^2 records .*login 2, email 1/),
  ]);
});
