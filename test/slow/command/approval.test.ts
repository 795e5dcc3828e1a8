import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { approvalIn, dealersCsv, onPlatform } from "../../support/command.ts";
import { project } from "./project.ts";

const GUARD = "guard: { minUsers: 10 },";

const renamed = (count: number, ...numbers: number[]) =>
  numbers.reduce((csv, number) => csv.replace(`Étienne ${number};`, `Durand ${number};`), dealersCsv(count));

it("apply carries out a saved plan that was not refused, and asks for the hash of a refused one", async () => {
  const { fake, writes, folder, run } = await onPlatform(project(12, GUARD));
  expect((await run("plan --out few.json --limit 3")).code).toBe(0);
  const saved = await run("plan --out plan.json");
  const approval = approvalIn(saved.stderr);
  expect(approval).toEqual(["apply", "plan.json", "--approve", expect.any(String)]);
  const alone = await run("apply plan.json");
  expect(alone.code).toBe(3);
  expect(alone.stderr).toContain("The ledger knows no user that Oplead has, and 12 users would be sent");
  expect(approvalIn(alone.stderr)).toEqual(approval);
  expect(await run("apply plan.json --approve Abc123Abc123")).toMatchObject({ code: 1 });
  expect(writes()).toBe(0);

  writeFileSync(join(folder, "dealers.csv"), renamed(12, 3, 4));
  const sent = await run([...approval]);
  expect(sent.code).toBe(5);
  expect(sent.stderr).toContain("DLR-3: would get something else");
  expect(fake.users.map(({ accountNumber }) => accountNumber)).not.toContain("DLR-3");
  expect(fake.users).toHaveLength(10);
  expect((await run("sync")).code).toBe(0);
  expect(fake.users).toHaveLength(12);

  writeFileSync(join(folder, "dealers.csv"), renamed(12, 3, 4, 5));
  expect((await run("plan --out plan.json")).code).toBe(0);
  expect((await run("apply plan.json")).code).toBe(0);
  expect(fake.users.filter(({ lastname }) => lastname?.startsWith("Durand"))).toHaveLength(3);
});
