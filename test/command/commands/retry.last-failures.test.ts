import { join } from "node:path";
import { expect, it } from "vitest";
import { lastFailures } from "../../../src/command/commands/retry.ts";
import { folderWith } from "../../support/folder.ts";

const line = (run: string, accountNumber: string, outcome: string, more = {}) =>
  `${JSON.stringify({ event: "user", version: 2, time: `2026-01-0${run}T02:00:00.000Z`, run, accountNumber, outcome, testMode: false, ...more })}\n`;

it("lastFailures takes the newest run that sent users, without trials and webhooks, each user once", async () => {
  const file = join(
    await folderWith({
      "audit.2026-01-02.jsonl":
        line("2", "A", "failed") + line("2", "B", "failed") + line("2", "B", "created") + line("2", "C", "skipped"),
      "audit.jsonl":
        line("1", "D", "failed") +
        line("3", "E", "failed", { testMode: true }) +
        line("4", "F", "failed", { run: undefined, origin: "serve" }),
    }),
    "audit.jsonl",
  );
  expect(lastFailures(file)).toEqual({ run: "2", accountNumbers: ["A", "C"] });
  expect(lastFailures(join(file, "..", "none.jsonl"))).toBeUndefined();
});
