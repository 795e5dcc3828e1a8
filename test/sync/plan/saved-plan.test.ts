import { expect, it } from "vitest";
import { memoryLedger, planMarkdown, planSync, savedPlanText } from "../../../src/sync/index.ts";
import { openWorld, users } from "../../support/sync-users.ts";

async function savedPlan(rename: (name: string) => string = (name) => name) {
  const world = await openWorld();
  const source = users(3).map((user) => ({ ...user, accountNumber: rename(user.accountNumber ?? "") }));
  const map = (user: (typeof source)[number]) => ({ user, rules: { maxDistance: 30 } });
  const plan = await planSync(world.connect(), { source, map, ledger: memoryLedger() });
  await world.close();
  return { plan, saved: JSON.parse(JSON.stringify(plan)) };
}

it("a saved plan reads as the plan itself did, but for the rate of the client", async () => {
  const { plan, saved } = await savedPlan();
  expect(savedPlanText(saved)).toBe(String(plan).replace(/ \(.* per .*\)/, ""));
});

it("a plan as Markdown has its hash, its amounts and a row for each user", async () => {
  const { plan, saved } = await savedPlan();
  const text = planMarkdown(saved);
  expect(text).toContain(`\`${plan.hash}\``);
  expect(text).toContain("| 3 | new |");
  expect(text).toContain("| ACC-2 | new |");
});

it("an account number cannot leave its cell, nor become a link or HTML", async () => {
  const { saved } = await savedPlan((name) => `${name}|<b>[a](b)`);
  const row = planMarkdown(saved)
    .split("\n")
    .find((line) => line.startsWith("| ACC-1"));
  expect(row).not.toMatch(/<|\[|\]\(/);
  expect(row?.match(/\|/g)).toHaveLength(4);
});
