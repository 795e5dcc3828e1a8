import { expect, it } from "vitest";
import { unknownParentsWarning, usersWarning } from "../../../src/sync/plan/plan-warnings.ts";

import { messagesOf } from "../../support/messages.ts";

const names = (count: number) => Array.from({ length: count }, (_, at) => `ACC-${at}`);

it("damaged entries and incomparable versions each give one warning with the first five users", () => {
  for (const code of ["damaged_entries", "incomparable_versions"] as const) {
    const told = (accountNumbers: string[]) => messagesOf(usersWarning(code, accountNumbers)).join();
    expect(told([])).toBe("");
    expect(told(names(1))).toContain("1 user ");
    expect(told(names(5))).toContain("(ACC-0, ACC-1, ACC-2, ACC-3, ACC-4)");
    expect(told(names(6))).toContain("(ACC-0, ACC-1, ACC-2, ACC-3, ACC-4, …)");
    expect(usersWarning(code, ["a@b.example"])).toMatchObject([{ parameters: { examples: ["[not shown]"] } }]);
    expect(told(["a@b.example"])).not.toContain("@");
  }
});

it("unknown parents give one warning with the first five of them", () => {
  const unknown = names(6).map((accountNumber) => ({ accountNumber, parent: "X" }));
  expect(unknownParentsWarning([])).toEqual([]);
  expect(messagesOf(unknownParentsWarning(unknown.slice(0, 5)))).toEqual([expect.stringMatching(/ACC-4 → X\.$/)]);
  expect(messagesOf(unknownParentsWarning(unknown))).toEqual([expect.stringMatching(/^6 users .* ACC-4 → X, …\.$/)]);
});
