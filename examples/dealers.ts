import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { UserInput } from "oplead-sdk";

/** A dealer network with real communes and postcodes. */
export const dealersFile = new URL("dealers.csv", import.meta.url);

/** A line of the file. Every column stays text: postcodes and phone numbers begin with zeros. */
export interface DealerRow {
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

export function toDealer({
  profile,
  parentAccountNumber,
  street,
  zipCode,
  city,
  country,
  ...same
}: DealerRow): UserInput {
  return {
    ...same,
    profile: { code: profile },
    parentUserIdentifier: parentAccountNumber || undefined,
    address: { street, zipCode, city, country: { code: country } },
  };
}

/** All three hundred of the file. */
export function readDealers(): UserInput[] {
  const rows: DealerRow[] = parse(readFileSync(dealersFile), { columns: true, bom: true });
  return rows.map(toDealer);
}
