import { closeSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { Audit, lastFailures } from "../../../src/cli/run/audit.ts";
import type { PlannedOutcome } from "../../../src/sync/index.ts";
import { guardFinding } from "../../../src/sync/told.ts";
import { folderWith } from "../../support/folder.ts";

const outcome = (accountNumber: string, result: "created" | "failed"): PlannedOutcome => ({
  ...{
    record: 0,
    row: undefined,
    accountNumber,
    id: "1",
    fields: [],
    rules: [],
    outcome: result,
    testMode: false,
    final: true,
  },
  ...{ runId: "1", applied: [], failures: [], requestIds: [] },
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

  it("The audit file says who sent a plan past the guard, when and how, and its last failures are those of a run with users", async () => {
    const path = join(await folderWith(), "audit.jsonl");
    vi.stubEnv("OPLEAD_OPERATOR", "eve");
    const first = new Audit(path, "1", "hash");
    first.addBypass(["--approve"], [guardFinding("empty_source", { population: 5 })]);
    first.add(outcome("B", "failed"));
    first.close();
    vi.stubEnv("OPLEAD_OPERATOR", "");
    const second = new Audit(path, "2", "hash");
    second.addBypass(["guard: false", "--first-run"], []);
    second.close();
    vi.unstubAllEnvs();
    const lines = readFileSync(path, "utf8").trim().split("\n");
    const [line, , other] = lines.map((line) => JSON.parse(line));
    const named = { run: "1", plan: "hash", who: "eve", by: ["--approve"], findings: ["empty_source"] };
    expect(line).toEqual({ time: expect.stringMatching(/^20\d\d-.*Z$/), ...named });
    expect(other).toMatchObject({ run: "2", who: userInfo().username, by: ["guard: false", "--first-run"] });
    expect(lastFailures(path)).toEqual({ run: "1", accountNumbers: ["B"] });
  });

  it("is readable by its owner alone", async () => {
    const path = join(await folderWith(), "audit.jsonl");
    new Audit(path, "1", "hash").close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("gives the failures of its last run although it is larger than a text can be", async () => {
    const path = join(await folderWith(), "audit.jsonl");
    const descriptor = openSync(path, "w");
    // A hole of 600 MB, longer than a text of Node may be, and two runs behind it.
    const runs = ["old", "new"].flatMap((run) =>
      Array.from({ length: 3_000 }, (_, i) => {
        const outcome = i % 1_000 === 7 ? "failed" : "created";
        return `${JSON.stringify({ run, accountNumber: `Éé-${i}`, outcome, testMode: false })}\n`;
      }),
    );
    writeSync(descriptor, `\n${runs.join("")}`, 600_000_000);
    closeSync(descriptor);
    expect(lastFailures(path)).toEqual({ run: "new", accountNumbers: ["Éé-2007", "Éé-1007", "Éé-7"] });
  });

  it("counts the last line of a user in a run, and no rehearsal", async () => {
    const line = (run: string, outcome: string, testMode = false) =>
      `${JSON.stringify({ run, accountNumber: "A", outcome, testMode })}\n`;
    const text = line("1", "failed") + line("1", "created") + line("2", "failed", true);
    const path = join(await folderWith({ "audit.jsonl": text }), "audit.jsonl");
    expect(lastFailures(path)).toEqual({ run: "1", accountNumbers: [] });
  });

  it("has no failures where there is no file, and cannot be read where a folder is", async () => {
    const folder = await folderWith({ "empty.jsonl": "" });
    expect(lastFailures(join(folder, "absent.jsonl"))).toBeUndefined();
    expect(lastFailures(join(folder, "empty.jsonl"))).toBeUndefined();
    expect(() => lastFailures(folder)).toThrow(/cannot be read \(EISDIR\)/);
  });

  it.each([1, 2, 65_535, 65_536, 65_537, 131_072])(
    "is read whole where a line begins %d bytes before its end",
    async (size) => {
      const last = JSON.stringify({ run: "1", accountNumber: "É", outcome: "failed", testMode: false });
      const padding = Math.max(0, size - Buffer.byteLength(last) - 1);
      const text = `{"run":"1","accountNumber":"A","outcome":"skipped"}\n${last}${" ".repeat(padding)}\n`;
      const path = join(await folderWith({ "audit.jsonl": text }), "audit.jsonl");
      expect(lastFailures(path)?.accountNumbers).toEqual(["É", "A"]);
    },
  );
});
