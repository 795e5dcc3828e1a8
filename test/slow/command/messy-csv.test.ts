import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { realCountries } from "../../../src/testing/countries.ts";
import { openPlatform, oplead } from "../../support/command.ts";
import { MESSY_CONFIG, messyCsv } from "../../support/messy-csv.ts";
import { installedFolder } from "./project.ts";

const ROWS = 2000;

describe("a messy CSV file of 2,000 rows", () => {
  it("after plan and apply of a messy CSV file, the next plan is empty and every bad row was reported with a remedy", async () => {
    const { bytes, bad } = messyCsv(ROWS);
    const { fake, env } = await openPlatform({ countries: realCountries() });
    const folder = await installedFolder({ "oplead.config.mjs": MESSY_CONFIG, "dealers.csv": bytes });
    const plan = await oplead(folder, ["plan", "--out", "plan.json", "--json"], { env });
    expect(plan.code).toBe(0);
    const { counts, hash } = JSON.parse(plan.stdout);
    expect(counts.new).toBe(ROWS - bad.size);

    const applied = await oplead(folder, ["apply", "plan.json", "--approve", hash, "--report", "bad.csv"], { env });
    expect(applied.code).toBe(5);
    expect(fake.users).toHaveLength(ROWS - bad.size);
    expect(fake.user("DLR-31")?.lastname).toBe('Garage "Le Pneu"\n31; annexe');
    expect(fake.user("DLR-1")?.lastname).toBe("Garage n°1 d'Été");
    expect(fake.user("DLR-37")?.address.city).toBe("Brest");

    const report: Record<string, string>[] = parse(readFileSync(join(folder, "bad.csv")), { columns: true, bom: true });
    const rows = new Map(report.map((line) => [Number(line.row), line]));
    expect([...rows.keys()].sort((a, b) => a - b)).toEqual([...bad.keys()].sort((a, b) => a - b));
    for (const [row, accountNumber] of bad) {
      const line = rows.get(row);
      expect(line?.["account number"]).toBe(accountNumber);
      expect(line?.reason).not.toBe("");
      expect(line?.advice).not.toBe("");
    }

    const sent = fake.requests.length;
    const second = await oplead(folder, ["plan", "--detailed-exitcode", "--json"], { env });
    expect(JSON.parse(second.stdout)).toMatchObject({
      changes: [],
      counts: { unchanged: ROWS - bad.size, invalid: bad.size },
    });
    expect(second.code).toBe(5);
    expect(fake.requests.length).toBe(sent);
  });
});
