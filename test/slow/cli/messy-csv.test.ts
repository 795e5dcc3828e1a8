import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { realCountries } from "../../../src/testing/countries.ts";
import { openPlatform, oplead } from "../../support/command.ts";
import { installedFolder } from "./project.ts";

const ROWS = 2000;

/** Rows that cannot be sent, by their number in a spreadsheet, with the account number where there is one. */
const bad = new Map<number, string>();

/** A CSV file as it comes out of French Excel after a year of use: Windows-1252, `;`, quoted line breaks, blank rows. */
function messyCsv(): Buffer {
  const lines = ["Réf;Nom;E-mail;CP;Ville;Rayon"];
  for (let i = 0; i < ROWS; i += 1) {
    const row = lines.length + 1;
    const cells = [
      `DLR-${i}`,
      `Garage n°${i} d'Été`,
      `p${i}@dealers.example`,
      i % 9 === 0 ? "01000" : "29200",
      "Brest",
      "30",
    ];
    if (i % 101 === 7) cells[2] = "pas d'adresse";
    else if (i % 103 === 8) cells[1] = "";
    else if (i % 107 === 9) cells[0] = "";
    else if (i % 109 === 10) cells[5] = "trente";
    else if (i % 113 === 11)
      cells[4] = "Brest; 2e étage"; // one cell too many
    else if (i % 127 === 12) cells[3] = "";
    else {
      if (i % 31 === 0) cells[1] = `"Garage ""Le Pneu""\n${i}; annexe"`;
      if (i % 37 === 0) cells[4] = "  Brest  ";
      lines.push(cells.join(";"));
      if (i % 211 === 0) lines.push("");
      continue;
    }
    bad.set(row, cells[0] === "" || cells[4]?.includes(";") ? "" : (cells[0] as string));
    lines.push(cells.join(";"));
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1");
}

const CONFIG = `import { csvSource, defineConfig, env } from "oplead-sdk/config";
export default defineConfig({
  client: { token: env("OPLEAD_TOKEN"), baseUrl: env("OPLEAD_BASE_URL"), rateLimit: { requests: 5000, perMs: 1000 } },
  source: csvSource("dealers.csv"),
  key: (row) => row["Réf"],
  map: (row) => ({
    user: {
      accountNumber: row["Réf"], civility: "M.", lastname: row.Nom, login: row["Réf"], email: row["E-mail"],
      profile: { code: "PRF_NETWORK" }, address: { zipCode: row.CP, city: row.Ville, country: { code: "FR" } },
    },
    rules: { maxDistance: Number(row.Rayon) },
  }),
});
`;

describe("a messy CSV file of 2,000 rows", () => {
  it("goes through plan, apply and plan: the second plan is empty, and every bad row is reported with reason and remedy", async () => {
    const { fake, env } = await openPlatform({ countries: realCountries() });
    const folder = await installedFolder({ "oplead.config.mjs": CONFIG, "dealers.csv": messyCsv() });
    const plan = await oplead(folder, ["plan", "--out", "plan.json", "--json"], { env });
    expect(plan.code).toBe(0);
    const { counts } = JSON.parse(plan.stdout);
    expect(counts.new).toBe(ROWS - bad.size);

    const applied = await oplead(folder, ["apply", "plan.json", "--report", "bad.csv"], { env });
    expect(applied.code).toBe(4);
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
    expect(second.code).toBe(0);
    expect(fake.requests.length).toBe(sent);
  });
});
