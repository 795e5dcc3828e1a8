import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Audit, lastFailures } from "../../../src/cli/run/audit.ts";
import type { UserOutcome } from "../../../src/sync/index.ts";
import { folderWith } from "../../support/folder.ts";

const outcome = (accountNumber: string, result: "created" | "failed"): UserOutcome => ({
  ...{ record: 0, row: undefined, accountNumber, id: "1", fields: [], rules: [], outcome: result, testMode: false },
  ...{ failures: [], requestIds: [] },
});

describe("The audit file", () => {
  it("The audit file keeps the first line of a run whole if a killed run left half a line before it", async () => {
    const path = join(
      await folderWith({ "audit.jsonl": '{"run":"1","accountNumber":"A"}\n{"run":"1","acc' }),
      "audit.jsonl",
    );
    for (const run of ["2", "3"]) {
      const audit = new Audit(path, run, "hash");
      audit.add(outcome("B", "failed"));
      audit.add(outcome("C", "created"));
      audit.close();
      expect(lastFailures(path)).toEqual({ run, accountNumbers: ["B"] });
    }
    expect(
      readFileSync(path, "utf8")
        .split("\n")
        .map((line) => line.slice(0, 8)),
    ).toEqual([...['{"run":"', '{"run":"'], ...['{"time":', '{"time":', '{"time":', '{"time":', ""]]);
  });

  it("The audit file begins with a record, not with an empty line", async () => {
    const path = join(await folderWith(), "audit.jsonl");
    const audit = new Audit(path, "1", "hash");
    audit.add(outcome("A", "created"));
    audit.close();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ run: "1", plan: "hash", accountNumber: "A" });
  });
});
