import { expect, it } from "vitest";
import { approvalCommand } from "../../src/parts.ts";
import { fullPlan } from "../support/full-plan.ts";

const selection = { resend: false, only: undefined, limit: undefined, newUsers: undefined };
const plan = { hash: "Abc123", selection, refusals: [] };

it("the command that approves a plan names its hash and everything that the plan selects", () => {
  expect(approvalCommand(plan)).toBe("npx oplead-sdk sync --approve Abc123");
  expect(
    approvalCommand(
      { ...fullPlan, selection: { ...fullPlan.selection, full: true } },
      { target: "prod", config: "eu.mjs" },
    ),
  ).toBe(
    "npx oplead-sdk sync --approve Abc123 --resend --full --only ACC-1 ACC-2 --limit 1 --target prod --config eu.mjs",
  );
});

it("the command of a saved plan names its file, and the hash if the plan was refused", () => {
  const { refusals } = fullPlan;
  expect(refusals.length).toBeGreaterThan(0);
  expect(approvalCommand({ ...plan, refusals }, { file: "plan.json" })).toBe(
    "npx oplead-sdk apply plan.json --approve Abc123",
  );
  expect(approvalCommand(plan, { file: "plan.json" })).toBe("npx oplead-sdk apply plan.json");
});

it("no account number and no file name can start another command in a shell", () => {
  const only = ["A-1", "A;rm -rf ~", "O'Brien", "$(id)"];
  expect(approvalCommand({ ...plan, selection: { ...selection, only } }, { target: "a b" })).toBe(
    "npx oplead-sdk sync --approve Abc123 --only A-1 'A;rm -rf ~' 'O'\\''Brien' '$(id)' --target 'a b'",
  );
});
