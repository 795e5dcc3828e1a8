import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configWith, dealersCsv, openPlatform, oplead } from "../support/command.ts";
import { folderWith } from "../support/folder.ts";

const project = (csv: string) => folderWith({ "oplead.config.mjs": configWith(), "dealers.csv": csv });

describe("oplead plan", { timeout: 60_000 }, () => {
  it("writes its problems as a French CSV, shows every row, and ends with 5 if records cannot be sent", async () => {
    const { env, writes } = await openPlatform();
    const folder = await project(dealersCsv(30, "DLR-99;Petit;p@dealers.example;01000;30 km\r\n"));
    const words = ["plan", "--all", "--report", "refus.csv", "--language", "fr", "--detailed-exitcode"];
    const { code, stdout } = await oplead(folder, words, { env });
    expect(code).toBe(5);
    expect(stdout).toContain("DLR-29 (row 31)");
    expect(readFileSync(join(folder, "refus.csv"), "utf8")).toMatch(/^\ufeffligne;[\s\S]*32;DLR-99;/);
    expect(writes()).toBe(0);
  });

  it("ends with 3 if the guard would refuse the plan, and with 0 without --detailed-exitcode", async () => {
    const { env } = await openPlatform();
    const folder = await project(dealersCsv(150));
    expect(await oplead(folder, ["plan", "--detailed-exitcode"], { env })).toMatchObject({ code: 3 });
    expect(await oplead(folder, ["plan"], { env })).toMatchObject({ code: 0 });
  });
});
