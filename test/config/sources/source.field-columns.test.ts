import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { csvSource, joinSources } from "../../../src/config/index.ts";
import { memoryLedger, planSync, type SourceUser, type SyncSource } from "../../../src/sync/index.ts";
import { folderWith } from "../../support/folder.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const counties = [{ number: "01", label: "Ain", postCodeZips: ["01000", "01100"] }];
const on = eachTestItsWorld({ countries: [{ code: "FR", label: "France", counties }] });

type Row = Readonly<Record<string, string>>;

const HEADER = ["Matricule", "Nom", "Courriel", "Code postal", "CP agence", "Ville", "Pays", "Fonction", "Rayon"];
const ROWS = [
  ["A1", "Petit", "Ines@HR.example", "1000", "75001", "Bourg", "FR", "Vendeur", "30"],
  ["A2", "Roche", "paul@hr.example", "75011", "75001", "Paris", "FR", "Vendeur", "40"],
  ["A3", "", "broken", "", "75001", "", "FR", "Vendeur", "50"],
  ["A4", "Roux", "lea@hr.example", "01100", "75001", "Oyonnax", "FR", "Vendeuse", "60"],
];

function map(row: Row) {
  return {
    user: {
      accountNumber: `HR-${row.Matricule}`,
      civility: "M.",
      lastname: row.Nom ?? "",
      login: row.Courriel?.toLowerCase() ?? "",
      email: row.Courriel?.toLowerCase() ?? "",
      profile: { code: new Map([["Vendeur", "PRF_DEALER"]]).get(row.Fonction ?? "") ?? "PRF_OTHER" },
      address: { zipCode: row["Code postal"]?.padStart(5, "0") ?? "", city: row.Ville ?? "", country: { code: "FR" } },
    },
    rules: { maxDistance: Number(row.Rayon) },
  };
}

const csvOf = (rows: readonly string[][] = ROWS) => `${[HEADER, ...rows].map((row) => row.join(";")).join("\n")}\n`;

async function source(rows?: readonly string[][]) {
  const folder = await folderWith({ "rh.csv": csvOf(rows) });
  return csvSource(join(folder, "rh.csv"));
}

const planOf = <Record>(from: SyncSource<Record>, make: (row: Record) => SourceUser) =>
  planSync(on.world.connect(), { source: from, map: make, ledger: memoryLedger() });

function linesOf(csv: string, delimiter: string) {
  const rows: string[][] = parse(csv, { delimiter, bom: true, from: 2 });
  return rows.map((row) => `${row[4]} | ${row[5]?.replace(/[\u00a0\u202f]/g, " ")}`);
}

it("the CSV for HR names the source's columns in both languages, or the fields if none is certain", async () => {
  const plan = await planOf(await source(), map);
  expect(plan.columns).toEqual({
    lastname: "Nom",
    login: "Courriel",
    email: "Courriel",
    "address.zipCode": "Code postal",
    "address.city": "Ville",
    "rules.maxDistance": "Rayon",
  });
  const [english, french] = [await plan.render("csv"), await plan.render("csv", { language: "fr" })];
  for (const lines of [linesOf(english, ","), linesOf(french, ";")]) {
    const fields = lines.map((line) => line.split(" | ")[0]);
    expect(fields).toEqual(expect.arrayContaining(["Nom", "Courriel", "Code postal", "Ville"]));
    expect(lines).toContainEqual(expect.stringMatching(/^profile? \| /));
    const told = lines.map((line) => line.split(" | "));
    expect(told.every(([field = "?", reason]) => reason?.startsWith(field))).toBe(true);
    expect(lines.join()).not.toMatch(/lastname|email|address\./);
  }
});

it("the columns of fields are found for an asynchronous map and for joined sources, too", async () => {
  const joined = joinSources(await source(), { with: [{ code: "75001" }], on: ["CP agence", "code"], as: "agence" });
  const plan = await planSync(on.world.connect(), {
    source: joined,
    map: async (row) => map(row as unknown as Row),
    ledger: memoryLedger(),
  });
  expect(plan.columns).toMatchObject({ lastname: "Nom", "address.zipCode": "Code postal" });
});
