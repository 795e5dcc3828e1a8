import { describe, expect, it } from "vitest";
import { openPlatform, oplead } from "../../support/command.ts";
import { oldestNode, program } from "../runtimes.ts";
import { bin, project } from "./project.ts";

describe(`The command on Node ${oldestNode.version}`, () => {
  it("the command plans, tests, sends and checks itself on the oldest supported Node", async ({ skip }) => {
    const node = await program(oldestNode, skip);
    const { env, fake } = await openPlatform();
    const folder = await project();
    const run = (args: string) => oplead(folder, [], { env, shell: `'${node}' '${bin}' ${args}` });
    const plan = await run("plan --out plan.json");
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining("3 records") });
    expect(await run("sync --test")).toMatchObject({ code: 0 });
    expect(await run("apply plan.json --report report.md")).toMatchObject({ code: 0 });
    expect(fake.users).toHaveLength(3);
    expect(await run("sync --json")).toMatchObject({ code: 0, stdout: expect.stringContaining('"unchanged": 3') });
    expect(await run("retry")).toMatchObject({ code: 0 });
    expect(await run("ledger list")).toMatchObject({ code: 0 });
    const audits = `import { readFileSync } from "node:fs"; import { auditFile } from "oplead-sdk/sync";
      const told = { outcome: "updated", final: true, testMode: false, fields: [], applied: [], failed: [], requestIds: [] };
      auditFile("a.jsonl").onUser({ accountNumber: "A", id: "1", ...told });
      console.log(readFileSync("a.jsonl", "utf8").trim().split("\\n").length)`;
    const audited = await oplead(folder, [], { shell: `'${node}' --input-type=module -e '${audits}'` });
    expect(audited).toMatchObject({ code: 0, stdout: "1\n" });
    expect((await run("doctor")).stdout).toContain(oldestNode.version);
  });
});
