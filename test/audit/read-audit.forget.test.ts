import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { forgetAudit, readAudit } from "../../src/audit/read-audit.ts";
import { folderWith } from "../support/folder.ts";

const line = (accountNumber: string, run: string) =>
  `${JSON.stringify({ event: "user", version: 2, accountNumber, run, requestIds: ["r"] })}\n`;

it("forgetting a user replaces its account number in every file by one random number", async () => {
  const folder = await folderWith({
    "audit.jsonl": line("jean.dupont@dealers.example", "1") + line("B", "1"),
    "audit.2026-01-31.jsonl": `${" ".repeat(1_048_560)}\n${line("jean.dupont@dealers.example", "2")}${line("jean.dupont@dealers.example.fr", "2")}`,
  });
  const file = join(folder, "audit.jsonl");
  const before = [...readAudit(file)];
  expect(forgetAudit(file, "jean.dupont@dealers.example")).toBe(2);
  const after = [...readAudit(file)];
  const names = after.map((one) => ("accountNumber" in one ? one.accountNumber : ""));
  expect(names).toEqual([names[0], "B", names[0], "jean.dupont@dealers.example.fr"]);
  expect(names[0]).toMatch(/^[a-z0-9]{27}$/);
  expect(after.map((one) => ({ ...one, accountNumber: "" }))).toEqual(
    before.map((one) => ({ ...one, accountNumber: "" })),
  );
  expect(readFileSync(file, "utf8")).not.toContain("dupont");
  expect(forgetAudit(file, "jean.dupont@dealers.example")).toBe(0);
});
