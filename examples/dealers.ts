import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { UserInput } from "oplead-sdk";

interface Row {
  readonly accountNumber: string;
  readonly profile: string;
  readonly parentAccountNumber: string;
  readonly civility: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly login: string;
  readonly email: string;
  readonly phone: string;
  readonly company: string;
  readonly street: string;
  readonly zipCode: string;
  readonly city: string;
  readonly country: string;
}

/** Three hundred dealers with real communes and postcodes, as users of Oplead. Every column stays text. */
export function readDealers(): UserInput[] {
  const rows: Row[] = parse(readFileSync(new URL("dealers.csv", import.meta.url)), { columns: true, bom: true });
  return rows.map((row) => ({
    accountNumber: row.accountNumber,
    profile: { code: row.profile },
    parentUserIdentifier: row.parentAccountNumber || undefined,
    civility: row.civility,
    firstname: row.firstname,
    lastname: row.lastname,
    login: row.login,
    email: row.email,
    phone: row.phone,
    company: row.company,
    address: { street: row.street, zipCode: row.zipCode, city: row.city, country: { code: row.country } },
  }));
}
