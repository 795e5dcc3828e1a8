import { expect, it } from "vitest";
import { memoryLedger, planSync, renderPlan } from "../../src/sync/index.ts";
import { openWorld, users } from "../support/sync-users.ts";

async function savedPlan(rename: (name: string) => string = (name) => name) {
  const world = await openWorld();
  const source = users(3).map((user) => ({ ...user, accountNumber: rename(user.accountNumber ?? "") }));
  const map = (user: (typeof source)[number]) => ({ user, rules: { maxDistance: 30 } });
  const plan = await planSync(world.connect(), { source, map, ledger: memoryLedger() });
  await world.close();
  return { plan, saved: JSON.parse(JSON.stringify(plan)) };
}

it("a saved plan prints like the plan itself, as text and as Markdown", async () => {
  const { plan, saved } = await savedPlan();
  expect(renderPlan(saved, "text")).toBe(String(plan));
  expect(renderPlan(saved, "markdown")).toBe(plan.toMarkdown());
});

it("a saved plan as Markdown has its hash, its counts and a row for each user", async () => {
  const { plan, saved } = await savedPlan();
  const text = renderPlan(saved, "markdown");
  expect(text).toContain(`plan ${plan.hash}`);
  expect(text).toContain("| 3 | new |");
  expect(text).toContain("| ACC-2 | rule maxDistance |");
});

it("an account number in a Markdown plan can neither leave its cell nor become a link or HTML", async () => {
  const { saved } = await savedPlan((name) => `${name}|<b>[a](b)`);
  const row = renderPlan(saved, "markdown")
    .split("\n")
    .find((line) => line.startsWith("| ACC-1"));
  expect(row).not.toMatch(/<|\[|\]\(/);
  expect(row?.match(/\|/g)).toHaveLength(3);
});
