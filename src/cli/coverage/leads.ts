import { resolve } from "node:path";
import { csvSource, jsonSource } from "oplead-sdk/config";
import type { Lead } from "oplead-sdk/coverage";

/** Leads from a CSV or JSON file, with the fields of a lead as columns: country, zipCode, range, … */
export async function readLeads(file: string): Promise<Lead[]> {
  const path = resolve(file);
  const source = /\.csv$/i.test(path) ? csvSource(path) : jsonSource(path);
  const leads: Lead[] = [];
  for await (const row of source() as AsyncIterable<Record<string, unknown>>) {
    const given = Object.entries(row).filter(([, value]) => value !== "" && value !== null);
    // Columns that a lead does not have change nothing.
    leads.push({ country: "FR", ...Object.fromEntries(given) } as Lead);
  }
  return leads;
}
