import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { approvalIn, configWith, dealersCsv, openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

it("a plan that passes the guard leaves an audit line with the findings and the reason", async () => {
  const platform = await openPlatform();
  const env = { ...platform.env, OPLEAD_OPERATOR: "eve" };
  const folder = await folderWith({
    "oplead.config.mjs": configWith("guard: { minUsers: 2 },"),
    "dealers.csv": dealersCsv(5),
  });
  const run = async (...args: string[]) => (await oplead(folder, [...args, "--json"], { env })).code;
  const refused = async (...args: string[]) => approvalIn((await oplead(folder, args, { env })).stderr);
  const trace = () => {
    const lines = readFileSync(join(folder, "oplead-audit.jsonl"), "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line)).filter(({ approvedBy = [] }) => approvedBy.length > 0);
  };
  expect(await run("sync")).toBe(3);
  expect(await run("sync", "--test")).toBe(0);
  expect(trace()).toEqual([]);
  expect(await run(...(await refused("sync")))).toBe(0);
  expect(trace()).toMatchObject([{ approvedBy: ["--approve"], findings: ["first_run"] }]);

  writeFileSync(join(folder, "dealers.csv"), dealersCsv(5).replaceAll("Étienne", "Durand"));
  expect(await run("plan", "--out", "plan.json")).toBe(0);
  expect(await run("apply", "plan.json")).toBe(3);
  expect(trace()).toHaveLength(1);
  expect(await run(...(await refused("apply", "plan.json")))).toBe(0);
  const { hash } = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
  expect(trace().at(-1)).toMatchObject({ approvedBy: ["--approve"], findings: ["mass_change"], plan: hash });

  writeFileSync(join(folder, "oplead.config.mjs"), configWith("guard: false,"));
  expect(await run("sync")).toBe(0);
  expect(trace().at(-1)).toMatchObject({ approvedBy: ["guard: false"] });
});
