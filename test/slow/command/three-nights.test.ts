import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { realCountries } from "../../../src/testing/countries.ts";
import { openPlatform, oplead } from "../../support/command.ts";
import { MESSY_CONFIG, messyCsv } from "../../support/messy-csv.ts";
import { installedFolder } from "./project.ts";

const ROWS = 400;

// French Excel needs the byte order mark and `;`.
function frenchRows(file: string) {
  const bytes = readFileSync(file);
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const rows: Record<string, string>[] = parse(bytes, { columns: true, bom: true, delimiter: ";" });
  return new Map(rows.map((row) => [Number(row.ligne), row]));
}

it("three runs at night read a messy CSV file. The report of the first run suits French Excel, the second run stops at a proxy that answers with HTML, and the third run sends the users that remain. A run with the ledger of another platform fails before them", async () => {
  const staging = await openPlatform({ countries: realCountries() });
  const production = await openPlatform({ countries: realCountries() });
  const { bytes, bad } = messyCsv(ROWS);
  const folder = await installedFolder({ "oplead.config.mjs": MESSY_CONFIG, "dealers.csv": bytes });
  const night = async (env: Record<string, string>, ...more: string[]) => {
    const ended = await oplead(folder, ["sync", "--json", "--report", "hr.csv", "--language", "fr", ...more], { env });
    return { ...ended, report: JSON.parse(ended.stdout) };
  };
  const heldUsers = async () => {
    const { stdout } = await oplead(folder, "ledger list --held --json", { env: production.env });
    return JSON.parse(stdout).map(({ accountNumber }: { accountNumber: string }) => accountNumber);
  };

  const approved = async (env: Record<string, string>) => {
    const refused = await night(env);
    expect(refused.code).toBe(3);
    return night(env, "--approve", refused.report.error.hash);
  };
  expect((await approved(staging.env)).code).toBe(5);
  const mistaken = await night(production.env);
  expect(mistaken.code).toBe(1);
  expect(mistaken.report.error).toMatchObject({ code: "ledger_mismatch" });
  expect(production.fake.requests).toEqual([]);
  await rm(join(folder, "oplead-ledger"), { recursive: true });

  const isRefused = ({ body }: { body: unknown }) => (body as { accountNumber?: string })?.accountNumber === "DLR-3";
  production.fake.fail({
    on: isRefused,
    as: { status: 422, body: { message: "=1+1 : adresse refusée" } },
    share: 1,
  });
  const first = await approved(production.env);
  expect(first.code).toBe(4);
  expect(production.fake.users).toHaveLength(ROWS - bad.size - 1);
  expect(production.fake.user("DLR-31")?.lastname).toBe('Garage "Le Pneu"\n31; annexe');
  expect(production.fake.user("DLR-1")?.lastname).toBe("Garage n°1 d'Été");
  expect(production.fake.user("DLR-37")?.address.city).toBe("Brest");
  const rows = frenchRows(join(folder, "hr.csv"));
  const refusedRow = [...rows].find(([, row]) => row["numéro de compte"] === "DLR-3")?.[0] as number;
  expect([...rows.keys()].sort((a, b) => a - b)).toEqual([...bad.keys(), refusedRow].sort((a, b) => a - b));
  for (const [row, { problème, motif, conseil, ...cells }] of rows) {
    expect(problème).toBe(row === refusedRow ? "refusé" : "non valide");
    expect(motif).toMatch(/\p{L}/u);
    expect(conseil).toMatch(/\p{L}/u);
    for (const cell of Object.values(cells)) expect(cell).not.toMatch(/^[=+@-]/);
  }
  expect(await heldUsers()).toEqual(["DLR-3"]);

  const changed = messyCsv(ROWS, (at) => at % 10 === 5);
  writeFileSync(join(folder, "dealers.csv"), changed.bytes);
  const before = production.fake.requests.length;
  const proxy = production.fake.fail({ as: { gateway: 400 }, share: 1 });
  const second = await night(production.env);
  proxy.remove();
  expect(second.code).toBe(1);
  expect(second.report).toMatchObject({ status: "stopped", stopReason: { code: "unexpected_response" } });
  expect(second.report.stopReason.message).toContain("such as a proxy");
  expect(production.fake.requests.length - before).toBeLessThan(30);
  expect(await heldUsers()).toEqual(["DLR-3"]);

  const third = await night(production.env);
  // Nobody gave up a login, so the refused user stays held.
  expect(third.code).toBe(5);
  const wanted = Array.from({ length: ROWS }, (_, at) => at).filter(
    // Every 31st user has another name and does not change.
    (at) => at % 10 === 5 && at % 31 !== 0 && production.fake.user(`DLR-${at}`),
  );
  expect(wanted.length).toBeGreaterThan(20);
  expect(third.report.counts).toMatchObject({ created: 0, updated: wanted.length, skipped: 0 });
  for (const at of wanted) expect(production.fake.user(`DLR-${at}`)?.lastname).toBe(`Garage n°${at} de l'Hôtel`);
  expect(production.fake.duplicates()).toEqual([]);
  expect([...frenchRows(join(folder, "hr.csv")).keys()]).toEqual([...rows.keys()]);
  expect(frenchRows(join(folder, "hr.csv")).get(refusedRow)).toMatchObject({ problème: "refusé" });
});
